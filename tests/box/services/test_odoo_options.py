"""Options of Odoo and what really listens, as the box program reads them on a box."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.image import FLAT_OPTIONS, INI
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.services.odoo_options import parse as options_of
from reconciler.codes import CodeName
from reconciler.machine.listening import parse
from reconciler.model.observed import Odoo
from reconciler.results.result import Result

from ...support import runs
from ...support.runs import Fleet
from ..table_faults import edit

C = CodeName


def edited(kind: LayoutKind, line: bytes, *, path: str = INI) -> Fleet:
    """Return a box in sync in whose options somebody added a line, and which was then started again."""
    fleet = runs.managed(kind)
    edit(path, lambda text: text.replace(b"[options]\n", b"[options]\n" + line + b"\n"), "")(fleet)
    fleet.box.odoo.restart()
    fleet.box.clock.advance(30)
    return fleet


def seen(result: Result) -> Odoo:
    assert result.observed is not None
    return result.observed.odoo


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"http_port = 8070", [C.ODOO_OPTIONS]),
        (b"xmlrpc_port = 8070", [C.ODOO_OPTIONS]),
        (b"http_enable = False", [C.ODOO_OPTIONS]),
        (b"http_interface = 192.168.1.143", [C.ODOO_OPTIONS]),
        (b"http_interface = 127.0.0.1", [C.ODOO_OPTIONS]),
        (b"proxy_mode = True", [C.ODOO_OPTIONS]),
        (b"workers = 0", []),
    ],
)
def test_the_option_is_named_and_nothing_is_restarted(line: bytes, found: list[CodeName]) -> None:
    fleet = edited("ro_ini", line)
    starts = fleet.box.odoo.starts
    result = runs.reconcile(fleet.box)
    assert runs.codes(result) == found
    assert fleet.box.odoo.starts == starts


def test_a_box_without_its_modules_is_not_restarted_every_night() -> None:
    fleet = runs.managed("rw_ini")
    edit(INI, lambda text: text.replace(b"iot_drivers,web", b"web"), "")(fleet)
    fleet.box.odoo.restart()
    fleet.box.clock.advance(30)
    starts = fleet.box.odoo.starts
    assert runs.codes(runs.reconcile(fleet.box)) == [C.ODOO_OPTIONS]
    assert fleet.box.odoo.starts == starts


@pytest.mark.parametrize(
    ("kind", "line", "listens"),
    [("rw_ini", b"", ("0.0.0.0",)), ("ro_ini", b"http_interface = 127.0.0.1", ("127.0.0.1",))],
)
def test_what_listens_is_read_from_the_kernel(kind: LayoutKind, line: bytes, listens: tuple[str, ...]) -> None:
    result = runs.check(edited(kind, line).box)
    assert seen(result).listens == listens
    assert result.observed is not None
    assert result.observed.nginx.listens == ("0.0.0.0",)


def test_an_image_that_lacks_the_option_since_19_1_listens_for_nginx_only_and_is_well() -> None:
    fleet = runs.managed("rw_newest")
    edit(INI, lambda text: text.replace(b"http_interface = 0.0.0.0\n", b""), "")(fleet)
    fleet.box.odoo.restart()
    fleet.box.clock.advance(30)
    result = runs.check(fleet.box)
    assert runs.codes(result) == []
    assert (seen(result).listens, "http_interface" in seen(result).options) == (("127.0.0.1",), False)


def test_an_old_branch_is_read_where_its_process_says() -> None:
    options = seen(runs.check(runs.managed("ro_flat").box)).options
    assert options == {}  # a newer image starts it with /home/pi/odoo.conf, which is not there
    fleet = runs.managed("ro_flat")
    fleet.box.odoo.stop()
    fleet.box.clock.advance(30)
    assert fleet.box.host.read(FLAT_OPTIONS)
    assert "hw_drivers" in seen(runs.check(fleet.box)).options["server_wide_modules"]


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (b"", {}),
        (b"[iot.box]\nhttp_port = 1\n", {}),
        (b"[options]\nhttp_port = 1\nadmin_passwd = secret\n", {"http_port": "1"}),
        (b"[options]\nxmlrpc_interface = ::1\n", {"http_interface": "::1"}),
        (b"[options]\nHTTP_PORT : 2 \n", {"http_port": "2"}),
        (b"[options]\nproxy_mode = %(x)s\n", {"proxy_mode": "%(x)s"}),
        (b"[options]\nproxy_mode = " + b"x" * 300, {"proxy_mode": "x" * 200}),
        (b"[options]\nhttp_port = 1\nhttp_port = 2\n", {}),
        (b"\xff[options]\n", {}),
        (b"no section\n", {}),
    ],
)
def test_options_are_read_as_odoo_reads_them(content: bytes, options: dict[str, str]) -> None:
    assert options_of(content) == options


def test_the_kernels_table_is_read_and_only_what_listens_counts() -> None:
    head = b"  sl  local_address rem_address   st tx_queue rx_queue\n"
    table = (
        b"   0: 0100007F:1F85 00000000:0000 0A 00000000:00000000\n"
        b"   1: 8F01A8C0:01BB 00000000:0000 0A 00000000:00000000\n"
        b"   2: 0100007F:1F85 0100007F:D431 01 00000000:00000000\n"
    )
    six = b"   0: 00000000000000000000000001000000:1F85 00000000000000000000000000000000:0000 0A 0\n"
    assert list(parse(head + table)) == [("127.0.0.1", 8069), ("192.168.1.143", 443)]
    assert list(parse(head + six)) == [("::1", 8069)]
    assert list(parse(b"")) == []
    with pytest.raises(ValueError, match="hex"):
        list(parse(head + b"   0: junk:x 0 0A\n"))
