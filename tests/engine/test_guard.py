"""A stranger's finding says which box it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.codes import CodeName
from reconciler.engine.guard import Directory
from reconciler.model.desired import Desired, Request
from tests.support.observed import changed, healthy

from .world import NOW, left

DIRECTORY = Directory(
    serials={"1000abcd": "hue-till-1 (Butcher, Hue)"},
    servers={"https://butcher.example": "Butcher"},
    databases={"0123456789abcdef": "Baker"},
)
REQUEST = Request(desired=Desired(name="till"))


@pytest.mark.parametrize(
    ("code", "observed", "words"),
    [
        (CodeName.WRONG_BOX, {"identity.serial": "1000ABCD"}, "seen; that is hue-till-1 (Butcher, Hue)"),
        (CodeName.WRONG_BOX, {"identity.serial": "1000ffff"}, "seen; that is no box of this inventory"),
        (CodeName.WRONG_BOX, {"identity.serial": None}, "seen; that is no box of this inventory"),
        (CodeName.LINKED_ELSEWHERE, {"store.server_url": "https://Butcher.example/"}, "that server is of Butcher"),
        (CodeName.LINKED_ELSEWHERE, {"store.server_url": "x"}, "that server is of nobody in this inventory"),
        (CodeName.EXPIRED, {"identity.serial": "1000abcd"}, "seen"),
    ],
)
def test_finding_about_a_stranger_names_it(code: CodeName, observed: dict[str, object], words: str) -> None:
    result = replace(left(REQUEST, code), observed=changed(healthy(NOW), observed))
    assert DIRECTORY.explain(result)[0].evidence.endswith(words)


@pytest.mark.parametrize(
    ("digest", "words"), [("0123456789abcdef", "it is of Baker"), ("f" * 16, "it is of nobody in this inventory")]
)
def test_a_database_is_named_by_the_digest_that_the_box_tells(digest: str, words: str) -> None:
    told = f"the database UUID on the box (digest {digest}) is not its customer's"
    said = DIRECTORY.evidence(CodeName.LINKED_ELSEWHERE, told, serial=None, server_url="https://butcher.example")
    assert said == f"{told}; {words}"


def test_without_a_look_nothing_is_added() -> None:
    result = replace(left(REQUEST, CodeName.WRONG_BOX), observed=None)
    assert DIRECTORY.explain(result) == result.after
