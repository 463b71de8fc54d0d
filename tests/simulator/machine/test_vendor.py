"""The vendor's own writes: in four steps, as its own user, in place, and undone only by chance."""

from __future__ import annotations

import signal

import pytest

from iotbox_simulator.boxes.arrange import link
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import AuthorityModel, Mode, subdomain_of
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, INI, KEY, LOG
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import Pair

from .conftest import MakeBox

KINDS: list[LayoutKind] = ["ro_flat", "ro_ini", "rw_ini", "rw_newest"]
FILES = (CERTIFICATE, BYPASS + CERTIFICATE, KEY, BYPASS + KEY)


def renewed(box: SimulatedBox, pair: Pair) -> list[bool]:
    """Say of each of the four files, in the vendor's order, whether it holds the pair."""
    wanted = (pair.certificate_pem, pair.certificate_pem, pair.private_key_pem, pair.private_key_pem)
    return [box.host.read(path).decode() == text for path, text in zip(FILES, wanted, strict=True)]


@pytest.mark.parametrize("kind", KINDS)
def test_renewal_writes_all_four_files_and_restarts_nginx(make_box: MakeBox, pair: Pair, kind: LayoutKind) -> None:
    box = make_box(kind)
    before = box.nginx.served
    box.vendor.renews(pair)
    assert all(renewed(box, pair))
    assert box.nginx.served not in (None, before)
    assert box.odoo.store.get("subject") == pair.subject
    assert box.storage.host.at("/").writable is not box.spec.image.read_only_root


@pytest.mark.parametrize("done", range(5))
def test_renewal_has_a_gap_after_each_file(make_box: MakeBox, pair: Pair, done: int) -> None:
    box = make_box("rw_ini")
    box.vendor.renews(pair, pause=1.0)
    box.sleep(0.5 + done + 1)
    assert renewed(box, pair) == [True] * done + [False] * (4 - done)


@pytest.mark.parametrize("path", FILES)
def test_one_file_of_root_stops_the_renewal_there(make_box: MakeBox, pair: Pair, path: str) -> None:
    box = make_box("rw_ini")
    box.host.set_owner(path, 0, 0)
    box.vendor.renews(pair)
    place = FILES.index(path)
    assert renewed(box, pair) == [True] * place + [False] * (4 - place)
    assert f"Permission denied: '{path}'".encode() in box.read_end(LOG, 4096)
    assert box.odoo.manager_dead


def test_closed_key_directory_leaves_a_mixed_pair(make_box: MakeBox, pair: Pair) -> None:
    box = make_box("ro_ini")
    box.host.set_mode("/etc/ssl/private", 0o700)
    box.vendor.renews(pair)
    assert renewed(box, pair) == [True, True, False, False]
    assert box.run(("nginx", "-t"), 5.0).status == 1
    assert not box.storage.host.at("/").writable  # it closes the disk on its way out


@pytest.mark.parametrize("kind", KINDS)
def test_renewal_writes_through_links(make_box: MakeBox, pair: Pair, kind: LayoutKind) -> None:
    box = make_box(kind)
    box.storage.make_writable()
    uid = box.spec.image.uid
    for tree in ("", BYPASS):
        box.host.make_directory(f"{tree}/etc/ssl/g", 0o755, 0, 0)
        for path in (CERTIFICATE, KEY):
            name = path.rpartition("/")[2]
            box.host.create(f"{tree}/etc/ssl/g/{name}", b"", 0o600, uid, uid)
            box.host.remove(tree + path)
            box.host.symlink(f"../g/{name}", tree + path)
    box.vendor.renews(pair)
    assert all(renewed(box, pair))
    assert box.host.read_link(CERTIFICATE) == "../g/nginx-cert.crt"


def test_renewal_ends_the_manager_when_nginx_does_not_come_back(box: SimulatedBox, pair: Pair) -> None:
    for _ in range(6):
        box.nginx.restart()
    box.vendor.renews(pair)
    assert all(renewed(box, pair))
    assert box.odoo.manager_dead
    assert not box.nginx.running


def test_held_vendor_goes_on_where_it_was(box: SimulatedBox, pair: Pair) -> None:
    box.vendor.renews(pair, pause=1.0)
    box.sleep(2.5)
    box.odoo.signal(signal.SIGSTOP)
    box.sleep(30)
    assert renewed(box, pair) == [True, False, False, False]
    box.odoo.signal(signal.SIGCONT)
    box.sleep(30)
    assert all(renewed(box, pair))


def test_held_vendor_does_not_begin(box: SimulatedBox, pair: Pair) -> None:
    box.odoo.signal(signal.SIGSTOP)
    box.vendor.renews(pair)
    box.vendor.saves("six_payment_terminal", "7")
    assert not any(renewed(box, pair))
    box.odoo.signal(signal.SIGCONT)
    assert all(renewed(box, pair))
    assert b"six_payment_terminal = 7" in box.read(INI)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_restart_cuts_a_renewal_short(box: SimulatedBox, pair: Pair, number: int) -> None:
    box.vendor.renews(pair, pause=1.0)
    box.sleep(2.5)
    box.odoo.signal(number)
    box.sleep(60)
    assert renewed(box, pair) == [True, False, False, False]


def test_renewal_can_be_lost_in_a_power_cut(box: SimulatedBox, pair: Pair) -> None:
    box.vendor.renews(pair)
    box.power_cut(lambda: False)
    assert not any(renewed(box, pair))


def test_renewal_asks_the_authority_for_its_database(box: SimulatedBox, authority: AuthorityModel) -> None:
    link(box, {"db_uuid": "u-1", "enterprise_code": "M1"})
    box.vendor.renews()
    assert authority.count == 1
    assert box.odoo.store.get("subject") == f"*.{subdomain_of('u-1')}.odoo-iot.com"
    assert renewed(box, authority.current[subdomain_of("u-1")]) == [True] * 4


REACH = b"An error occurred while trying to reach odoo.com"


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("refuse", b"Error received from odoo.com while trying to get the certificate: No IoT Box subscription"),
        ("error", b"Server error received from odoo.com while trying to get the certificate"),
        ("null", b"Exception in thread Thread-1"),
        ("garbage", REACH),
        ("unresolvable", REACH),
        ("timeout", REACH),
    ],
)
def test_renewal_without_an_answer_changes_nothing(
    box: SimulatedBox, authority: AuthorityModel, mode: Mode, line: bytes
) -> None:
    link(box, {"db_uuid": "u-1"})
    before = [box.read(path) for path in FILES]
    authority.mode = mode
    box.vendor.renews()
    assert [box.read(path) for path in FILES] == before
    assert line in box.read_end(LOG, 1 << 16)


def edit(box: SimulatedBox) -> None:
    box.storage.make_writable()
    box.host.write(INI, box.host.read(INI).replace(b"M-old", b"M-new"))


@pytest.mark.parametrize(("kind", "kept"), [("ro_ini", False), ("rw_ini", True), ("rw_newest", True)])
def test_first_save_brings_back_what_was_read_at_the_start(make_box: MakeBox, kind: LayoutKind, *, kept: bool) -> None:
    box = make_box(kind)
    link(box, {"enterprise_code": "M-old"})
    edit(box)
    box.vendor.saves()
    assert (b"M-new" in box.read(INI)) is kept


@pytest.mark.parametrize("kind", ["ro_ini", "rw_ini"])
def test_later_saves_keep_an_edit(make_box: MakeBox, kind: LayoutKind) -> None:
    box = make_box(kind)
    link(box, {"enterprise_code": "M-old"})
    box.vendor.saves()
    edit(box)
    box.vendor.saves()
    assert b"M-new" in box.read(INI)


def test_save_after_a_restart_keeps_an_edit(make_box: MakeBox) -> None:
    box = make_box("ro_ini")
    link(box, {"enterprise_code": "M-old"})
    edit(box)
    box.odoo.signal(signal.SIGHUP)
    box.sleep(3)
    box.vendor.saves()
    assert b"M-new" in box.read(INI)


def test_save_loses_comments_and_keeps_options(make_box: MakeBox) -> None:
    box = make_box("rw_ini")
    box.host.write(INI, b"# comment\n" + box.host.read(INI))
    box.vendor.saves("token", "1")
    text = box.read(INI)
    assert b"comment" not in text
    assert text.startswith(b"[options]\n")
    assert text.endswith(b"[iot.box]\ntoken = 1\n\n")


def test_flat_values_are_files_of_their_own(make_box: MakeBox) -> None:
    box = make_box("ro_flat")
    box.vendor.saves("enterprise_code", "M1")
    assert box.read("/home/pi/odoo-enterprise-code.conf") == b"M1"
    assert box.status("/home/pi/odoo-enterprise-code.conf").uid == 1000


def test_gap_of_the_vendors_remount_passes(make_box: MakeBox) -> None:
    box = make_box("ro_ini")
    box.private_mounts()
    box.remount_writable("/")
    box.vendor.flips_read_only()
    with pytest.raises(OSError, match="Read-only"):
        box.create("/home/pi/x", b"", 0o600, 0, 0)
    box.sleep(0.02)
    box.create("/home/pi/x", b"", 0o600, 0, 0)
    assert not box.storage.host.at("/").writable


def test_newer_branches_never_close_their_disk(box: SimulatedBox) -> None:
    with pytest.raises(AssertionError, match="never makes its root read-only"):
        box.vendor.flips_read_only()


def test_save_that_is_not_allowed_is_logged_and_changes_nothing(box: SimulatedBox) -> None:
    box.host.set_owner(INI, 0, 0)
    before = box.read(INI)
    box.vendor.saves()
    assert box.read(INI) == before
    assert b"PermissionError" in box.read_end(LOG, 4096)
    assert not box.odoo.manager_dead


def test_vendor_that_does_not_run_does_nothing(box: SimulatedBox, pair: Pair) -> None:
    box.run(("systemctl", "stop", "odoo"), 60.0)
    box.vendor.renews(pair)
    assert not any(renewed(box, pair))


def test_renewal_without_a_database_asks_nobody(box: SimulatedBox, authority: AuthorityModel) -> None:
    box.vendor.renews()
    assert authority.count == 0
