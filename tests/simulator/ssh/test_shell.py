"""Commands that are not the box program are run for real, and by nobody who may do anything."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from iotbox_simulator.ssh import Access, SshFault, SshHost, account, strays
from iotbox_simulator.ssh.account import Account
from iotbox_simulator.ssh.scratch import scratch
from reconciler.model.secret import Secret
from tests.support.ssh_boxes import Boxes, Ended, Fleet, boxes, until
from tests.support.ssh_servers import SshLab, go

AS_ROOT = os.geteuid() == 0


async def ended(lab: Boxes, command: str | None, sent: bytes = b"", fault: SshFault | None = None) -> Ended:
    """Run one command on a new box."""
    box = lab.open(Fleet().box("till-1"))
    if fault is not None:
        box.switch_on(fault)
    return await lab.command(box, command, sent)


@dataclass(frozen=True)
class Case:
    """A command and how it ends."""

    command: str | None
    sent: bytes = b""
    status: int = 0
    output: bytes = b""
    errors: bytes = b""


CASES = (
    Case("echo out; echo err >&2; exit 3", status=3, output=b"out\n", errors=b"err\n"),
    Case("cat", b"both\nways", output=b"both\nways"),
    Case("true", b"nobody reads this"),
    Case(None, b"echo from a script; exit 4\n", 4, b"from a script\n"),
    Case("echo $USER $LOGNAME $SHELL $LANG [$SECRET]", output=b"pi pi /bin/sh C []\n"),
    Case("no-such-command", status=127, errors=b"not found"),
    Case("command -v sudo", output=b"/bin/sudo\n"),
    Case("sudo -n echo yes", output=b"yes\n"),
    Case("sudo -H -S -n -u root /bin/sh -c 'echo $0'", output=b"/bin/sh\n"),
    Case("sudo A=b sh -c 'echo $A'", output=b"b\n"),
    Case("sudo -nHS -- echo yes", output=b"yes\n"),
    Case("sudo no-such-command", status=1, errors=b"sudo: no-such-command: command not found\n"),
    Case("sudo --bell true", status=1, errors=b"does not know --bell\n"),
    Case("sudo", status=1, errors=b"usage"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.command))
def test_a_command_is_run(ssh_lab: SshLab, case: Case) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await ended(lab, case.command, case.sent)
            assert done.status == case.status
            assert done.output.endswith(case.output)
            assert bool(done.output) == bool(case.output)
            assert case.errors in done.errors
            assert bool(done.errors) == bool(case.errors)

    go(scenario())


@pytest.mark.parametrize(
    ("command", "sent", "status", "said"),
    [
        ("sudo -n true", b"", 1, b"sudo: a password is required\n"),
        ("sudo -S -p word: echo yes", b"canary-sudo\n", 0, b"word:yes\n"),
        ("sudo -S -p word: echo yes", b"wrong\ncanary-sudo\n", 0, b"word:Sorry, try again.\nword:yes\n"),
        ("sudo -S -p word: echo yes", b"1\n2\n3\n", 1, b"3 incorrect password attempts\n"),
        ("sudo -S -p word: echo yes", b"", 1, b"sudo: no password was provided\n"),
        ("sudo echo yes", b"canary-sudo\n", 1, b"a terminal is required"),
    ],
)
def test_sudo_wants_a_password(ssh_lab: SshLab, command: str, sent: bytes, status: int, said: bytes) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab, sudo_password=Secret("canary-sudo")) as lab:
            done = await ended(lab, command, sent, SshFault.SUDO_PASSWORD)
            assert done.status == status
            assert said in done.errors + done.output

    go(scenario())


def test_much_output_and_input_comes_whole(ssh_lab: SshLab) -> None:
    many = os.urandom(5 << 20)

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await ended(lab, "cat; printf end", many)
            assert done.output == many + b"end"

    go(scenario())


def test_a_command_that_dies_says_by_which_signal(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await ended(lab, "kill -TERM $$")
            assert done.signal == "TERM"

    go(scenario())


def test_the_profile_prints_before_everything(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await ended(lab, "echo mine", fault=SshFault.SHELL_PRINTS)
            first, last = done.output.splitlines()
            assert first.startswith(b"Welcome")
            assert last == b"mine"

    go(scenario())


@pytest.mark.skipif(not AS_ROOT, reason="only root has rights to give up")
def test_root_gives_up_its_rights(ssh_lab: SshLab, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.write_text("canary")
    closed.chmod(0o600)

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await ended(lab, f"id -u; id -G; cat {closed}; grep -i '^cap' /proc/self/status; ls /proc/self/fd")
            lines = done.output.decode().splitlines()
            uid, groups, *rest = lines
            assert (uid, groups) == ("65534", "65534")
            assert b"ermission denied" in done.errors
            assert "canary" not in lines
            effective = next(line for line in rest if line.startswith("CapEff"))
            assert int(effective.split()[1], 16) == 0
            assert rest[-4:] == ["0", "1", "2", "3"]

    go(scenario())


@pytest.mark.skipif(not AS_ROOT, reason="only root has rights to give up")
@pytest.mark.parametrize("name", ["no-such-user-here", "root"])
def test_nothing_is_run_as_root(name: str) -> None:
    with pytest.raises(PermissionError, match="not run as root"):
        account.account(name)


def test_folders_that_nobody_could_come_to_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(PermissionError, match="set TMPDIR"), scratch(Account(os.getuid(), os.getgid())):
        pass
    assert not list(tmp_path.iterdir())


def test_each_box_has_a_home_of_its_own(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        fleet = Fleet()
        async with boxes(ssh_lab) as lab:
            one, two = (lab.open(fleet.box(name, number=n)) for n, name in enumerate(("till 1/a", ".."), start=1))
            homes = [(await lab.command(each, "pwd; touch mine; ls ~pi/mine")).output.decode() for each in (one, two)]
            assert homes == [f"{lab.host.scratch.home(each.name)}\n~pi/mine\n" for each in (one, two)]
            assert homes[0] != homes[1]
            assert all(home.startswith(f"{lab.host.scratch.folder}/homes/box-") for home in homes)

    go(scenario())


def test_what_runs_ends_with_its_client(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            async with lab.client(box) as connection:
                process = await connection.create_process("echo begun; exec sleep 1000")
                await process.stdout.readline()
                assert len(list(strays.marked(lab.host.mark))) == 1
            await until(lambda: not list(strays.marked(lab.host.mark)))

    go(scenario())


def test_nothing_is_left_at_the_end(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with SshHost() as host:
            lab = Boxes(host, ssh_lab, Access(keys=(ssh_lab.key,)))
            box = lab.open(Fleet().box("till-1"))
            folder, mark = host.scratch.folder, host.mark
            async with lab.client(box) as connection:
                await connection.run("setsid sleep 1000 >/dev/null 2>&1 <&1 & nohup sleep 1000 >/dev/null 2>&1 <&1 &")
                await until(lambda: len(list(strays.marked(mark))) == 2)
            box.switch_on(SshFault.STALLS)
            reader, writer = await asyncio.open_connection(*box.address)
            box.switch_off(SshFault.STALLS)
            asking, other = await asyncio.open_connection(*box.address)
            await asking.readline()
        assert not list(strays.marked(mark))
        assert not folder.exists()
        assert await reader.read() == b""
        writer.close()
        other.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*box.address)

    go(scenario())
