"""An edit of `odoo.conf` changes what was asked for and not one other byte."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from configparser import ConfigParser, RawConfigParser
from configparser import Error as ConfigParserError
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iotbox_simulator.vendor_facts.options import OPTIONS
from reconciler.box.store.ini import NAMES, read
from reconciler.box.store.ini_edit import _verify, edit
from reconciler.box.store.values import StoreProblem
from reconciler.model.observed import StoreFormat
from reconciler.model.repair import StoreKey

INTERPOLATED, RAW = StoreFormat.INI_INTERPOLATED, StoreFormat.INI_RAW
BOTH = pytest.mark.parametrize("store_format", [INTERPOLATED, RAW])
RECORDED = Path(__file__).parents[2] / "recorded"
THOROUGH = settings(max_examples=100, derandomize=True, deadline=None)
Changes = Mapping[StoreKey, str | None]

EDITS: dict[str, tuple[str, Changes, str]] = {
    "replace": (
        "[options]\na = 1\n\n[iot.box]\n# mine\ntoken = old\ndb_uuid = 1\n\n",
        {StoreKey.TOKEN: "new"},
        "[options]\na = 1\n\n[iot.box]\n# mine\ntoken = new\ndb_uuid = 1\n\n",
    ),
    "replace what is written another way": (
        "[iot.box]\nToken:old\n",
        {StoreKey.TOKEN: "new"},
        "[iot.box]\ntoken = new\n",
    ),
    "same value stays as it is written": ("[iot.box]\nToken:old\n", {StoreKey.TOKEN: "old"}, "[iot.box]\nToken:old\n"),
    "replace with its continuation lines": (
        "[iot.box]\ntoken = a\n  b\n\n# kept\n  c\ndb_uuid = 1\n",
        {StoreKey.TOKEN: "new"},
        "[iot.box]\ntoken = new\n\n# kept\ndb_uuid = 1\n",
    ),
    "replace keeps an indent that others hang on": (
        "[iot.box]\n  token = a\n  db_uuid = 1\n",
        {StoreKey.TOKEN: "new"},
        "[iot.box]\n  token = new\n  db_uuid = 1\n",
    ),
    "replace in the last line without a line break": (
        "[iot.box]\ntoken = a",
        {StoreKey.TOKEN: "b"},
        "[iot.box]\ntoken = b",
    ),
    "remove": ("[iot.box]\ntoken = a\n b\ndb_uuid = 1\n", {StoreKey.TOKEN: None}, "[iot.box]\ndb_uuid = 1\n"),
    "remove what is not there": ("[options]\na = 1\n", {StoreKey.TOKEN: None}, "[options]\na = 1\n"),
    "no change at all": ("[iot.box]\ntoken = a\n", {}, "[iot.box]\ntoken = a\n"),
    "add before the blank lines that end the section": (
        "[iot.box]\ntoken = a\n\n# of other\n[other]\nb = 2\n",
        {StoreKey.DB_NAME: "prod", StoreKey.SUBJECT: "*.x"},
        "[iot.box]\ntoken = a\ndb_name = prod\nsubject = *.x\n\n# of other\n[other]\nb = 2\n",
    ),
    "add after a value of several lines": (
        "[iot.box]\nx = a\n  b\n",
        {StoreKey.TOKEN: "t"},
        "[iot.box]\nx = a\n  b\ntoken = t\n",
    ),
    "add below an indented key": ("[iot.box]\n  x = a\n", {StoreKey.TOKEN: "t"}, "[iot.box]\n  x = a\n  token = t\n"),
    "add to an empty section above an indented one": (
        "[iot.box]\n  [other]\n  x = 1\n",
        {StoreKey.TOKEN: "t"},
        "[iot.box]\n  token = t\n  [other]\n  x = 1\n",
    ),
    "add with CRLF": ("[iot.box]\r\nx = 1\r\n", {StoreKey.TOKEN: "t"}, "[iot.box]\r\nx = 1\r\ntoken = t\r\n"),
    "add at an end without a line break": (
        "[iot.box]\r\nx = 1",
        {StoreKey.TOKEN: "t"},
        "[iot.box]\r\nx = 1\r\ntoken = t",
    ),
    "add the section": (
        "[options]\na = 1\n",
        {StoreKey.TOKEN: "t", StoreKey.DB_UUID: "1"},
        "[options]\na = 1\n\n[iot.box]\ntoken = t\ndb_uuid = 1\n",
    ),
    "add the section after a blank line": (
        "[options]\n\n",
        {StoreKey.TOKEN: "t"},
        "[options]\n\n[iot.box]\ntoken = t\n",
    ),
    "add the section at an end without a line break": (
        "[options]\na = 1",
        {StoreKey.TOKEN: "t"},
        "[options]\na = 1\n\n[iot.box]\ntoken = t",
    ),
    "server URL has a name of its own": (
        "[iot.box]\n",
        {StoreKey.SERVER_URL: "https://a"},
        "[iot.box]\nremote_server = https://a\n",
    ),
    "same name in another section stays": (
        "[other]\ntoken = theirs\n[iot.box]\ntoken = a\n",
        {StoreKey.TOKEN: "b"},
        "[other]\ntoken = theirs\n[iot.box]\ntoken = b\n",
    ),
}


@BOTH
@pytest.mark.parametrize(("before", "changes", "after"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_touches_only_its_lines(before: str, changes: Changes, after: str, store_format: StoreFormat) -> None:
    assert edit(before.encode(), store_format, changes).decode() == after


@pytest.mark.parametrize(("folder", "store_format"), [("17.0-late", INTERPOLATED), ("19.0", RAW)])
def test_a_recorded_file_differs_in_the_changed_lines_alone(folder: str, store_format: StoreFormat) -> None:
    before = (RECORDED / folder / "odoo.conf").read_bytes()
    after = edit(before, store_format, {StoreKey.DB_UUID: "9999", StoreKey.SUBJECT: "*.new.odoo-iot.com"})
    removed = set(before.splitlines()) - set(after.splitlines())
    added = set(after.splitlines()) - set(before.splitlines())
    assert removed == {b"db_uuid = 11111111-2222-3333-4444-555555555555", b"subject = *.111111112222.odoo-iot.com"}
    assert added == {b"db_uuid = 9999", b"subject = *.new.odoo-iot.com"}
    assert len(after.splitlines()) == len(before.splitlines())


@pytest.mark.parametrize(("store_format", "line"), [(INTERPOLATED, b"token = 50%%off"), (RAW, b"token = 50%off")])
def test_a_percent_sign_is_doubled_where_it_must_be(store_format: StoreFormat, line: bytes) -> None:
    edited = edit(b"[iot.box]\n", store_format, {StoreKey.TOKEN: "50%off"})
    assert edited.splitlines()[1] == line
    assert read(edited, store_format).values[StoreKey.TOKEN] == "50%off"


@pytest.mark.parametrize(("value", "line"), [("fine", [b"token = fine"]), (None, [])])
def test_a_key_that_the_vendor_cannot_read_can_be_mended(value: str | None, line: list[bytes]) -> None:
    assert edit(b"[iot.box]\ntoken = 50%off\n", INTERPOLATED, {StoreKey.TOKEN: value}).splitlines()[1:] == line


def test_another_key_that_the_vendor_cannot_read_stays() -> None:
    content = b"[iot.box]\ntoken = 50%off\n"
    assert edit(content, INTERPOLATED, {StoreKey.DB_UUID: "1"}) == content + b"db_uuid = 1\n"


REFUSED: dict[str, tuple[bytes, Changes, str]] = {
    "empty file": (b"", {StoreKey.TOKEN: "t"}, "may be saving it"),
    "blank file": (b"\n\n", {StoreKey.TOKEN: "t"}, "may be saving it"),
    "malformed file": (b"[iot.box]\ntoken = s3cret\ntoken = s3cret\n", {StoreKey.TOKEN: "t"}, "^line 3: "),
    "malformed far from our section": (b"[a]\nx\n[iot.box]\n", {StoreKey.TOKEN: "t"}, "^line 2: "),
    "malformed without a change": (b"[a]\nx\n", {}, "^line 2: "),
    "byte that is not UTF-8": (b"[iot.box]\nx = \xff\n", {StoreKey.TOKEN: "t"}, "^line 2: "),
    "newline in a value": (b"[iot.box]\n", {StoreKey.TOKEN: "s3cret\n[options]"}, "^token holds a line break"),
    "control character": (b"[iot.box]\n", {StoreKey.TOKEN: "s3cret\x00"}, "^token holds a line break"),
    "lone surrogate": (b"[iot.box]\n", {StoreKey.TOKEN: "s3cret\ud800"}, "^token holds a line break"),
    "space before": (b"[iot.box]\n", {StoreKey.TOKEN: " s3cret"}, "^token has spaces"),
    "space behind": (b"[iot.box]\n", {StoreKey.SERVER_URL: "s3cret\u00a0"}, "^remote_server has spaces"),
    "empty value": (b"[iot.box]\n", {StoreKey.TOKEN: ""}, "^token is empty"),
    "default that would show through": (
        b"[DEFAULT]\ntoken = s3cret\n[iot.box]\ntoken = s3cret2\n",
        {StoreKey.TOKEN: None},
        r"^token is set in section \[DEFAULT\]",
    ),
    "default that a new section would bring in": (
        b"[DEFAULT]\ndb_uuid = s3cret\n[options]\n",
        {StoreKey.TOKEN: "t"},
        "^db_uuid depends on what changes",
    ),
}


@BOTH
@pytest.mark.parametrize(("content", "changes", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_an_edit_that_is_not_safe_is_refused(
    content: bytes, changes: Changes, reason: str, store_format: StoreFormat
) -> None:
    with pytest.raises(StoreProblem, match=reason) as caught:
        edit(content, store_format, changes)
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_value_that_is_built_from_a_changed_one_is_not_changed_by_the_way() -> None:
    content = b"[iot.box]\ntoken = a\nsubject = %(token)s\n"
    with pytest.raises(StoreProblem, match=r"^subject depends on what changes"):
        edit(content, INTERPOLATED, {StoreKey.TOKEN: "b"})
    assert (
        edit(content, INTERPOLATED, {StoreKey.TOKEN: "b", StoreKey.SUBJECT: "a"})
        == b"[iot.box]\ntoken = b\nsubject = a\n"
    )


WRONG_RESULTS = {
    "another key": "[options]\na = 2\n[iot.box]\nx = 1\ntoken = t\n",
    "a key of another program in our section": "[options]\na = 1\n[iot.box]\ntoken = t\n",
    "a section": "[options]\na = 1\n[iot.box]\nx = 1\ntoken = t\n[more]\n",
    "a default": "[DEFAULT]\nb = 1\n[options]\na = 1\n[iot.box]\nx = 1\ntoken = t\n",
}


@pytest.mark.parametrize("edited", WRONG_RESULTS.values(), ids=WRONG_RESULTS.keys())
def test_a_result_that_differs_in_anything_else_is_not_returned(edited: str) -> None:
    before = parsed("[options]\na = 1\n[iot.box]\nx = 1\n", RAW)
    with pytest.raises(StoreProblem, match="must not touch"):
        _verify(before, edited, RAW, {StoreKey.TOKEN: "t"})


def test_a_refusal_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="empty"):
        edit(b"", RAW, {})


def test_a_format_that_is_not_ini_is_refused() -> None:
    with pytest.raises(ValueError, match="not an INI format"):
        edit(b"[iot.box]\n", StoreFormat.FLAT, {})


INDENTS = st.sampled_from(["", "", "", " ", "  ", "\t", "\x0b"])
ENDINGS = st.sampled_from(["\n", "\n", "\r\n", "\r"])
OPTION_NAMES = st.sampled_from([*NAMES.values(), "Token", "x", "y", "server_wide_modules"])
VALUES = st.sampled_from(["", "v", "a b", "50%off", "%%", "%(x)s", "%(token)s", "; c", '"q"', "é", "[z]", "a = b"])
BODIES = st.one_of(
    st.sampled_from(["[options]", "[iot.box]", "[iot.box]", "[other]", "[DEFAULT]"]),
    st.builds("{}{}{}".format, OPTION_NAMES, st.sampled_from(["=", " = ", ":", " : "]), VALUES),
    st.sampled_from(["", "", "# comment", "; token = 1", "continued"]),
)
FILES = st.lists(st.tuples(INDENTS, BODIES, ENDINGS).map("".join), max_size=12).map("".join)
FULL_FILES = st.builds(
    "{}{}{}".format, st.sampled_from(["[options]\nx = 1\n", "[iot.box]\n"]), FILES, BODIES | st.just("")
)
NEW_VALUES = st.none() | st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.sampled_from("%()s;#=:[]\"'"), min_size=1
).filter(lambda value: value == value.strip())
CHANGES = st.dictionaries(st.sampled_from(StoreKey), NEW_VALUES, max_size=3)


TERMINATED_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")


def parsed(content: str, store_format: StoreFormat) -> RawConfigParser:
    parser = ConfigParser() if store_format is INTERPOLATED else RawConfigParser()
    parser.read_file(io.StringIO(content, newline=None))
    return parser


def without(parser: RawConfigParser, changes: Changes) -> dict[str, dict[str, str]]:
    """Everything as it is written, less the changed keys; a section that is not there is an empty one."""
    everything = {section: dict(parser.items(section, raw=True)) for section in parser.sections()}
    ours = everything.setdefault("iot.box", dict(parser.defaults()))
    for key in changes:
        ours.pop(NAMES[key], None)
    return {**everything, "DEFAULT": dict(parser.defaults())}


@BOTH
@THOROUGH
@given(before=FULL_FILES, changes=CHANGES)
def test_the_vendors_parser_sees_the_change_and_nothing_else(
    before: str, changes: Changes, store_format: StoreFormat
) -> None:
    try:
        old = parsed(before, store_format)
    except ConfigParserError:
        assume(False)
    # Defaults and references can make a change impossible; those cases have tests of their own.
    assume(not any(name in old.defaults() for name in NAMES.values()))
    assume(store_format is RAW or "%(token)s" not in before or StoreKey.TOKEN not in changes)
    new = parsed(edit(before.encode(), store_format, changes).decode(), store_format)
    assert {key: new.get("iot.box", NAMES[key], fallback=None) or None for key in changes} == changes
    assert without(new, changes) == without(old, changes)


@BOTH
@THOROUGH
@given(before=FULL_FILES, changes=CHANGES)
def test_every_foreign_line_is_kept_byte_for_byte(before: str, changes: Changes, store_format: StoreFormat) -> None:
    try:
        after = edit(before.encode(), store_format, changes).decode()
    except StoreProblem:
        assume(False)
    foreign = [line for line in TERMINATED_LINE.findall(before) if line.startswith(("#", ";", "["))]
    assert [line for line in TERMINATED_LINE.findall(after) if line in foreign][: len(foreign)] == foreign


@BOTH
@THOROUGH
@given(before=FULL_FILES, changes=CHANGES)
def test_an_edit_made_twice_is_an_edit_made_once(before: str, changes: Changes, store_format: StoreFormat) -> None:
    try:
        once = edit(before.encode(), store_format, changes)
    except StoreProblem:
        assume(False)
    assert edit(once, store_format, changes) == once


@BOTH
@THOROUGH
@given(content=st.binary(), changes=CHANGES)
def test_any_bytes_are_edited_or_refused_in_one_line(
    content: bytes, changes: Changes, store_format: StoreFormat
) -> None:
    try:
        refusal = ""
        edit(content, store_format, changes)
    except StoreProblem as problem:
        refusal = str(problem)
    assert "\n" not in refusal


@BOTH
def test_all_options_that_the_vendor_writes_are_kept(store_format: StoreFormat) -> None:
    options = "".join(f"{name} = {value}\n" for name, value in OPTIONS.items())
    before, after = (f"[options]\n{options}\n[iot.box]\nremote_server = {each}\n\n" for each in ("old", "new"))
    assert edit(before.encode(), store_format, {StoreKey.SERVER_URL: "new"}) == after.encode()
