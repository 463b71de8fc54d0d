"""The CSV of `inventory import`: a spreadsheet of whoever keeps it, in any encoding."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reconciler.box_list.flaw import BadList
from reconciler.box_list.reading import read_list
from reconciler.model.names import box_problem, host_problem, label_problem

from ..oracle import check_refusal

_HEADER = b"customer,store,name,address,serial,connection,port\n"


def seeds() -> list[bytes]:
    """Lists of a spreadsheet, and what is none."""
    return [
        _HEADER + b"lotus,hue,hue-1,192.0.2.1,0001,ssh,2222\n",
        b"sep=;\r\nName;Client;IP\r\nhue-1;lotus;2001:db8::1\r\n",
        b"\xff\xfe" + "customer\tname\taddress\r\nlotus\thue-1\t192.0.2.1\r\n".encode("utf-16-le"),
        b"\xef\xbb\xbf" + _HEADER + b'"a ""b""",c,d,192.0.2.1\n',
        _HEADER + b'=1+1,{{ x }},../x,$(x),"\n',
        _HEADER + b"lotus,hue,a\0,192.0.2.1\n",
        _HEADER + "Lotus,hue,a,192.0.2.1\nl\u043etus,hue,A,192.0.2.1\n".encode(),
        b"name,customer,address,ansible_user\n",
        b"PK\x03\x04",
        b"",
    ]


def one_input(data: bytes) -> None:
    """Boxes whose names are names, or a line for each mistake."""
    with tempfile.NamedTemporaryFile(prefix="fuzz-list-", suffix=".csv") as file:
        file.write(data)
        file.flush()
        try:
            listed = read_list(Path(file.name))
        except BadList as refused:
            assert str(refused)
            for line in str(refused).splitlines():
                check_refusal(line)
            return
    for box in listed.boxes:
        assert box_problem(box.name) is None
        assert host_problem(box.address) is None
        assert label_problem(box.customer) is None
        assert not any("{{" in str(value) for value in box.variables.values())
    assert len({box.name for box in listed.boxes}) == len(listed.boxes)
