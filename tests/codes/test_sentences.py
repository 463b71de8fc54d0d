"""Names and values become one line, and nothing that a stranger gives breaks out of its place."""

from __future__ import annotations

from string import Formatter

import pytest

from reconciler.codes import CATALOGUE
from reconciler.codes.writing.sentences import (
    COMMON,
    LONGEST,
    MOST,
    UnknownSentence,
    advice,
    bounded,
    generic,
    line,
    sentence,
)
from reconciler.model.statement import Value, say, told

OWN = {
    "asks": "it asks {server:or no server} for {names}",
    "plain": "{x}",
    "counted": "{x:more}",
    "called": "{x:word place}",
    "left": "{x:away}",
    "lasting": "{x:span}",
}
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
    ("{x:more}", 0, ""),
    ("{x:more}", 2, ", and 2 more"),
    ("{x:count box boxes}", 1, "1 box"),
    ("{x:count box boxes}", 12, "12 boxes"),
    ("{x:word place}", "mirror", "the SD card"),
    ("{x:word public_names}", None, ""),
    ("a{x:aside}", "b", "a (b)"),
    ("a{x:aside}", None, "a"),
    ("a{x:aside whose}", "public", "a (public DNS)"),
    ("{x:either}", ("a", "b"), "a or b"),
    ("{x:first 2}", ("a", "b", "c"), "a, b"),
    ("{x:first 4}", "abcdef", "abcd"),
    ("{x:most 4}", "abcd", "abcd"),
    ("{x:most 4}", "abcde", "abcd..."),
    ("{x:ahead}", 7200, "2 hours ahead of"),
    ("{x:ahead}", -7200, "2 hours behind"),
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
        ("counted", {"x": "text for a number"}),
        ("called", {"x": "unheard of"}),
        ("left", {"x": (1 << 63) - 1}),
        ("left", {"x": -1e15}),
        ("lasting", {"x": 1e15}),
    ],
)
def test_a_statement_that_does_not_fit_its_sentence_is_an_error(says: str, values: dict[str, Value]) -> None:
    with pytest.raises(UnknownSentence):
        sentence(say(says, **values), OWN)


def test_all_that_is_said_is_one_printable_line_of_bounded_length() -> None:
    assert line((told("a\n  b\x1b[2J"), told(""), told("c")), {}) == "a b [2J; c"
    assert len(line((told("x" * 1000),), {})) == LONGEST


def test_a_sentence_with_a_colon_leads_in_and_one_in_brackets_is_a_remark() -> None:
    own = {"got": "not asked, since {box} got:", "at": "(the run of {at})"}
    assert line((say("got", box="a"), told("no"), say("at", at="noon"), told("more")), own) == (
        "not asked, since a got: no (the run of noon); more"
    )
    assert line((told("it ends:"), told("(b)")), {}) == "it ends:; (b)"


def test_a_sentence_with_a_comma_goes_on_with_the_one_before() -> None:
    own = {"first": "nginx serves {x}", "next": ", {x}"}
    assert line((say("first", x="a"), say("next", x="b"), told(", c")), own) == "nginx serves a, b; , c"


def test_advice_takes_its_places_from_what_was_seen() -> None:
    template = "Type: {the_command}; then {then:and}."
    seen = (told("x"), say("shown", the_command="true {x}", then=("a", "b")))
    assert advice(template, seen) == "Type: true {x}; then a and b."
    assert generic(template) == "Type: THE COMMAND; then THEN."
    with pytest.raises(UnknownSentence, match="the_command"):
        advice(template, (told("x"),))


def test_what_a_technician_is_to_type_takes_values_only_where_no_box_can_say_the_code() -> None:
    for code in (each for each in CATALOGUE.values() if each.is_told_by_boxes):
        texts = (text for each in (None, *code.variants) for text in (code.remedy_of(each), code.in_a_play_of(each)))
        with_places = [text for text in texts if text and any(name for _, name, _, _ in Formatter().parse(text))]
        assert with_places == []


def test_texts_are_cut_where_no_reader_would_see_their_end() -> None:
    many = (say("asks", server="s" * 900, names=("n" * 900,) * 40), *(told("x" * 900) for _ in range(40)))
    kept = bounded(many)
    assert line(kept, OWN) == line(many, OWN)
    assert len(kept) < 3
    assert sum(len(str(each.values)) for each in kept) < 2 * LONGEST
    assert len(bounded(told(str(number)) for number in range(40))) == MOST


def test_reasons_within_reasons_are_cut_so_that_no_box_makes_us_follow_many() -> None:
    deep = told("the kernel's words")
    for _ in range(50):
        deep = say("at_path", path="/x", why=deep)
    (kept,) = bounded([deep])
    assert line((kept,), {}) == f"/x: /x: /x: /x: {COMMON['unreadable']}"


def test_a_reason_of_another_name_than_ours_is_not_worded() -> None:
    with pytest.raises(UnknownSentence):
        line((say("at_path", path="/x", why=say("run_this", command="rm")),), {})
