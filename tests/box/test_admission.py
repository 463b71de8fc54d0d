"""A key is let in at a box or no longer: one line, durable, whoever else writes there, wherever it is killed."""

from __future__ import annotations

import errno
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.recorder import Killed
from iotbox_simulator.machine.spec import BoxSpec, LayoutKind
from iotbox_simulator.pki import make_authority
from reconciler.box.run import run
from reconciler.codes import CodeName
from reconciler.model.admission import Admission, Admitted, Hurdle, KeyDeed, KeyPlace
from reconciler.model.desired import Desired, Request

KINDS: tuple[LayoutKind, ...] = ("ro_flat", "ro_ini", "ro_ini_18", "rw_ini", "rw_newest")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKl3pq2zIh5CnYxCvM1mXrQmPDq5mXk2vXWvV4q0mV7v"
OTHER = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 somebody@else"
FILE = "/home/pi/.ssh/authorized_keys"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CA = make_authority("Test", now=NOW)


def a_box(kind: LayoutKind = "ro_ini") -> SimulatedBox:
    return SimulatedBox(BoxSpec(kind=kind), small_world(CA, AuthorityModel(CA)))


def asked(box: SimulatedBox, deed: KeyDeed = KeyDeed.ADD, *, user: str = "pi", serial: str | None = None) -> Admitted:
    admission = Admission(deed=deed, user=user, key=KEY, comment="msp@control")
    result = run(box, Request(desired=Desired(name="till-1", serial=serial), admission=admission))
    box.kill()
    assert result.admitted is not None, result.before
    return result.admitted


def has(box: SimulatedBox, text: str) -> None:
    """Put a file of keys there, as its user would."""
    box.storage.make_writable()
    with suppress(FileExistsError):
        box.host.make_directory("/home/pi/.ssh", 0o700, 1000, 1000)
    with suppress(FileNotFoundError):
        box.host.remove(FILE)
    box.host.create(FILE, text.encode(), 0o600, 1000, 1000)
    if box.spec.image.read_only_root:
        box.storage.make_read_only(cups=True)


def text_of(box: SimulatedBox) -> str:
    return box.host.read(FILE).decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_added_as_sshd_wants_it_and_survives_a_reboot(kind: LayoutKind) -> None:
    box = a_box(kind)
    assert asked(box) == Admitted(place=KeyPlace.PRESENT, serial=box.spec.serial, changed=True)
    box.power_cut(lambda: False)
    assert text_of(box) == f"{KEY} msp@control\n"
    folder, file = box.host.status("/home/pi/.ssh"), box.host.status(FILE)
    assert (folder.mode, folder.uid, folder.gid) == (0o700, 1000, 1000)
    assert (file.mode, file.uid, file.gid) == (0o600, 1000, 1000)
    assert not asked(box).changed


@pytest.mark.parametrize("kind", ["ro_ini", "rw_ini"])
def test_the_root_is_left_as_it_was(kind: LayoutKind) -> None:
    box = a_box(kind)
    asked(box)
    if not box.spec.image.read_only_root:
        return
    with pytest.raises(OSError, match=r"Read-only|30") as told:
        box.host.write("/home/pi/probe", b"")
    assert told.value.errno == errno.EROFS


def test_other_keys_stay_as_they_are() -> None:
    box = a_box()
    has(box, f"# ours\n\n{OTHER}")
    asked(box)
    assert text_of(box) == f"# ours\n\n{OTHER}\n{KEY} msp@control\n"
    assert asked(box, KeyDeed.REMOVE).changed
    assert text_of(box) == f"# ours\n\n{OTHER}\n"
    assert not asked(box, KeyDeed.REMOVE).changed


def test_looking_changes_nothing() -> None:
    box = a_box()
    assert asked(box, KeyDeed.LOOK).place is KeyPlace.ABSENT
    with pytest.raises(FileNotFoundError):
        box.host.status("/home/pi/.ssh")
    with pytest.raises(FileNotFoundError):
        box.host.status("/run/iot-https")


def test_a_key_that_is_commented_out_is_not_there() -> None:
    box = a_box()
    has(box, f"# {KEY}\n#{KEY}\n")
    assert asked(box, KeyDeed.LOOK).place is KeyPlace.ABSENT


def test_a_key_with_options_is_left_alone_and_said() -> None:
    box = a_box()
    has(box, f'command="backup" {KEY} x\n')
    assert asked(box) == Admitted(place=KeyPlace.RESTRICTED, serial=box.spec.serial)
    assert asked(box, KeyDeed.REMOVE).changed
    assert text_of(box) == ""


def test_a_file_that_sshd_does_not_read_is_made_one_that_it_reads() -> None:
    box = a_box("rw_ini")
    has(box, f"{KEY} x\n")
    box.host.set_mode(FILE, 0o666)
    assert asked(box, KeyDeed.LOOK).place is KeyPlace.ABSENT
    assert asked(box).changed
    assert text_of(box) == f"{KEY} x\n"
    assert box.host.status(FILE).mode == 0o600


def test_another_box_is_told_before_anything_is_read_or_written() -> None:
    box = a_box()
    admission = Admission(deed=KeyDeed.ADD, user="pi", key=KEY)
    result = run(box, Request(desired=Desired(name="till-1", serial="00000000ffffffff"), admission=admission))
    assert [each.code for each in result.after] == [CodeName.WRONG_BOX]
    assert result.admitted is None
    for path in ("/home/pi/.ssh", "/run/iot-https"):
        with pytest.raises(FileNotFoundError):
            box.host.status(path)


def open_folder(box: SimulatedBox) -> None:
    has(box, "")
    box.storage.make_writable()
    box.host.set_mode("/home/pi/.ssh", 0o770)


def link(box: SimulatedBox) -> None:
    box.storage.make_writable()
    box.host.symlink("/etc", "/home/pi/.ssh")


def too_long(box: SimulatedBox) -> None:
    has(box, "#" * (1 << 21))


def lost_home(box: SimulatedBox) -> None:
    box.storage.make_writable()
    box.host.rename("/home/pi", "/home/other")


HURDLES = {
    "a folder that others may write to": (open_folder, Hurdle.OPEN_FOLDER, "/home/pi/.ssh"),
    "a link in place of the folder": (link, Hurdle.FOREIGN, "/home/pi/.ssh"),
    "a file without end": (too_long, Hurdle.UNREADABLE, FILE),
    "no home": (lost_home, Hurdle.NO_HOME, "/home/pi"),
}


@pytest.mark.parametrize("name", HURDLES)
def test_a_hurdle_is_named_with_its_path(name: str) -> None:
    spoil, hurdle, path = HURDLES[name]
    box = a_box("rw_ini")
    spoil(box)
    done = asked(box)
    assert (done.hurdle, done.path, done.changed) == (hurdle, path, False)


def test_an_account_that_is_not_there_is_named() -> None:
    done = asked(a_box(), user="nobody-here")
    assert (done.hurdle, done.detail) == (Hurdle.NO_ACCOUNT, "nobody-here")


def test_a_root_that_cannot_be_made_writable_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    box = a_box("ro_ini")

    def refuse(path: str) -> None:
        raise OSError(errno.EROFS, "Read-only file system", path)

    monkeypatch.setattr(box, "remount_writable", refuse)
    done = asked(box)
    assert (done.hurdle, done.changed) == (Hurdle.READ_ONLY, False)


@pytest.mark.parametrize("kind", ["ro_ini", "rw_ini"])
@pytest.mark.parametrize("deed", [KeyDeed.ADD, KeyDeed.REMOVE])
@pytest.mark.parametrize("kept", [False, True])
def test_killed_anywhere_it_leaves_old_or_new_and_is_finished_by_the_next(
    kind: LayoutKind,
    deed: KeyDeed,
    kept: bool,  # noqa: FBT001
) -> None:
    original = a_box(kind)
    old = f"{OTHER}\n" if deed is KeyDeed.ADD else f"{OTHER}\n{KEY} msp@control\n"
    new = f"{OTHER}\n{KEY} msp@control\n" if deed is KeyDeed.ADD else f"{OTHER}\n"
    has(original, old)
    original.storage.disk.sync_all()
    number = 1
    while True:
        box = original.clone()
        box.recorder.kill_at(number)
        try:
            asked(box, deed)
        except Killed:
            box.kill()
        else:
            break
        box.power_cut(lambda: kept)
        assert text_of(box) in (old, new)
        asked(box, deed)
        assert text_of(box) == new
        assert [each for each in box.host.list("/home/pi/.ssh") if each != "authorized_keys"] == []
        number += 1
    assert number > 4
