"""The password that a homepage makes is used once, and is nowhere: not in output, argv, files, logs or errors."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import pytest

from iotbox_simulator.machine.vendor import Vendor
from iotbox_simulator.ssh import SshFault
from reconciler.connections import carrier
from reconciler.enrolment import entering
from reconciler.model.desired import Request
from tests.support import leaks
from tests.support.enrolling import Shop, within
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import SshLab

__all__ = ["ssh_lab"]
CANARY = "canary-of-the-homepage"


@pytest.fixture(autouse=True)
def known_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every homepage make the same password."""

    def made(vendor: Vendor) -> str:
        vendor._passwords += 1
        vendor._note_password(CANARY)
        return CANARY

    monkeypatch.setattr(Vendor, "new_password", made)


def test_the_password_shows_nowhere_while_it_is_used_and_afterwards(ssh_lab: SshLab) -> None:
    async def scenario(shop: Shop) -> None:
        folder = ssh_lab.folder
        (folder / "tmp").mkdir()
        places = {"HOME": folder / "home", "TMPDIR": folder / "tmp", "XDG_STATE_HOME": folder / "state"}
        environment = {**os.environ, **{name: str(path) for name, path in places.items()}}
        command = [sys.executable, "-m", "reconciler.cli", "--debug", "enroll", "-i", str(shop.inventory), "--yes"]
        done = await asyncio.to_thread(
            leaks.run, [*command, *shop.fingerprints()], {"password": CANARY}, [folder], environment
        )
        assert (done.status, done.leaks) == (0, set())
        assert done.output == "till-1: enrolled: key added, host key noted\n"
        assert done.command_lines > 0
        assert done.files > 0
        assert shop.passwords("till-1") >= 1

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


ENDS = {
    "enrolled": (None, 0),
    "the program cannot be run": (SshFault.NO_PYTHON, 4),
    "sudo refuses": (SshFault.SUDO_HAS_NO_RULE, 4),
    "the connection breaks": (SshFault.CONNECTION_LOST, 4),
    "the account is closed": (SshFault.ACCOUNT_EXPIRED, 16),
}


@pytest.mark.parametrize("name", ENDS)
def test_no_log_of_any_library_and_no_error_has_it(
    ssh_lab: SshLab, name: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    fault, status = ENDS[name]

    async def scenario(shop: Shop) -> None:
        for library in ("reconciler", "urllib3", "requests", "asyncio"):
            caplog.set_level(logging.DEBUG, library)
        if fault is not None:
            shop.boxes["till-1"].switch_on(fault)
        before = shop.passwords("till-1")
        assert await shop.enroll("--debug", "--yes", *shop.fingerprints()) == status
        assert shop.passwords("till-1") == before + 1
        said = capsys.readouterr()
        assert CANARY not in caplog.text + said.out + said.err
        assert "Traceback" not in said.out

    within(ssh_lab, {"till-1": "ro_ini"}, scenario)


def test_what_holds_it_meanwhile_does_not_show_it(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    real = entering.session

    def session(*arguments: object) -> object:
        shown.append(repr(arguments))
        return real(*arguments)  # type: ignore[arg-type]

    async def scenario(shop: Shop) -> None:
        monkeypatch.setattr("reconciler.enrolment.enrolling.session", session)
        assert await shop.enroll("--yes", *shop.fingerprints()) == 0
        assert any("Offering.PASSWORD" in each for each in shown)
        assert not any(CANARY in each for each in shown)

    within(ssh_lab, {"till-1": "ro_ini"}, scenario)


def test_the_box_program_is_not_told_it(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    real = carrier.message

    def message(request: Request) -> bytes:
        sent.append(carrier.request_text(request))
        return real(request)

    async def scenario(shop: Shop) -> None:
        monkeypatch.setattr(carrier, "message", message)
        assert await shop.enroll("--yes", *shop.fingerprints()) == 0
        assert len(sent) > 1
        assert not any(CANARY in each for each in sent)

    within(ssh_lab, {"till-1": "ro_ini"}, scenario)
