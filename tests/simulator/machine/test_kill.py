"""The tool can be killed at every call, others can act between any two, and the dead make no further call."""

from __future__ import annotations

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.choices import every_choice
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.recorder import Call, CallKind, Killed
from iotbox_simulator.pki import Pair
from reconciler.machine.durable import DurableDisk, Owner
from reconciler.machine.system import LockHeld

from .conftest import MakeBox

PATH = "/home/pi/value"


def write(box: SimulatedBox) -> None:
    DurableDisk(box, ("/", BYPASS)).replace(PATH, b"new content", Owner(0o600, 0, 0))


def names(box: SimulatedBox) -> list[CallKind]:
    return [call.kind for call in box.recorder.calls]


def test_changing_calls_are_recorded_in_order_without_contents(box: SimulatedBox) -> None:
    write(box)
    assert names(box) == ["create", "write", "sync_file", "rename", "sync_directory"]
    assert box.recorder.count == 5
    assert "new content" not in " ".join(map(str, box.recorder.calls))


def test_reading_calls_are_not_recorded(box: SimulatedBox) -> None:
    box.read("/etc/hosts")
    box.list("/etc")
    box.run(("nginx", "-t"), 5.0)
    box.run(("systemctl", "is-active", "nginx"), 5.0)
    box.odoo.signal(0)
    box.sleep(1)
    assert box.recorder.calls == []


@pytest.mark.parametrize(
    ("number", "after", "content"),
    [(1, False, None), (1, True, b""), (2, False, b""), (2, True, b"new"), (3, False, b"new")],
)
def test_kill_comes_before_or_after_the_call_took_effect(
    box: SimulatedBox, number: int, content: bytes | None, *, after: bool
) -> None:
    box.recorder.kill_at(number, after=after)

    def act() -> None:
        box.create(PATH, b"new", 0o600, 0, 0)
        box.sync_file(PATH)

    with pytest.raises(Killed):
        act()
    there = "value" in box.host.list("/home/pi")
    assert (box.host.read(PATH) if there else None) == content


def test_a_dead_process_makes_no_call_from_its_handlers(box: SimulatedBox) -> None:
    box.recorder.kill_at(2)

    def act() -> None:
        try:
            box.create(PATH, b"new", 0o600, 0, 0)
        finally:
            box.remove(PATH)

    with pytest.raises(Killed):
        act()
    with pytest.raises(Killed):
        box.read("/etc/hosts")
    assert box.host.read(PATH) == b""
    box.kill()
    box.remove(PATH)
    assert "value" not in box.host.list("/home/pi")


def test_killed_is_not_caught_as_an_error_of_the_tool() -> None:
    assert not issubclass(Killed, Exception)


def test_hook_that_raises_kills(box: SimulatedBox) -> None:
    def hook(call: Call) -> None:
        if call.kind is CallKind.RENAME:
            raise Killed

    box.recorder.before.append(hook)
    with pytest.raises(Killed):
        write(box)
    assert box.recorder.dead
    assert names(box)[-1] == "rename"


def test_somebody_else_acts_at_a_call_of_the_tool(make_box: MakeBox) -> None:
    box = make_box("ro_ini")
    box.private_mounts()
    for view in ("/", BYPASS):
        box.remount_writable(view)
    box.recorder.at(6, box.vendor.flips_read_only)
    write(box)
    assert box.read(PATH) == b"new content"
    assert names(box)[3:].count(CallKind.CREATE) == 2  # EROFS at the rename, and all over again
    assert not box.storage.host.at("/").writable


def test_vendor_cannot_close_the_disk_while_the_tool_writes_a_file(make_box: MakeBox) -> None:
    box = make_box("ro_ini")
    box.private_mounts()
    box.remount_writable("/")
    box.recorder.at(4, box.vendor.flips_read_only)
    write(box)
    assert names(box)[2:] == ["create", "write", "sync_file", "rename", "sync_directory"]


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("after", [True, False])
def test_durable_write_survives_kill_and_power_cut_whole(box: SimulatedBox, number: int, *, after: bool) -> None:
    box.host.create(PATH, b"old content", 0o600, 0, 0)
    box.storage.disk.sync_all()
    box.recorder.kill_at(number, after=after)
    with pytest.raises(Killed):
        write(box)
    for choose in every_choice():
        twin = box.clone()
        twin.power_cut(choose)
        assert twin.read(PATH) in (b"old content", b"new content")


def test_kill_gives_namespace_and_lock_back(make_box: MakeBox) -> None:
    box = make_box("ro_ini")
    box.private_mounts()
    box.remount_writable("/")
    box.recorder.kill_at(4)

    def act() -> None:
        with box.lock("/run/iot-https/lock"):
            box.remove("/etc/hosts")

    with pytest.raises(Killed):
        act()
    box.kill()
    with pytest.raises(OSError, match="Read-only"):
        box.create("/home/pi/x", b"", 0o600, 0, 0)
    with box.lock("/run/iot-https/lock"):
        assert box.read("/run/iot-https/lock") == b"4242\n"


def test_lock_is_exclusive_and_names_its_holder(box: SimulatedBox) -> None:
    box.hold_lock("/run/iot-https/lock", "77")
    with pytest.raises(LockHeld, match="process 77"), box.lock("/run/iot-https/lock"):
        pass
    box.kill()
    with pytest.raises(LockHeld), box.lock("/run/iot-https/lock"):
        pass
    box.reboot()
    with box.lock("/run/iot-https/lock"), pytest.raises(LockHeld), box.lock("/run/iot-https/lock"):
        pass


def test_remount_without_a_namespace_of_ones_own_is_seen_by_the_host(make_box: MakeBox) -> None:
    box = make_box("ro_ini")
    box.remount_writable("/")
    assert box.storage.host.at("/").writable


def test_reboot_forgets_what_was_only_live(box: SimulatedBox) -> None:
    box.create("/etc/only-live", b"", 0o644, 0, 0)
    box.create(f"{BYPASS}/etc/only-mirror", b"", 0o644, 0, 0)
    box.create("/home/pi/on-disk", b"", 0o644, 0, 0)
    box.reboot()
    assert "only-live" not in box.list("/etc")
    assert "only-mirror" in box.list("/etc")
    assert "on-disk" in box.list("/home/pi")
    assert box.nginx.running
    assert box.odoo.listening


def replace_one_after_the_other(box: SimulatedBox, pair: Pair) -> None:
    """Do what a careful but naive tool does: each of the two files durably, one after the other."""
    disk = DurableDisk(box, ("/", BYPASS))
    disk.replace(CERTIFICATE, pair.certificate_pem.encode(), Owner(0o644, 999, 999))
    disk.replace(KEY, pair.private_key_pem.encode(), Owner(0o600, 999, 999))


def test_two_renames_are_caught_with_a_mixed_pair(box: SimulatedBox, pair: Pair) -> None:
    broken = []
    for number in range(1, 11):
        twin = box.clone()
        twin.recorder.kill_at(number)
        with pytest.raises(Killed):
            replace_one_after_the_other(twin, pair)
        twin.kill()
        if twin.run(("nginx", "-t"), 5.0).status != 0:
            broken.append(number)
    assert broken == [5, 6, 7, 8, 9]


@pytest.mark.parametrize(("tree", "alive"), [("", True), (BYPASS, False)])
def test_mixed_pair_in_the_mirror_shows_at_the_next_boot(
    box: SimulatedBox, pair: Pair, tree: str, *, alive: bool
) -> None:
    box.host.write(tree + KEY, pair.private_key_pem.encode())
    assert box.nginx.running
    box.reboot()
    assert box.nginx.running is alive
    assert box.odoo.manager_dead is not alive


def test_boot_mounts_the_root_as_its_fstab_says(make_box: MakeBox) -> None:
    box = make_box("ro_ini")
    box.storage.make_writable()
    fstab = f"{BYPASS}/etc/fstab"
    box.host.write(fstab, box.host.read(fstab).replace(b",ro", b""))
    box.reboot()
    assert box.storage.host.at("/").writable
    assert box.storage.host.at(BYPASS).writable


def test_power_cut_with_nothing_open_is_a_reboot(box: SimulatedBox) -> None:
    before = box.read("/home/pi/odoo.conf")
    box.power_cut(lambda: False)
    assert box.read("/home/pi/odoo.conf") == before
    assert box.nginx.running


def test_every_file_call_of_the_protocol_reaches_the_disk(box: SimulatedBox) -> None:
    box.make_directory("/home/d", 0o750, 0, 0)
    box.create("/home/d/file", b"x", 0o600, 0, 0)
    box.symlink("d/file", "/home/link")
    box.set_owner("/home/link", 5, 6)
    box.set_mode("/home/link", 0o640)
    box.sync_file("/home/d/file")
    for directory in ("/home/d", "/home"):
        box.sync_directory(directory)
    box.power_cut(lambda: False)
    status = box.status("/home/link", follow=True)
    assert (status.mode, status.uid, status.gid) == (0o640, 5, 6)
    assert box.read_link("/home/link") == "d/file"
    assert box.status("/home/d").mode == 0o750


def test_full_disk_leaves_nothing_behind(box: SimulatedBox) -> None:
    box.storage.disk.free = 4
    with pytest.raises(OSError, match="No space"):
        write(box)
    assert "value" not in " ".join(box.list("/home/pi"))
    assert box.free_bytes("/home/pi") == 4
