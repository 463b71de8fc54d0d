"""A list is read whole: every delimiter and encoding of a spreadsheet, and all that is wrong with it at once."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from reconciler.box_list.boxes import ListedBox
from reconciler.box_list.flaw import BadList
from reconciler.box_list.reading import BoxList, read_list

HEADER = "customer,store,name,address,serial,connection,port"
ROW = "lotus,hue,hue-1,192.0.2.1,0001,ssh,2222"
BOX = ListedBox(
    line=2,
    customer="lotus",
    store="hue",
    name="hue-1",
    address="192.0.2.1",
    serial="0001",
    connection="ssh",
    port=2222,
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)


def read(raw: str | bytes, encoding: str | None = None) -> BoxList:
    """Read a list that holds this."""
    path = Path("boxes.csv")
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return read_list(path, encoding)


def refused(raw: str | bytes, encoding: str | None = None) -> list[str]:
    """Return what is said of a list that cannot be used."""
    with pytest.raises(BadList) as told:
        read(raw, encoding)
    return [line.removeprefix("boxes.csv") for line in str(told.value).splitlines()]


LATIN = f"{HEADER}\n{ROW}\n".replace("lotus", "caf\xe9").encode("latin-1")
TEXT = f"{HEADER}\r\n{ROW}\r\n"
FORMS = {
    "plain": TEXT.encode(),
    "ends of lines of Linux": TEXT.replace("\r\n", "\n").encode(),
    "without a last end of line": TEXT.strip().encode(),
    "with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "UTF-16 of a spreadsheet": codecs.BOM_UTF16_LE + TEXT.replace(",", "\t").encode("utf-16-le"),
    "UTF-16, the other way round": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "semicolons": TEXT.replace(",", ";").encode(),
    "tabs": TEXT.replace(",", "\t").encode(),
    "quoted": TEXT.replace("hue-1", '"hue-1"').replace("customer", '"customer"').encode(),
    "trailing empty cells": TEXT.replace("\r\n", ",,,\r\n").encode(),
    "empty rows at the end": (TEXT + ",,,,,,\r\n\r\n").encode(),
}


@pytest.mark.parametrize("raw", FORMS.values(), ids=FORMS)
def test_every_form_is_read_alike(raw: bytes) -> None:
    assert read(raw).boxes == (BOX,)


def test_what_a_spreadsheet_says_separates_cells() -> None:
    (box,) = read(f"sep=;\n{HEADER}\n{ROW}\n".replace(",", ";")).boxes
    assert (box.name, box.line) == ("hue-1", 3)


@pytest.mark.parametrize(
    "header",
    [
        "Customer,Store,Name,Address,Serial,Connection,Port",
        " CUSTOMER , STORE ,box,IP,Serial Number,connection,port",
        "client,shop,Hostname,ip-address,SERIAL_NUMBER,connection,port",
        "client,site,host,ansible_host,serial,connection,port",
    ],
)
def test_case_and_other_names_of_columns_count_the_same(header: str) -> None:
    assert read(f"{header}\n{ROW}\n").boxes == (BOX,)


def test_any_order_and_what_is_left_out() -> None:
    (box,) = read('address,name,notes,customer\n2001:db8::1,hue-1,"a, b\nc",lotus\n').boxes
    assert (box.address, box.store, box.port) == ("2001:db8::1", None, None)
    assert box.variables == {"ansible_host": "2001:db8::1", "iot_https_customer": "lotus"}


def test_the_port_of_a_homepage_is_no_port_of_ssh() -> None:
    (box,) = read(f"{HEADER}\nlotus,,a,192.0.2.1,,Homepage,8070\n").boxes
    assert (box.variables["iot_https_connection"], box.variables["iot_https_homepage_port"]) == ("homepage", 8070)
    assert "ansible_port" not in box.variables


def test_a_column_of_no_use_is_named() -> None:
    assert read(f"{HEADER},Phone,\n{ROW},1,2\n").ignored == ("Phone",)


def test_lines_are_those_of_the_file() -> None:
    text = f'{HEADER},notes\n{ROW},"two\nlines"\n\nlotus,hue,hue 2,192.0.2.2,,,\n'
    (line,) = refused(text)
    assert line.startswith(":5: name 'hue 2' cannot be used")


ROWS = {
    "a template": ("lotus,hue,{{ x }},192.0.2.1", "name holds a template, which no list does: correct it"),
    "a template of a serial number": (
        "lotus,hue,a,192.0.2.1,{{lookup('pipe')}}",
        "serial holds a template, which no list does: correct it",
    ),
    "a path": (
        "lotus,hue,../x,192.0.2.1",
        "name '../x' cannot be used: the box's name begins with .: begin it with a letter or digit",
    ),
    "a path as a customer": ("../x,hue,a,192.0.2.1", "customer begins with .: begin it with a letter or digit"),
    "a formula": (
        'lotus,"=HYPERLINK(""http://x"")",a,192.0.2.1',
        "store begins with =, which a spreadsheet takes for a formula: correct it",
    ),
    "a formula of another kind": (
        "@SUM(A1),hue,a,192.0.2.1",
        "customer begins with @, which a spreadsheet takes for a formula: correct it",
    ),
    "an option of ssh": (
        "lotus,hue,a,-oProxyCommand=x",
        "address begins with -, which a spreadsheet takes for a formula: correct it",
    ),
    "a command": ("lotus,hue,a,$(x)", "address '$(x)' is not an address or a name of a host: correct it"),
    "no address": (
        "lotus,hue,a,192.0.2.300",
        "address 192.0.2.300 is no IPv4 address, which is four numbers up to 255: correct it",
    ),
    "a number": ("lotus,hue,a,1922", "address 1922 is no IP address: correct it"),
    "an address of nobody": ("lotus,hue,a,0.0.0.0", "address 0.0.0.0 is not the address of a box: correct it"),
    "an empty cell": ("lotus,hue,a,", "address is empty: fill it in"),
    "a row cut short": ("lotus,hue,a", "address is empty: fill it in"),
    "a cell too many": (f"{ROW},x", "has 8 cells, the header has 7: quote a cell"),
    "no port": ("lotus,hue,a,192.0.2.1,,,70000", "port 70000 is no port: write a number from 1 to 65535"),
    "the control machine": (
        "lotus,hue,a,192.0.2.1,,local",
        "connection local is the control machine, which no list names: leave it empty",
    ),
    **{
        f"the control machine as {address}": (
            f"lotus,hue,a,{address}",
            f"address {address} is the control machine, which no list names: correct it",
        )
        for address in (
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "localhost",
            "a.localhost.",
            "ip6-loopback",
        )
    },
    "a number that is an address": ("lotus,hue,a,0x7f000001", "address 0x7f000001 is no IP address: correct it"),
    **{
        f"the name {name}": (f"lotus,hue,{name},192.0.2.1", f"name {name} is a word of Ansible: rename the box")
        for name in ("localhost", "127.0.0.1", "All", "ungrouped", "customer_atlas", "store_atlas__hanoi")
    },
    "no connection": ("lotus,hue,a,192.0.2.1,,shh", "connection is not one of"),
    "a control character": ("lotus,hue,a\x1b[2J,192.0.2.1", "name 'a\\x1b[2J' cannot be used: "),
    "a line break in a name": ('lotus,hue,"a\nb",192.0.2.1', "name 'a\\nb' cannot be used: "),
    "a quote that is never closed": (
        'lotus,hue,"a,192.0.2.1',
        "a quote is opened in this row and never closed: close it, or write it twice",
    ),
    "something behind a quote": (
        'lotus,hue,"a"b,192.0.2.1',
        "something stands behind a closing quote: write a quote within a cell twice",
    ),
}


@pytest.mark.parametrize(("row", "said"), ROWS.values(), ids=ROWS)
def test_a_row_that_cannot_be_used_is_told_with_its_line(row: str, said: str) -> None:
    (line,) = refused(f"{HEADER}\n{row}\n")
    assert line.startswith(f":2: {said}")
    assert line.isprintable()


PAIRS = {
    "one name": ("lotus,hue,a,192.0.2.2", "name a is that of line 2, too: correct one"),
    "one name but for its case": ("lotus,hue,A,192.0.2.2", "name A is that of line 2, too: correct one"),
    "one serial number": ("lotus,hue,b,192.0.2.2,0001", "serial 0001 is that of line 2, too: correct one"),
    "one machine": ("lotus,hue,b,192.0.2.1", "address 192.0.2.1 is that of line 2, too: correct one"),
    "customers that look alike": (
        "Lotus,hue,b,192.0.2.2",
        "customer Lotus and lotus of line 2 look alike or come to one group: write them the same way, or rename one",
    ),
    "a letter of another alphabet": (
        "l\u043etus,hue,b,192.0.2.2",
        "customer l\u043etus and lotus of line 2 look alike",
    ),
    "stores that come to one group": (
        "lotus,h_ue,b,192.0.2.2\nlotus,h-ue,c,192.0.2.3",
        "store h-ue and h_ue of line 3",
    ),
}


@pytest.mark.parametrize(("row", "said"), PAIRS.values(), ids=PAIRS)
def test_what_two_rows_must_not_both_have(row: str, said: str) -> None:
    (line,) = refused(f"{HEADER}\nlotus,hue,a,192.0.2.1,0001\n{row}\n")
    assert line.partition(": ")[2].startswith(said)


def test_one_address_with_two_ports_is_two_boxes() -> None:
    rows = "lotus,hue,a,192.0.2.1,,,2201\nlotus,hue,b,192.0.2.1,,,2202"
    assert len(read(f"{HEADER}\n{rows}\n").boxes) == 2


SETTING = "the column {} would set a variable, which no list does: remove it, and set it in the inventory"
HEADERS = {
    "one is missing": ("name,customer", ["the column address is missing, there are: name, customer"]),
    "two are missing": ("name,x", ["the columns customer and address are missing, there are: name, x"]),
    "one is there twice": ("name,box,customer,address", ["the column name is there twice: remove one, or rename it"]),
    "one is misspelled": (
        "name,customer,address,serail",
        ["the column serail is not known: did you mean serial?"],
    ),
    "a setting of Ansible": (
        "name,customer,address,ansible_ssh_common_args",
        [SETTING.format("ansible_ssh_common_args")],
    ),
    "a variable of ours": (
        "name,customer,address,iot_https_token",
        [SETTING.format("iot_https_token")],
    ),
}


@pytest.mark.parametrize(("header", "said"), HEADERS.values(), ids=HEADERS)
def test_a_header_that_cannot_be_used(header: str, said: list[str]) -> None:
    assert refused(f"{header}\n") == [f":1: {each}" for each in said]


def test_all_that_is_wrong_is_told_at_once() -> None:
    rows = ("lotus,hue,{{ x }},192.0.2.300,,,0", "lotus,hue,a,192.0.2.1", "lotus,hue,a,192.0.2.2", 'lotus,"hue,b,c')
    lines = refused(f"{HEADER},ansible_user\n" + "\n".join(rows) + "\n")
    assert [line.split(": ")[0] for line in lines] == [":1", ":2", ":2", ":2", ":4", ":5"]


FILES = {
    "Latin-1": (
        LATIN,
        ':2: is not UTF-8: save it as "CSV UTF-8", or tell its encoding, such as --encoding cp1252',
    ),
    "a spreadsheet": (b"PK\x03\x04\0\0", ': is a file of a spreadsheet, not CSV: save it as "CSV UTF-8"'),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1", ': is a file of a spreadsheet, not CSV: save it as "CSV UTF-8"'),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), ":1: holds a NUL, which no text does: "),
    "a NUL": (f"{HEADER}\nlotus,hue,a\0,192.0.2.1\n".encode(), ":2: holds a NUL, which no text does: "),
    "nothing": (b"", ": is empty: its first row names the columns"),
    "empty rows": (b"\n,,\n", ": is empty: its first row names the columns"),
    "a header alone": (HEADER.encode(), ": has a header and no boxes"),
    "half of a UTF-16": (codecs.BOM_UTF16_LE + b"a", ":1: is not UTF-8: "),
}


@pytest.mark.parametrize(("raw", "said"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_list_is_one_line(raw: bytes, said: str) -> None:
    (line,) = refused(raw)
    assert line.startswith(said)


def test_the_encoding_that_is_told_counts() -> None:
    raw = LATIN
    assert read(raw, "latin-1").boxes[0].customer == "caf\xe9"
    assert refused(raw, "utf-8") == [":2: is not utf-8: correct --encoding"]
    for unknown in ("hex", "no such"):
        assert "use utf-8, utf-16, cp1252 or latin-1" in refused(raw, unknown)[0]


@pytest.mark.parametrize(("path", "said"), [("nowhere.csv", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_one_line(path: str, said: str) -> None:
    with pytest.raises(BadList, match=f"{path}: {said}"):
        read_list(Path(path))


def test_a_file_that_is_far_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.box_list.decoding.MOST_BYTES", 10)
    assert refused(TEXT)[0].endswith("longer than 10 bytes: is this the right file?")


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.box_list.table.MOST_ROWS", 2)
    rows = "".join(f"lotus,hue,a{each},192.0.2.{each}\n" for each in range(1, 9))
    assert any("has more than 2 rows" in line for line in refused(f"{HEADER}\n{rows}"))
