"""Each fault of a box's SSH is what the reconciler names by its code, and can be taken away again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from iotbox_simulator.ssh import SshFault
from reconciler.codes import CodeName, Variant
from reconciler.connections import ssh_run
from reconciler.model.desired import Mode
from reconciler.model.secret import Secret
from tests.support.ssh_boxes import Fleet, boxes, codes, until
from tests.support.ssh_servers import SshLab, go

NO_PATIENCE: Mapping[str, object] = {"connect_timeout": 0.5}
CODES = {
    SshFault.NOT_LISTENING: CodeName.CONNECTION_REFUSED,
    SshFault.STALLS: CodeName.CONNECTION_TIMEOUT,
    SshFault.CLOSES: CodeName.CONNECTION_FAILED,
    SshFault.HOST_KEY_CHANGED: CodeName.HOST_KEY_CHANGED,
    SshFault.LOGIN_REFUSED: CodeName.AUTHENTICATION_FAILED,
    SshFault.NO_PASSWORDS: None,
    SshFault.SUDO_PASSWORD: CodeName.SUDO_REFUSED,
    SshFault.SUDO_NEEDS_TERMINAL: CodeName.SUDO_REFUSED,
    SshFault.SUDO_HAS_NO_RULE: CodeName.SUDO_REFUSED,
    SshFault.SUDOERS_BROKEN: CodeName.SUDO_REFUSED,
    SshFault.PASSWORD_EXPIRED: CodeName.LOGIN_BLOCKED,
    SshFault.ACCOUNT_EXPIRED: CodeName.LOGIN_BLOCKED,
    SshFault.STARTING: CodeName.CONNECTION_FAILED,
    SshFault.CLOSED_FOR_USERS: CodeName.CONNECTION_FAILED,
    SshFault.NO_LOGIN_SHELL: CodeName.LOGIN_BLOCKED,
    SshFault.FORCED_COMMAND: CodeName.LOGIN_BLOCKED,
    SshFault.SHELL_ENDS: CodeName.LOGIN_BLOCKED,
    SshFault.SHELL_MISSING: CodeName.LOGIN_BLOCKED,
    SshFault.HOME_READ_ONLY: None,
    SshFault.NO_PYTHON: CodeName.PYTHON_MISSING,
    SshFault.SHELL_PRINTS: None,
    SshFault.SLOW: CodeName.DEADLINE,
    SshFault.CONNECTION_LOST: CodeName.REPLY_CUT_OFF,
    SshFault.PROGRAM_KILLED: CodeName.NOT_OBSERVED,
}


VARIANTS = {
    SshFault.SUDO_PASSWORD: None,
    SshFault.SUDO_NEEDS_TERMINAL: Variant.TERMINAL_DEMANDED,
    SshFault.SUDO_HAS_NO_RULE: Variant.NO_RULE,
    SshFault.SUDOERS_BROKEN: Variant.SUDOERS_BROKEN,
    SshFault.PASSWORD_EXPIRED: Variant.PASSWORD_EXPIRED,
    SshFault.ACCOUNT_EXPIRED: Variant.ACCOUNT_EXPIRED,
    SshFault.STARTING: Variant.STARTING,
    SshFault.CLOSED_FOR_USERS: Variant.CLOSED_AT_LOGIN,
    SshFault.NO_LOGIN_SHELL: Variant.NO_LOGIN_SHELL,
    SshFault.FORCED_COMMAND: None,
    SshFault.SHELL_ENDS: None,
    SshFault.SHELL_MISSING: Variant.SHELL_MISSING,
}
"""Of faults that keep a login from becoming a command."""


def test_every_fault_has_a_code_here() -> None:
    assert set(CODES) == set(SshFault)


@pytest.mark.parametrize("fault", SshFault)
def test_a_fault_is_described_with_its_code(fault: SshFault) -> None:
    text = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(f"| `{fault}` |"))
    assert f"`{CODES[fault]}`" in line or (CODES[fault] is None and "nothing" in line)


@pytest.mark.parametrize("fault", SshFault)
def test_a_fault_has_its_code_and_goes_away(ssh_lab: SshLab, fault: SshFault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_run, "GRACE_SECONDS", 0.0)
    patience: dict[str, float] = {"deadline_seconds": 1.0} if fault is SshFault.SLOW else {}
    wait = NO_PATIENCE if fault is SshFault.STALLS else {}

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            box.switch_on(fault.value)
            assert box.faults == {fault}
            seen = await lab.run(box, **patience, **wait)  # type: ignore[arg-type]
            assert codes(seen) == ([CODES[fault]] if CODES[fault] else [])
            if fault in VARIANTS:
                assert seen.after[0].variant == VARIANTS[fault]
                assert "pi@127.0.0.1" in seen.after[0].evidence
            box.switch_off(fault.value)
            assert codes(await lab.run(box)) == []

    go(scenario())


def test_a_fault_is_of_one_box(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        fleet = Fleet()
        async with boxes(ssh_lab) as lab:
            broken, fine = (lab.open(fleet.box(f"till-{n}", number=n)) for n in (1, 2))
            broken.switch_on(SshFault.LOGIN_REFUSED)
            assert codes(await lab.run(broken)) == [CodeName.AUTHENTICATION_FAILED]
            assert codes(await lab.run(fine)) == []

    go(scenario())


def test_a_silent_port_is_kept(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            before = box.address
            box.switch_on(SshFault.NOT_LISTENING)
            box.switch_on(SshFault.NOT_LISTENING)
            assert box.address == before
            box.switch_off(SshFault.NOT_LISTENING)
            box.switch_off(SshFault.NOT_LISTENING)
            assert box.address == before
            assert codes(await lab.run(box)) == []

    go(scenario())


def test_a_fault_that_does_not_exist_is_refused(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            with pytest.raises(ValueError, match="on_fire"):
                box.switch_on("on_fire")

    go(scenario())


def test_box_is_mended_although_the_connection_is_lost(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1", fault="expired"))
            box.switch_on(SshFault.CONNECTION_LOST)
            assert codes(await lab.run(box, Mode.RECONCILE)) == [CodeName.REPLY_CUT_OFF]
            box.switch_off(SshFault.CONNECTION_LOST)
            assert codes(await lab.run(box)) == []

    go(scenario())


def test_box_is_mended_although_the_client_goes(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1", fault="expired"))
            with box.live.caught_up():  # the program waits for its turn until the client has left
                running = asyncio.create_task(lab.run(box, Mode.RECONCILE))
                await until(lambda: lab.host.programs.running > 0)
                running.cancel()
                await asyncio.wait([running])
                await until(lambda: not lab.host.connections)
            await until(lambda: lab.host.programs.running == 0)
            assert codes(await lab.run(box)) == []

    go(scenario())


@pytest.mark.parametrize("killed_at", [1, 10, 25, 40, 100000])
def test_a_killed_program_leaves_a_box_that_the_next_run_mends(ssh_lab: SshLab, killed_at: int) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1", fault="expired"))
            box.killed_at = killed_at
            box.switch_on(SshFault.PROGRAM_KILLED)
            killed = await lab.run(box, Mode.RECONCILE)
            assert codes(killed) == [CodeName.NOT_OBSERVED]
            assert "KILL" in killed.after[0].evidence
            box.switch_off(SshFault.PROGRAM_KILLED)
            assert codes(await lab.run(box, Mode.RECONCILE)) == []

    go(scenario())


@pytest.mark.parametrize(
    ("given", "code"),
    [("canary-sudo", None), ("another", CodeName.SUDO_REFUSED)],
)
def test_sudo_asks_for_the_password(ssh_lab: SshLab, given: str, code: CodeName | None) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab, sudo_password=Secret("canary-sudo")) as lab:
            box = lab.open(Fleet().box("till-1"))
            box.switch_on(SshFault.SUDO_PASSWORD)
            seen = await lab.run(box, become_password=Secret(given))
            assert codes(seen) == ([code] if code else [])

    go(scenario())


def test_password_is_not_needed_where_sudo_does_not_ask(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            assert codes(await lab.run(box, become_password=Secret("canary-sudo"))) == []

    go(scenario())
