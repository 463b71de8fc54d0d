"""nginx that serves another certificate file than the box's is a person's doing: named with its line, left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.services.nginx_config import served_instead
from reconciler.codes import CodeName as C
from reconciler.machine.deadline import Deadline
from reconciler.machine.system import Completed

from ...support import runs
from ...support.runs import Fleet
from ..table_faults import OWN, OWN_KEY, SERVER, edit, issued, put, shops_files, shops_own

KINDS: tuple[LayoutKind, ...] = ("ro_flat", "rw_ini")


def named_in_place(fleet: Fleet) -> None:
    """Name it in the image's own file."""
    shops_files(fleet)
    path = fleet.box.odoo.image.nginx_file
    edit(path, lambda text: text.replace(CERTIFICATE.encode(), OWN.encode()).replace(KEY.encode(), OWN_KEY.encode()))(
        fleet
    )
    fleet.box.nginx.restart()


EDITS: dict[str, tuple[Callable[[Fleet], None], str]] = {
    "in the image's file": (named_in_place, "line 5)"),
    "a server beside it": (shops_own, f"nginx serves {OWN} (/etc/nginx/conf.d/kitchen.conf, line 4)"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", EDITS)
def test_it_is_named_with_its_line_and_nothing_is_promised(how: str, kind: LayoutKind) -> None:
    spoil, evidence = EDITS[how]
    fleet = runs.managed(kind)
    spoil(fleet)
    for look in (runs.check, runs.reconcile):
        result = look(fleet.box)
        assert runs.codes(result) == [C.NGINX_OTHER_CERTIFICATE]
        assert evidence in result.after[0].evidence
        assert not result.after[0].repairable
        assert not result.plan
        assert not result.changed


@pytest.mark.parametrize("how", EDITS)
def test_a_certificate_that_nobody_would_see_is_not_fetched(how: str) -> None:
    fleet = runs.managed("rw_ini")
    EDITS[how][0](fleet)
    issued(3, 80)(fleet)
    asked = fleet.authority.count
    assert {*runs.codes(runs.reconcile(fleet.box))} == {C.NGINX_OTHER_CERTIFICATE, C.RENEWAL_OVERDUE}
    assert fleet.authority.count == asked


def test_a_server_on_another_port_is_nobodys_business() -> None:
    fleet = runs.managed("rw_ini")
    shops_files(fleet)
    put("/etc/nginx/conf.d/kitchen.conf", SERVER.replace(b"443", b"8443"))(fleet)
    fleet.box.nginx.restart()
    assert runs.codes(runs.check(fleet.box)) == []
    issued(90)(fleet)
    fleet.box.nginx.restart()
    assert runs.codes(runs.check(fleet.box)) == []


def test_a_reload_that_nobody_did_is_still_a_reload() -> None:
    fleet = runs.managed("rw_ini")
    shops_files(fleet)
    put("/etc/nginx/conf.d/kitchen.conf", SERVER.replace(b"443", b"8443"))(fleet)
    other = runs.renewed(fleet)
    put(CERTIFICATE, other.certificate_pem.encode())(fleet)
    put(KEY, other.private_key_pem.encode())(fleet)
    assert runs.codes(runs.check(fleet.box)) == [C.NOT_SERVED]
    assert runs.codes(runs.reconcile(fleet.box)) == []


OURS = f"ssl_certificate {CERTIFICATE};"
DUMPS = {
    "ours alone": (OURS, []),
    "another alone": ("ssl_certificate /etc/other.crt;", [("/etc/other.crt", 2)]),
    "in quotes": ('ssl_certificate "/etc/my own.crt";', [("/etc/my own.crt", 2)]),
    "relative": ("ssl_certificate ssl/own.crt;", [("/etc/nginx/ssl/own.crt", 2)]),
    "on the next line": ("ssl_certificate\n    /etc/other.crt;", [("/etc/other.crt", 3)]),
    "two on a line": ("ssl_certificate /a.crt; ssl_certificate_key /a.key;", [("/a.crt", 2)]),
    "commented out": ("# ssl_certificate /etc/other.crt;\n" + OURS, []),
    "commented out behind": (f"listen 443; # ssl_certificate /etc/other.crt;\n{OURS}", []),
    "ours beside one that is not served": (OURS + "\nssl_certificate /etc/other.crt;", []),
    "only the key": ("ssl_certificate_key /etc/other.key;", []),
    "more than is kept": ("ssl_certificate /etc/other.crt;\n" + "#" * (64 << 10), []),
    "nothing": ("", []),
}


@pytest.mark.parametrize("title", DUMPS)
def test_a_configuration_is_read_as_nginx_shows_it(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, named = DUMPS[title]
    box = runs.managed("rw_ini").box
    dump = f"# configuration file /etc/nginx/nginx.conf:\nhttp {{\n{text}\n}}\n"[: 64 << 10]
    monkeypatch.setattr(type(box), "run", lambda *_: Completed(0, dump, ""))
    found = served_instead(box, Deadline.after(box, 60), "00" * 32)
    assert [(each.path, each.line) for each in found] == named
    assert all(each.file == "/etc/nginx/nginx.conf" for each in found)
