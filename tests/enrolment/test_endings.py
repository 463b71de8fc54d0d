"""Every ending is met, by boxes that end so; each is one line with its values, and the way out where one is needed."""

from __future__ import annotations

from string import Formatter

import pytest

from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.machine.vendor import Vendor
from iotbox_simulator.ssh import SshFault
from reconciler.cli import enroll
from reconciler.enrolment.endings import ENDINGS, HURDLES, Ending, EnrolmentEnd
from reconciler.model.admission import Hurdle
from reconciler.model.status import IN_SYNC
from tests.support.enrolling import FILE, Shop, Terminal, within
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import SshLab

__all__ = ["ssh_lab"]
TWO: dict[str, LayoutKind] = {"till-1": "rw_ini", "till-2": "rw_ini"}


@pytest.mark.parametrize("ending", Ending)
def test_an_ending_has_its_entry(ending: Ending) -> None:
    if ending is not Ending.HURDLE:
        entry = ENDINGS[ending]
        assert bool(entry.fix or "{reason}" in entry.says) == (entry.status != IN_SYNC)


@pytest.mark.parametrize("hurdle", Hurdle)
def test_a_hurdle_has_a_way_out(hurdle: Hurdle) -> None:
    entry = HURDLES[hurdle]
    assert entry.fix
    assert {name for _, name, _, _ in Formatter().parse(entry.says + entry.fix) if name} <= {"path", "detail"}


def test_what_a_box_says_stays_on_its_line() -> None:
    ended = EnrolmentEnd("till-1", Ending.OTHER_SERIAL, {"serial": "a\n\x1b[31m{wanted}", "wanted": "b"})
    assert "\n" not in ended.text
    assert "\x1b" not in ended.text
    assert "{wanted}, not b" in ended.text


def restricted(shop: Shop) -> None:
    host = shop.boxes["till-1"].live.box.host
    host.make_directory("/home/pi/.ssh", 0o700, 1000, 1000)
    host.create(FILE, f'command="backup" {shop.own()} x\n'.encode(), 0o600, 1000, 1000)


def open_home(shop: Shop) -> None:
    shop.boxes["till-1"].live.box.host.set_mode("/home/pi", 0o777)


def of_another(shop: Shop) -> None:
    shop.variables["till-2"] = {"iot_https_serial": shop.boxes["till-1"].live.box.spec.serial}


def nowhere_to_note(shop: Shop) -> None:
    place = shop.lab.identity / "below" / "known_hosts"
    shop.variables["till-1"] = {"ansible_ssh_common_args": f"-F none -o UserKnownHostsFile={place}"}


def nothing(_shop: Shop) -> None:
    """Leave it as it is."""


def no_password(shop: Shop) -> None:
    def fails(vendor: Vendor) -> str:
        raise OSError("no space left")

    shop.patch.setattr(Vendor, "new_password", fails)


def refused_afterwards(shop: Shop) -> None:
    def told(_name: str, step: str) -> None:
        if step == "log in by the key alone":
            shop.boxes["till-1"].switch_on(SshFault.LOGIN_REFUSED)

    shop.patch.setattr(enroll, "_tell_step", told)


def other_password(shop: Shop) -> None:
    """The vendor's program restarts at the worst moment, and makes another one."""

    def told(_name: str, step: str) -> None:
        if step == "log in with the password":
            shop.boxes["till-1"].live.box.vendor.new_password()

    shop.patch.setattr(enroll, "_tell_step", told)


CASES = {
    "a key that is tied to a command": (restricted, 4, "the key is in authorized_keys with options"),
    "a home that others write to": (open_home, 4, "others may write to /home/pi, so sshd ignores"),
    "a serial number that is another box's": (of_another, 4, "is another box: its serial number 1000000000000001 is"),
    "no place for a host key": (nowhere_to_note, 4, "the key was added, and the host key not noted: "),
    "a homepage that fails": (no_password, 4, "no password: the homepage did not make one ("),
    "a key that does not let in": (refused_afterwards, 4, "the key was added, but does not let in: IOT_HTTPS_AUTH"),
    "a password that was changed meanwhile": (other_password, 16, "the password is not that of pi; fix: "),
}


@pytest.mark.parametrize("name", CASES)
def test_an_ending_is_one_line(
    ssh_lab: SshLab, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil, status, said = CASES[name]

    async def scenario(shop: Shop) -> None:
        shop.patch = monkeypatch
        spoil(shop)
        shop.declare()
        assert await shop.enroll("till-1", "--yes", *shop.fingerprints("till-1")) == status
        (line,) = capsys.readouterr().out.splitlines()
        assert line.startswith(f"till-1: {said}")

    within(ssh_lab, TWO, scenario)


def test_keys_that_another_box_has_are_not_trusted(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        ssh_lab.know("cafe-till-9", shop.boxes["till-1"].host_key)
        assert await shop.enroll("till-1", "--yes", *shop.fingerprints("till-1")) == 16
        assert "the host key of cafe-till-9; fix: see whether addresses were swapped" in capsys.readouterr().out

    within(ssh_lab, TWO, scenario)


def test_a_box_that_is_unknown_is_not_logged_in_to_for_a_removal(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(shop: Shop) -> None:
        assert await shop.enroll("till-1", "--yes", "--remove") == 16
        assert capsys.readouterr().out == ("till-1: its host key is not known; fix: run iot-https host-keys first\n")

    within(ssh_lab, TWO, scenario)


def test_a_homepage_and_an_ssh_server_of_two_boxes_that_share_a_password_are_told_apart(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(shop: Shop) -> None:
        def made(vendor: Vendor) -> str:
            for box in shop.boxes.values():
                box.live.box.vendor._note_password("the same on all")
            return "the same on all"

        monkeypatch.setattr(Vendor, "new_password", made)
        shop.variables["till-1"] = {"iot_https_homepage_port": shop.webs["till-2"].homepage_port}
        shop.declare()
        assert await shop.enroll("till-1", "--yes", *shop.fingerprints("till-1")) == 4
        assert capsys.readouterr().out.startswith(
            "till-1: is another box: its serial number is 1000000000000001, not 1000000000000002; nothing was written"
        )
        assert (shop.keys("till-1"), shop.keys("till-2"), shop.known) == ("", "", ["till-7"])

    within(ssh_lab, TWO, scenario)


def test_a_python_that_is_too_old_is_said(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        password = shop.boxes["till-1"].live.box.vendor.new_password()
        shop.variables["till-1"] = {"ansible_password": password}
        shop.declare()
        assert await shop.enroll("--yes", *shop.fingerprints()) == 4
        said = capsys.readouterr().out
        assert said.startswith("till-1: IOT_HTTPS_UNSUPPORTED_PYTHON: ")
        assert password not in said

    within(ssh_lab, {"till-1": "ro_oldest"}, scenario)


def test_a_defect_is_of_one_box(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(name: str, step: str) -> None:
        if (name, step) == ("till-1", "add the key"):
            raise ZeroDivisionError("canary-text")

    async def scenario(shop: Shop) -> None:
        monkeypatch.setattr(enroll, "_tell_step", told)
        assert await shop.enroll("--yes", *shop.fingerprints()) == 4
        said = capsys.readouterr().out
        assert "till-1: iot-https has a defect, ZeroDivisionError, and this box was not finished; fix: " in said
        assert "till-2: enrolled: " in said
        assert "canary-text" not in said

    within(ssh_lab, TWO, scenario)


def test_a_removal_asks_only_where_the_key_is(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(shop: Shop) -> None:
        await shop.enroll("--yes", *shop.fingerprints())
        await shop.enroll("till-2", "--yes", "--remove")
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", Terminal("y\n"))
        assert await shop.enroll("--remove") == 0
        said = capsys.readouterr()
        assert "Do this to 1 box? [y/N]" in said.err
        assert sorted(said.out.splitlines()) == [
            "till-1: removed: the key no longer lets in",
            "till-2: nothing to do: the key is not on the box",
        ]

    within(ssh_lab, TWO, scenario)


def test_what_stands_in_the_way_is_shown_before_anybody_agrees(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(shop: Shop) -> None:
        monkeypatch.setattr("sys.stdin", Terminal("n\n"))
        assert await shop.enroll() == 4
        said = capsys.readouterr().err
        assert "end there if the key does not let in already: no password: the homepage of 15.0 cannot make one" in said
        assert "change the password" not in said

    within(ssh_lab, {"till-1": "ro_oldest"}, scenario)
