"""Names and values become one line, and nothing that a stranger gives breaks out of its place."""

from __future__ import annotations

import pytest

from reconciler.codes.sentences import LONGEST, UnknownSentence, line, sentence
from reconciler.model.statement import Value, say, told

OWN = {"asks": "it asks {server:or no server} for {names:some 2}", "plain": "{x}"}
WRITTEN: tuple[tuple[str, Value, str], ...] = (
    ("{x}", "text", "text"),
    ("{x}", 3, "3"),
    ("{x}", ("a", "b"), "a, b"),
    ("{x:or nothing}", None, "nothing"),
    ("{x:or nothing}", "", "nothing"),
    ("{x:or nothing}", (), "nothing"),
    ("{x:or nothing}", 0, "0"),
    ("{x:and}", ("a",), "a"),
    ("{x:and}", ("a", "b", "c"), "a, b and c"),
    ("{x:some 2}", ("a", "b"), "a, b"),
    ("{x:some 2}", ("a", "b", "c", "d"), "a, b, and 2 more"),
    ("{x:count box boxes}", 1, "1 box"),
    ("{x:count box boxes}", 12, "12 boxes"),
    ("{x:span}", 86400 * 3, "3 days"),
    ("{x:away}", 3600, "1 hour left"),
    ("{x:away}", -3600 * 2, "2 hours ago"),
    ("{x:size}", 1 << 20, "1.0 MiB"),
)


@pytest.mark.parametrize(("template", "value", "text"), WRITTEN)
def test_a_value_is_written_as_its_place_says(template: str, value: Value, text: str) -> None:
    assert sentence(say("it", x=value), {"it": template}) == text


@pytest.mark.parametrize("hostile", ["{names}", "{0}", "%s", "{x.__class__}", "{{"])
def test_a_value_is_never_read_as_a_sentence(hostile: str) -> None:
    assert sentence(told(hostile), {}) == hostile
    assert sentence(say("plain", x=hostile), OWN) == hostile


@pytest.mark.parametrize(
    ("says", "values"),
    [
        ("unheard", {}),
        ("plain", {}),
        ("plain", {"x": None}),
        ("asks", {"server": "a", "names": "text for a list"}),
    ],
)
def test_a_statement_that_does_not_fit_its_sentence_is_an_error(says: str, values: dict[str, Value]) -> None:
    with pytest.raises(UnknownSentence):
        sentence(say(says, **values), OWN)


def test_all_that_is_said_is_one_printable_line_of_bounded_length() -> None:
    assert line((told("a\n  b\x1b[2J"), told(""), told("c")), {}) == "a b [2J; c"
    assert len(line((told("x" * 1000),), {})) == LONGEST
