"""`odoo.conf` is judged as the vendor's parser judges it, and what is wrong is said by line, without values."""

from __future__ import annotations

import io
from configparser import ConfigParser, RawConfigParser
from configparser import Error as ConfigParserError
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.box.store.ini import read
from reconciler.box.store.ini_lines import scan
from reconciler.model.observed import StoreFormat
from reconciler.model.repair import StoreKey
from tests.box.store.words import lines, words

INTERPOLATED, RAW = StoreFormat.INI_INTERPOLATED, StoreFormat.INI_RAW
BOTH = pytest.mark.parametrize("store_format", [INTERPOLATED, RAW])
RECORDED = Path(__file__).parents[2] / "recorded"
OPTIONS = "[options]\nserver_wide_modules = iot_drivers,web\n\n"
COMMON = {
    StoreKey.SERVER_URL: "https://db.example",
    StoreKey.DB_UUID: "11111111-2222-3333-4444-555555555555",
    StoreKey.ENTERPRISE_CODE: "M210101",
    StoreKey.SUBJECT: "*.111111112222.odoo-iot.com",
}
THOROUGH = settings(max_examples=200, derandomize=True, deadline=None)


def conf(section: str) -> bytes:
    return f"{OPTIONS}[iot.box]\n{section}".encode()


@pytest.mark.parametrize(
    ("folder", "store_format", "values"),
    [
        ("17.0-late", INTERPOLATED, {**COMMON, StoreKey.TOKEN: "tok123", StoreKey.DB_NAME: None}),
        ("19.0", RAW, {**COMMON, StoreKey.TOKEN: "1234567890", StoreKey.DB_NAME: "prod"}),
    ],
)
def test_a_recorded_file_is_read_without_complaint(
    folder: str, store_format: StoreFormat, values: dict[StoreKey, str | None]
) -> None:
    reading = read((RECORDED / folder / "odoo.conf").read_bytes(), store_format)
    assert reading.values == values
    assert (reading.malformed, reading.warnings, reading.empty) == ((), (), False)


MALFORMED = {
    "duplicate key": (conf("token = s3cret\ntoken = other\n"), "line 6: the key token is there already"),
    "duplicate by case": (conf("token = s3cret\nTOKEN = other\n"), "line 6: the key token is there already"),
    "duplicate section": (conf("token = s3cret\n[options]\n"), "line 6: this section is there already"),
    "duplicate key in another section": (b"[options]\na = s3cret\na = 1\n", "line 3: the key a is there already"),
    "line without =": (conf("token = x\ns3cret\n"), "line 6: it is not of the form key = value"),
    "line with nothing before =": (conf("= s3cret\n"), "line 5: it is not of the form key = value"),
    "key above any section": (b"token = s3cret\n[iot.box]\n", "line 1: there is no [section] above it"),
    "empty section name": (b"[options]\n[]\n", "line 2: it is not of the form"),
    "byte order mark": (b"\xef\xbb\xbf[options]\n", "line 1: it begins with a byte order mark"),
    "not UTF-8": (b"[options]\r\n# ok\r\ntoken = s3cret\xff\r\n", "line 3: it holds a byte that is not UTF-8"),
    "zeros, as after a power cut": (b"\0" * 512, "it holds 512 NUL bytes and nothing else, as after a power cut"),
    "zeros at the end": (conf("token = s3cret\n") + b"\n" + bytes(9), "line 7: it holds NUL bytes, as after a power"),
    "lines end with CR": (b"[options]\ra = 1\ra = s3cret\r", "line 3: the key a is there already"),
    "name that may be a value": (conf("s3cret=: 1\ns3cret = 2\n"), "line 6: this key is there already"),
}


@BOTH
@pytest.mark.parametrize(("content", "start"), MALFORMED.values(), ids=MALFORMED.keys())
def test_what_stops_the_vendor_is_malformed_by_line(content: bytes, start: str, store_format: StoreFormat) -> None:
    reading = read(content, store_format)
    assert words(*reading.malformed).startswith(start)
    assert "s3cret" not in words(*reading.malformed)
    assert set(reading.values.values()) == {None}


PERCENT = {
    "doubled": ("a%%b", "a%b", "a%%b"),
    "reference": ("%(db_name)s-1", "prod-1", "%(db_name)s-1"),
    "reference by another case": ("%(DB_Name)s", "prod", "%(DB_Name)s"),
    "lone": ("50%off", None, "50%off"),
    "at the end": ("50%", None, "50%"),
    "reference to nothing": ("%(nothing)s", None, "%(nothing)s"),
    "reference to itself": ("%(token)s", None, "%(token)s"),
}


@pytest.mark.parametrize(("written", "interpolated", "raw"), PERCENT.values(), ids=PERCENT.keys())
def test_percent_signs_mean_what_they_mean_on_that_branch(written: str, interpolated: str | None, raw: str) -> None:
    content = conf(f"db_name = prod\ntoken = {written}\n")
    assert read(content, INTERPOLATED).values[StoreKey.TOKEN] == interpolated
    assert read(content, RAW).values[StoreKey.TOKEN] == raw


@pytest.mark.parametrize(
    ("written", "reason"),
    [("s3cret%off", "a single %"), ("%(s3cret)s", "a key that is not there"), ("%(token)s", "to itself")],
)
def test_an_unreadable_key_is_named_and_leaves_the_others_alone(written: str, reason: str) -> None:
    reading = read(conf(f"token = {written}\ndb_uuid = 1111\n"), INTERPOLATED)
    (warning,) = lines(reading.warnings)
    assert warning.startswith("line 5: token ")
    assert reason in warning
    assert "manager thread dies" in warning
    assert "s3cret" not in warning
    assert reading.malformed == ()
    assert reading.values[StoreKey.DB_UUID] == "1111"


def test_a_single_percent_in_a_foreign_key_is_nobodys_business() -> None:
    assert read(conf("wifi_password = 50%off\n"), INTERPOLATED).warnings == ()


WARNINGS = {
    "no [options]": (b"[iot.box]\n", "there is no section [options]; Odoo then shows a database selector"),
    "no modules": (b"[options]\nlog_level = info\n", "server_wide_modules is missing"),
    "empty modules": (b"[options]\nserver_wide_modules =\n", "server_wide_modules is missing"),
    "indented key": (conf("token = x\n  db_uuid = s3cret\n"), "line 6: it is indented, so it is part of the key token"),
    "indented foreign line": (conf("token = x\n\n  s3cret\n"), "line 7: it is indented, so it is part of the key tok"),
    "indented section": (f"{OPTIONS}  [iot.box]\n".encode(), "line 4: it is indented, so it is part of the key serv"),
    "indented key of ours elsewhere": (f"{OPTIONS} token: s3cret".encode(), "line 4: it is indented, so it is part"),
    "comment behind a value": (conf("token = x ; s3cret\n"), "line 5: a comment or quotes behind token ="),
    "quotes": (conf('token = "s3cret"\n'), "line 5: a comment or quotes behind token ="),
}


@BOTH
@pytest.mark.parametrize(("content", "start"), WARNINGS.values(), ids=WARNINGS.keys())
def test_what_only_misleads_is_a_warning(content: bytes, start: str, store_format: StoreFormat) -> None:
    reading = read(content, store_format)
    (warning,) = lines(reading.warnings)
    assert warning.startswith(start)
    assert "s3cret" not in warning
    assert reading.malformed == ()


def test_an_indented_key_is_part_of_the_value_above() -> None:
    values = read(conf("token = x\n  db_uuid = 1111\n"), RAW).values
    assert values[StoreKey.TOKEN] == "x\ndb_uuid = 1111"
    assert values[StoreKey.DB_UUID] is None


def test_a_list_that_goes_over_lines_in_options_is_fine() -> None:
    content = b"[options]\naddons_path = /a,\n    /b\nserver_wide_modules = web\n"
    assert read(content, RAW).warnings == ()


@BOTH
@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\t"])
def test_an_empty_file_is_marked_so_that_it_is_read_again(content: bytes, store_format: StoreFormat) -> None:
    reading = read(content, store_format)
    assert reading.empty
    assert (reading.malformed, reading.warnings) == ((), ())


@BOTH
@pytest.mark.parametrize("section", ["", "token =\n", "token = \ndb_uuid=\n"])
def test_a_key_that_is_absent_or_empty_is_none(section: str, store_format: StoreFormat) -> None:
    assert set(read(conf(section), store_format).values.values()) == {None}


def test_a_missing_section_is_a_box_without_values() -> None:
    reading = read(OPTIONS.encode(), RAW)
    assert set(reading.values.values()) == {None}
    assert (reading.malformed, reading.warnings, reading.empty) == ((), (), False)


def test_defaults_show_through_as_they_do_for_the_vendor() -> None:
    reading = read(b"[DEFAULT]\nserver_wide_modules = web\ntoken = x%y\n[options]\n[iot.box]\n", INTERPOLATED)
    assert reading.values[StoreKey.TOKEN] is None
    assert [warning[:14] for warning in lines(reading.warnings)] == ["line 3: token "]


def test_a_format_that_is_not_ini_is_refused() -> None:
    with pytest.raises(ValueError, match="not an INI format"):
        read(b"", StoreFormat.FLAT)


@BOTH
@THOROUGH
@given(content=st.binary() | st.text().map(str.encode))
def test_reading_never_raises(content: bytes, store_format: StoreFormat) -> None:
    read(content, store_format)


NAMED_FRAGMENTS = ["[a]", "[b]", "[DEFAULT]", "[iot.box]", "[]", "k", "K", "token", "v", "%", "%(k)s", "\ufeff", "\0"]
BREAKS_AND_SPACES = ["\n", "\n", "\n", "\r\n", "\r", " ", "\t", "\x0b", "\x85", "\u2028"]
FRAGMENTS = st.sampled_from([*NAMED_FRAGMENTS, *BREAKS_AND_SPACES, "[", "]", "=", ":", " = ", "#", ";"])


@BOTH
@THOROUGH
@example(text="[a]\nk=v\n \n  v\n#\n   v\n")
@given(text=st.lists(FRAGMENTS, max_size=24).map("".join))
def test_the_scanner_agrees_with_the_vendors_parser(text: str, store_format: StoreFormat) -> None:
    parser = ConfigParser() if store_format is INTERPOLATED else RawConfigParser()
    try:
        parser.read_file(io.StringIO(text, newline=None))
        accepted = True
    except ConfigParserError:
        accepted = False
    assert (scan(text).problem is None) == accepted
    assert "".join(line.text + line.ending for line in scan(text).lines) == text
