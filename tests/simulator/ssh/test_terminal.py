"""Who asks for a terminal gets one."""

from __future__ import annotations

import asyncssh
import pytest

from iotbox_simulator.ssh import SshFault, strays
from reconciler.model.secret import Secret
from tests.support.ssh_boxes import Fleet, boxes, until
from tests.support.ssh_servers import SshLab, go

PROMPTS = ("$ ", "# ")


async def on_terminal(connection: asyncssh.SSHClientConnection, command: str | None) -> asyncssh.SSHClientProcess[str]:
    return await connection.create_process(command, term_type="xterm", term_size=(100, 30))


@pytest.mark.parametrize(
    ("command", "typed", "output", "status"),
    [
        ("tty >/dev/null && echo yes; exit 3", "", "yes\r\n", 3),
        ("stty size", "", "30 100\r\n", 0),
        ("echo $TERM; echo err >&2", "", "xterm\r\nerr\r\n", 0),
        ("echo for the terminal >/dev/tty", "", "for the terminal\r\n", 0),
        ("stty -echo; read line; echo got $line", "typed\n", "got typed\r\n", 0),
        ("seq 100000 | tail -n 1; seq 20000", "", "100000\r\n" + "".join(f"{n}\r\n" for n in range(1, 20001)), 0),
    ],
    ids=["is one", "size", "kind", "controlling", "typing", "much"],
)
def test_a_command_has_a_terminal(ssh_lab: SshLab, command: str, typed: str, output: str, status: int) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab, lab.client(lab.open(Fleet().box("till-1"))) as connection:
            process = await on_terminal(connection, command)
            process.stdin.write(typed)
            done = await process.wait()
            assert str(done.stdout).removeprefix(typed.replace("\n", "\r\n")) == output
            assert done.exit_status == status

    go(scenario())


def test_a_shell_talks_with_who_types(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab, lab.client(lab.open(Fleet().box("till-1"))) as connection:
            process = await on_terminal(connection, None)
            await process.stdout.readuntil(PROMPTS)  # what is typed before is echoed above the first prompt
            process.stdin.write("echo $((6 * 7))\n")
            assert await process.stdout.readuntil("42\r\n") == "echo $((6 * 7))\r\n42\r\n"
            process.stdin.write("exit 5\n")
            assert (await process.wait()).exit_status == 5

    go(scenario())


def test_a_window_changes_its_size(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab, lab.client(lab.open(Fleet().box("till-1"))) as connection:
            process = await on_terminal(connection, "stty -echo; echo ready; read line; stty size")
            await process.stdout.readuntil("ready\r\n")
            process.change_terminal_size(120, 40)
            process.stdin.write("go\n")
            assert str((await process.wait()).stdout).endswith("40 120\r\n")

    go(scenario())


def test_ctrl_c_interrupts(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab, lab.client(lab.open(Fleet().box("till-1"))) as connection:
            # what is interrupted says itself that it runs: a shell about to become it may lose the signal
            process = await on_terminal(connection, "echo ready >said; exec tail -f said")
            await process.stdout.readuntil("ready\r\n")
            process.stdin.write("\x03")
            done = await process.wait()
            assert done.exit_signal
            assert done.exit_signal[0] == "INT"

    go(scenario())


def test_sudo_does_not_echo_the_password(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab, sudo_password=Secret("canary-sudo")) as lab:
            box = lab.open(Fleet().box("till-1"))
            box.switch_on(SshFault.SUDO_PASSWORD)
            async with lab.client(box) as connection:
                process = await on_terminal(connection, "sudo echo is root")
                asked = await process.stdout.readuntil("pi: ")
                process.stdin.write("canary-sudo\n")
                rest = str((await process.wait()).stdout)
        assert asked.endswith("[sudo] password for pi: ")
        assert rest == "\r\nis root\r\n"

    go(scenario())


def test_what_runs_ends_with_its_client(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            async with lab.client(lab.open(Fleet().box("till-1"))) as connection:
                process = await on_terminal(connection, "echo ready; exec sleep 1000")
                await process.stdout.readuntil("ready\r\n")
                assert len(list(strays.marked(lab.host.mark))) == 1
            await until(lambda: not list(strays.marked(lab.host.mark)))

    go(scenario())
