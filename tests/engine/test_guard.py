"""A stranger's finding says which box it is; a box is told of other customers on its own server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.codes import CodeName
from reconciler.engine.guard import Directory, with_foreign_databases
from reconciler.model.desired import Desired, Request
from reconciler.model.digests import database_digest
from tests.support.observed import changed, healthy

from .world import NOW, left, target

DIRECTORY = Directory(serials={"1000abcd": "hue-till-1 (Butcher, Hue)"}, servers={"https://butcher.example": "Butcher"})
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


def test_without_a_look_nothing_is_added() -> None:
    result = replace(left(REQUEST, CodeName.WRONG_BOX), observed=None)
    assert DIRECTORY.explain(result) == result.after


def test_only_databases_of_others_on_the_same_server_are_foreign() -> None:
    one, other = "https://one.example", "https://other.example"
    boxes = with_foreign_databases(
        [
            target("mine", database="a", server_url=one),
            target("mine too", database="b", server_url=one),
            target("theirs", database="c", server_url=f"{one}/", customer="Butcher"),
            target("elsewhere", database="d", server_url=other, customer="Butcher"),
            target("nobody's", database=None, server_url=one),
        ]
    )
    assert boxes[2].desired.db_uuid is not None
    assert boxes[0].desired.foreign_databases == {database_digest(boxes[2].desired.db_uuid): "Butcher"}
    assert sorted(set(boxes[2].desired.foreign_databases.values())) == ["Bakery"]
    assert boxes[3].desired.foreign_databases == {}
