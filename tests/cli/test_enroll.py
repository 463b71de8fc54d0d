"""`enroll`: one key on boxes that have only a password, by each route, and every way in which that ends."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import asyncssh
import pytest

from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.ssh import SshFault
from tests.support.enrolling import Shop, within
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import SshLab

from .test_cli import Terminal

__all__ = ["ssh_lab"]
KINDS: tuple[LayoutKind, ...] = ("ro_flat", "ro_ini", "ro_ini_18", "rw_ini", "rw_newest")
ONE: dict[str, LayoutKind] = {"till-1": "ro_ini"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_box_is_enrolled_and_lets_in_by_the_key_after_a_reboot(
    ssh_lab: SshLab, kind: LayoutKind, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(shop: Shop) -> None:
        assert not await shop.lets_in("till-1")
        assert await shop.enroll("--yes", *shop.fingerprints()) == 0
        assert capsys.readouterr().out == "till-1: enrolled: key added, host key noted\n"
        shop.boxes["till-1"].live.box.reboot()
        assert await shop.lets_in("till-1")
        assert shop.passwords("till-1") >= 1
        assert "till-1" in shop.known
        assert f"iot_https_serial: {shop.boxes['till-1'].live.box.spec.serial}" in shop.inventory.read_text().replace(
            "'", ""
        )

    within(ssh_lab, {"till-1": kind}, scenario)


def test_a_second_run_does_nothing_and_makes_no_password(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        assert await shop.enroll("--yes", *shop.fingerprints()) == 0
        passwords, text = shop.passwords("till-1"), shop.inventory.read_text()
        capsys.readouterr()
        assert await shop.enroll() == 0
        assert capsys.readouterr().out == "till-1: nothing to do: the key lets in already\n"
        assert (shop.passwords("till-1"), shop.inventory.read_text()) == (passwords, text)
        assert len(shop.known) == len(set(shop.known))

    within(ssh_lab, ONE, scenario)


def test_removing_takes_the_key_away_and_leaves_the_others(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        await shop.enroll("--yes", *shop.fingerprints())
        box = shop.boxes["till-1"].live.box
        other = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 somebody@else\n"
        box.storage.make_writable()
        box.host.write("/home/pi/.ssh/authorized_keys", (other + shop.keys("till-1")).encode())
        capsys.readouterr()
        assert await shop.enroll("--yes", "--remove") == 0
        assert shop.keys("till-1") == other
        assert not await shop.lets_in("till-1")
        assert await shop.enroll("--yes", "--remove") == 0
        assert capsys.readouterr().out == (
            "till-1: removed: the key no longer lets in\ntill-1: nothing to do: the key is not on the box\n"
        )

    within(ssh_lab, ONE, scenario)


def test_what_will_be_done_is_shown_and_asked(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(shop: Shop) -> None:
        before = shop.passwords("till-1")
        monkeypatch.setattr("sys.stdin", Terminal("n\n"))
        assert await shop.enroll() == 4
        said = capsys.readouterr()
        assert said.out == "till-1: nothing was done: the answer was no\n"
        assert str(shop.boxes["till-1"].host_key.get_fingerprint()) in said.err
        for part in ("change the password of pi", "unencrypted", "authorized_keys", "pin its serial number", "[y/N]"):
            assert part in said.err
        assert (shop.passwords("till-1"), shop.keys("till-1"), shop.known) == (before, "", ["till-7"])
        monkeypatch.setattr("sys.stdin", Terminal("y\n"))
        assert await shop.enroll() == 0
        assert await shop.lets_in("till-1")

    within(ssh_lab, ONE, scenario)


def test_without_a_terminal_nothing_is_done(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        before = shop.passwords("till-1")
        assert await shop.enroll() == 4
        assert "no terminal to confirm on: pass --yes" in capsys.readouterr().out
        assert (shop.passwords("till-1"), shop.keys("till-1")) == (before, "")

    within(ssh_lab, ONE, scenario)


def test_a_host_key_is_never_trusted_blindly(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        before = {name: shop.passwords(name) for name in shop.boxes}
        assert await shop.enroll("--yes", *shop.fingerprints("till-1")) == 16
        said = capsys.readouterr().out
        assert "till-1: enrolled" in said
        assert "till-2: its host key SHA256:" in said
        assert "was not compared; fix: " in said
        assert f"--host-key-fingerprint till-2={shop.boxes['till-2'].host_key.get_fingerprint()}" in said
        assert shop.keys("till-2") == ""
        assert shop.passwords("till-2") == before["till-2"]
        assert "till-2" not in shop.known

    within(ssh_lab, {"till-1": "rw_ini", "till-2": "ro_ini"}, scenario)


def test_another_fingerprint_than_the_given_one_ends_it(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        before = shop.passwords("till-1")
        assert await shop.enroll("--yes", "--host-key-fingerprint", f"SHA256:{'x' * 43}") == 16
        assert "shows the host key SHA256:" in capsys.readouterr().out
        assert (shop.keys("till-1"), shop.passwords("till-1")) == ("", before)

    within(ssh_lab, ONE, scenario)


def test_a_given_password_is_used_and_no_new_one_made(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(shop: Shop) -> None:
        password = shop.boxes["till-1"].live.box.vendor.new_password()
        before = shop.passwords("till-1")
        monkeypatch.setattr("sys.stdin", Terminal("y\n"))
        monkeypatch.setattr("reconciler.cli.login.getpass", lambda _: password)
        assert await shop.enroll("--ask-password") == 0
        said = capsys.readouterr()
        assert "change the password" not in said.err
        assert password not in said.out + said.err
        assert shop.passwords("till-1") == before
        assert await shop.lets_in("till-1")

    within(ssh_lab, ONE, scenario)


def test_a_wrong_password_is_one_line(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(shop: Shop) -> None:
        shop.variables["till-1"] = {"ansible_password": "canary-wrong"}
        shop.declare()
        assert await shop.enroll("--yes", *shop.fingerprints()) == 16
        said = capsys.readouterr()
        assert said.out.startswith("till-1: the password is not that of pi; fix: ")
        assert "canary-wrong" not in said.out + said.err
        assert "till-1" not in shop.known

    within(ssh_lab, ONE, scenario)


def test_a_known_box_with_another_key_of_ours_gets_this_one_without_a_password(ssh_lab: SshLab) -> None:
    async def scenario(shop: Shop) -> None:
        await shop.enroll("--yes", *shop.fingerprints())
        before = shop.passwords("till-1")
        newer = asyncssh.generate_private_key("ssh-ed25519")
        path = ssh_lab.write_key("id_newer", newer)
        path.with_suffix(".pub").write_bytes(newer.export_public_key())
        shop.variables["till-1"] = {"ansible_ssh_extra_args": f"-i {path}"}
        shop.declare()
        assert await shop.enroll("--yes", "--public-key", str(path.with_suffix(".pub"))) == 0
        assert shop.passwords("till-1") == before
        assert len(shop.keys("till-1").splitlines()) == 2

    within(ssh_lab, ONE, scenario)


FAULTS = {
    SshFault.NOT_LISTENING: (16, "SSH is refused at 127.0.0.1; fix: start sshd there"),
    SshFault.NO_PASSWORDS: (16, "sshd takes no password (PasswordAuthentication no); fix: add "),
    SshFault.HOST_KEY_CHANGED: (16, "shows another host key than the known one: "),
    SshFault.SUDO_HAS_NO_RULE: (4, "IOT_HTTPS_SUDO_REFUSED: "),
    SshFault.NO_PYTHON: (4, "IOT_HTTPS_PYTHON_MISSING: "),
    SshFault.STARTING: (16, "IOT_HTTPS_CONNECTION_FAILED: "),
    SshFault.CLOSES: (16, "IOT_HTTPS_CONNECTION_FAILED: "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_box_that_cannot_be_enrolled_is_one_line_and_others_go_on(
    ssh_lab: SshLab, fault: SshFault, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = FAULTS[fault]

    async def scenario(shop: Shop) -> None:
        box = shop.boxes["till-1"]
        with ssh_lab.known_hosts.open("a") as file:
            file.write(box.known_hosts_line)
        before = shop.passwords("till-1")
        box.switch_on(fault)
        assert await shop.enroll("--yes", *shop.fingerprints("till-2")) == status
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 2
        assert any(line.startswith(f"till-1: {said}") for line in lines), lines
        assert "till-2: enrolled: key added, host key noted" in lines
        assert shop.keys("till-1") == ""
        if fault in (SshFault.NO_PASSWORDS, SshFault.HOST_KEY_CHANGED):
            assert shop.passwords("till-1") == before

    within(ssh_lab, {"till-1": "ro_ini", "till-2": "rw_ini"}, scenario)


def test_another_box_than_the_inventory_says_is_told_by_its_homepage_before_a_password_is_made(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(shop: Shop) -> None:
        shop.variables["till-1"] = {"iot_https_serial": "00000000cafecafe"}
        shop.declare()
        before = shop.passwords("till-1")
        assert await shop.enroll("--yes", *shop.fingerprints()) == 4
        assert "till-1: is another box: its serial number is " in capsys.readouterr().out
        assert (shop.keys("till-1"), shop.passwords("till-1"), shop.known) == ("", before, ["till-7"])

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_another_box_is_told_by_ssh_where_the_homepage_does_not_say(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(shop: Shop) -> None:
        shop.variables["till-1"] = {"iot_https_serial": "00000000cafecafe"}
        shop.declare()
        assert await shop.enroll("--yes", *shop.fingerprints()) == 4
        assert "IOT_HTTPS_WRONG_BOX" in capsys.readouterr().out
        assert (shop.keys("till-1"), shop.known) == ("", ["till-7"])

    within(ssh_lab, {"till-1": "ro_ini"}, scenario)


def test_a_homepage_of_one_box_and_ssh_of_another_end_it(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    """The password of the one would not even let in at the other; a given one does, and the serial numbers differ."""

    async def scenario(shop: Shop) -> None:
        shop.variables["till-1"] = {"iot_https_homepage_port": shop.webs["till-2"].homepage_port}
        shop.declare()
        assert await shop.enroll("till-1", "--yes", *shop.fingerprints("till-1")) == 16
        assert "till-1: the password is not that of pi" in capsys.readouterr().out
        assert (shop.keys("till-1"), shop.keys("till-2"), shop.known) == ("", "", ["till-7"])

    within(ssh_lab, {"till-1": "rw_ini", "till-2": "rw_ini"}, scenario)


def test_one_machine_under_two_names_is_enrolled_as_neither(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(shop: Shop) -> None:
        address, port = shop.boxes["till-1"].address
        shop.variables["till-2"] = {
            "ansible_host": address,
            "ansible_port": port,
            "iot_https_homepage_port": shop.webs["till-1"].homepage_port,
        }
        shop.declare()
        one = f"till-2={shop.boxes['till-1'].host_key.get_fingerprint()}"
        assert await shop.enroll("--yes", *shop.fingerprints("till-1"), "--host-key-fingerprint", one) == 16
        said = capsys.readouterr().out
        assert said.count("one machine answers for both") == 2
        assert shop.keys("till-1") == ""

    within(ssh_lab, {"till-1": "rw_ini", "till-2": "rw_ini"}, scenario)


def test_no_homepage_is_one_line(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        shop.variables["till-1"] = {"iot_https_homepage_port": shop.boxes["till-1"].address[1]}
        shop.declare()
        assert await shop.enroll("--yes", *shop.fingerprints()) == 16
        assert "till-1: no password: its homepage at 127.0.0.1 gives no answer" in capsys.readouterr().out

    within(ssh_lab, ONE, scenario)


def test_a_box_of_15_0_is_asked_for_its_password(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        assert await shop.enroll("--yes", *shop.fingerprints()) == 4
        assert capsys.readouterr().out == (
            "till-1: no password: the homepage of 15.0 cannot make one; fix: log in with --ask-password\n"
        )

    within(ssh_lab, {"till-1": "ro_oldest"}, scenario)


def test_another_user_than_pi_is_said_before_a_password_is_made(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(shop: Shop) -> None:
        shop.variables["till-1"] = {"ansible_user": "admin"}
        shop.declare()
        before = shop.passwords("till-1")
        assert await shop.enroll("--yes", *shop.fingerprints()) == 4
        assert "the homepage makes one for pi, and the inventory logs in as admin" in capsys.readouterr().out
        assert shop.passwords("till-1") == before

    within(ssh_lab, ONE, scenario)


def test_the_commands_of_the_page_work(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[2] / "docs" / "enroll.md").read_text()
    commands = [shlex.split(line)[2:] for line in re.findall(r"^\$ (iot-https enroll .+)$", page, re.MULTILINE)]
    assert len(commands) == 3

    async def scenario(shop: Shop) -> None:
        own = shop.fingerprints()[1].partition("=")[2]
        group = "  children:\n    store_lotus__hanoi:\n      hosts:\n        hanoi-till-1:\n"
        shop.inventory.write_text(shop.inventory.read_text() + group)
        for words in commands:
            monkeypatch.setattr("sys.stdin", Terminal("y\n"))
            assert await shop.enroll(*(own if each.startswith("SHA256:") else each for each in words)) == 0
        assert not await shop.lets_in("hanoi-till-1")

    within(ssh_lab, {"hanoi-till-1": "ro_ini"}, scenario)
