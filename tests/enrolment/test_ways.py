"""Boxes behind a jump host, Windows boxes, many at once, and inventories that cannot take a serial number."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import asyncssh
import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.windows import WindowsBox, WindowsSpec
from iotbox_simulator.live import LiveMachine
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.pki import make_authority
from iotbox_simulator.served_web import ServedWeb
from iotbox_simulator.ssh import SshFault
from reconciler.cli import enroll
from reconciler.homepage.dialect import DialectEntry
from reconciler.homepage.orders import new_password
from reconciler.homepage.session import Homepage
from reconciler.model.secret import Secret
from tests.support.enrolling import Shop, Terminal, within
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import LOOPBACK, SshLab

__all__ = ["ssh_lab"]


def test_a_box_behind_a_jump_host_is_asked_from_there(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    """Its private address may be another machine's here."""

    async def scenario(shop: Shop) -> None:
        key = asyncssh.generate_private_key("ssh-ed25519")
        async with ssh_lab.serve(host_keys=[key], forwards=True) as jump:
            ssh_lab.know(f"[{LOOPBACK}]:{jump.port}", key)
            way = f"-F none -o UserKnownHostsFile={ssh_lab.known_hosts} -J gate@{LOOPBACK}:{jump.port}"
            shop.variables["till-1"] = {"ansible_ssh_common_args": way}
            shop.declare()
            assert await shop.enroll("--yes", *shop.fingerprints()) == 0, capsys.readouterr()
            assert (LOOPBACK, shop.webs["till-1"].homepage_port) in jump.forwarded
            assert await shop.lets_in("till-1")

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_a_jump_host_that_leads_nowhere_is_one_line(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        key = asyncssh.generate_private_key("ssh-ed25519")
        async with ssh_lab.serve(host_keys=[key], forwards=False) as jump:
            ssh_lab.know(f"[{LOOPBACK}]:{jump.port}", key)
            way = f"-F none -o UserKnownHostsFile={ssh_lab.known_hosts} -J gate@{LOOPBACK}:{jump.port}"
            shop.variables["till-1"] = {"ansible_ssh_common_args": way}
            shop.declare()
            assert await shop.enroll("--yes", *shop.fingerprints()) == 16
            assert capsys.readouterr().out.startswith("till-1: IOT_HTTPS_JUMP_HOST_FAILED: ")

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_a_windows_box_is_named_as_one(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        ca = make_authority("Test", now=datetime.now(UTC))
        box = WindowsBox(WindowsSpec(branch="19.0", clock=datetime.now(UTC)), small_world(ca, AuthorityModel(ca)))
        async with AsyncExitStack() as stack:
            web = ServedWeb(LiveMachine("till-1", box), (LOOPBACK, 0), (LOOPBACK, 0))
            shop.webs["till-1"] = await stack.enter_async_context(web)
            shop.boxes["till-1"].switch_on(SshFault.NOT_LISTENING)
            shop.declare()
            assert await shop.enroll("--yes", *shop.fingerprints()) == 4
            assert capsys.readouterr().out == (
                "till-1: is a Windows virtual IoT, which has no SSH; "
                "fix: set iot_https_connection: homepage, by which a box without SSH is looked after\n"
            )

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_an_inventory_in_ini_gets_a_file_beside_it(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(shop: Shop) -> None:
        values = shop._usual("till-1")
        words = " ".join(f"{name}={str(value)!r}" for name, value in values.items() if name != "iot_https_resolvers")
        shop.inventory.write_text(f"[boxes]\ntill-1 {words}\n")
        assert await shop.enroll("--yes", *shop.fingerprints()) == 0, capsys.readouterr()
        written = "".join(each.read_text() for each in ssh_lab.folder.glob("host_vars/till-1*"))
        assert re.search(r"iot_https_serial: ['\"]?1000000000000001", written)

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_boxes_are_enrolled_beside_each_other(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"till-{number}" for number in range(1, 7)]

    async def scenario(shop: Shop) -> None:
        shop.boxes["till-3"].switch_on(SshFault.NO_PASSWORDS)
        assert await shop.enroll("--yes", "--forks", "3", *shop.fingerprints()) == 16
        lines = sorted(capsys.readouterr().out.splitlines())
        assert [line for line in lines if "enrolled: key added" not in line] == [lines[2]]
        assert "sshd takes no password" in lines[2]
        assert sorted(set(shop.known)) == sorted({"till-7", *names} - {"till-3"})
        assert shop.inventory.read_text().count("iot_https_serial") == 5

    within(ssh_lab, dict.fromkeys(names, "rw_ini"), scenario)


@pytest.mark.parametrize("trusts", [True, False])
def test_a_box_that_proves_its_name_sends_its_password_encrypted(
    ssh_lab: SshLab,
    trusts: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names: list[str | None] = []

    def made(homepage: Homepage, entry: DialectEntry) -> Secret | None:
        names.append(homepage.proved)
        return new_password(homepage, entry)

    async def scenario(shop: Shop) -> None:
        (ssh_lab.folder / "ca.pem").write_text(
            shop.ca_pem if trusts else make_authority("Other", now=datetime.now(UTC)).root_pem
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(ssh_lab.folder / "ca.pem"))
        monkeypatch.setattr("reconciler.enrolment.pages.new_password", made)
        monkeypatch.setattr("sys.stdin", Terminal("y\n"))
        assert await shop.enroll() == 0
        assert f"it comes {'encrypted' if trusts else 'unencrypted'}" in capsys.readouterr().err
        assert [name is not None and name.startswith("127-0-0-1.") for name in names] == [trusts]

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_a_box_that_no_longer_proves_its_name_is_not_asked_in_clear(
    ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(_name: str, step: str) -> None:
        if step == "ask the homepage for a new password":
            (ssh_lab.folder / "ca.pem").write_text(make_authority("Other", now=datetime.now(UTC)).root_pem)

    async def scenario(shop: Shop) -> None:
        (ssh_lab.folder / "ca.pem").write_text(shop.ca_pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(ssh_lab.folder / "ca.pem"))
        monkeypatch.setattr(enroll, "_tell_step", told)
        before = shop.passwords("till-1")
        assert await shop.enroll("--yes", *shop.fingerprints()) == 4
        assert "the homepage did not make one (the handshake failed)" in capsys.readouterr().out
        assert shop.passwords("till-1") == before

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_a_box_that_is_reached_by_its_homepage_needs_no_key(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(shop: Shop) -> None:
        shop.variables["till-1"] = {"iot_https_connection": "homepage"}
        shop.declare()
        assert await shop.enroll("--yes") == 0
        assert capsys.readouterr().out == "till-1: is reached by homepage, so no SSH key is needed\n"

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)
