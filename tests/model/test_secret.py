"""A secret is compared and written, and never shown."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import re
from pathlib import Path

import pytest

from reconciler.model.secret import MASK, Secret, redact

TEXT = "canary-9f2c"
PACKAGE = Path(__file__).parents[2] / "reconciler"


@pytest.mark.parametrize(
    "shown",
    [
        str(Secret(TEXT)),
        repr(Secret(TEXT)),
        f"{Secret(TEXT)}",
        f"{Secret(TEXT):>20}",
        f"{[Secret(TEXT)]}",
        "{}".format(Secret(TEXT)),  # noqa: UP032 - one more way of printing
    ],
)
def test_every_way_of_printing_gives_the_mask(shown: str) -> None:
    assert TEXT not in shown
    assert MASK in shown


def test_it_is_in_no_repr_of_what_holds_it() -> None:
    @dataclasses.dataclass
    class Holder:
        secret: Secret

    assert TEXT not in repr(Holder(Secret(TEXT)))
    assert TEXT not in str(dataclasses.asdict(Holder(Secret(TEXT))))


def test_it_cannot_be_pickled_or_dumped() -> None:
    with pytest.raises(TypeError, match="cannot be pickled") as refused:
        pickle.dumps(Secret(TEXT))
    assert TEXT not in str(refused.value)
    with pytest.raises(TypeError):
        json.dumps(Secret(TEXT))


def test_copies_are_the_same_secret() -> None:
    secret = Secret(TEXT)
    assert copy.copy(secret) is secret
    assert copy.deepcopy(secret) is secret


def test_it_compares_by_value_and_only_with_its_own_kind() -> None:
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret("other")
    assert Secret(TEXT) != TEXT
    assert hash(Secret(TEXT)) == hash(Secret(TEXT))
    assert not Secret("")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"denied for {TEXT}!", f"denied for {MASK}!"),
        ("two\nlines\r\n\tand\x1b[31m red", "two lines and [31m red"),
        ("x" * 500, "x" * 197 + "..."),
        ("x" * 195 + TEXT, "x" * 195 + "*" * 2 + "..."),
        ("", ""),
        (f"the page begins with: {TEXT[:8]}", f"the page begins with: {MASK}"),
        (f"ends like {TEXT[:3]}", f"ends like {TEXT[:3]}"),
    ],
)
def test_foreign_text_is_made_fit_for_a_report(text: str, shown: str) -> None:
    assert redact(text, Secret(TEXT), None, Secret("")) == shown


def test_a_secret_is_masked_as_python_and_json_quote_it_too() -> None:
    secret = "ca\\n'a\"ry-é"
    shown = redact(f"{[secret]} {json.dumps(secret)} {secret}", Secret(secret))
    assert shown == f"['{MASK}'] \"{MASK}\" {MASK}"


def test_nothing_reaches_around_the_one_way_out() -> None:
    """Who may go that way is an import contract; this finds who would not even import it."""
    users = {
        str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if re.search(r"\._value\b", path.read_text())
    }
    assert users == {"model/secret.py", "model/reveal.py"}
