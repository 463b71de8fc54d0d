"""What fails every night is refused when it is scheduled, in one line with the way out, and leaves nothing behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest

from reconciler.schedule.errors import NoSystemd
from reconciler.schedule.install import install, to_print
from reconciler.schedule.job import Job, ScheduleError
from reconciler.schedule.rehearsal import command, rehearse
from reconciler.schedule.systemd import Ended, run_program
from tests.inventory.conftest import PASSWORD, encrypted

from .machine import Memory, job

BOX = "all: {hosts: {till-1: {ansible_host: 127.0.0.1, ansible_connection: ssh, %s}}}\n"
KEY = "ansible_ssh_private_key_file: %s/key"


def boxes(folder: Path, variables: str = "") -> None:
    """An inventory of one box that is reached with a key."""
    (folder / "hosts.yml").write_text(BOX % f"{KEY % folder}, {variables}")


def key(folder: Path, passphrase: str | None = None) -> None:
    private = asyncssh.generate_private_key("ssh-ed25519")
    private.write_private_key(str(folder / "key"), "pkcs8-pem", passphrase=passphrase)


def right(folder: Path) -> None:
    boxes(folder)
    key(folder)


def vaulted(folder: Path) -> None:
    boxes(folder, f"iot_https_db_uuid: {encrypted('11111111-2222-3333-4444-555555555555')}")
    key(folder)
    (folder / "password").write_text(PASSWORD)


def one_vaulted(folder: Path) -> None:
    vaulted(folder)
    (folder / "others.yml").write_text("all: {hosts: {till-2: {}}}\n")


def protected(folder: Path) -> None:
    boxes(folder)
    key(folder, "a passphrase")


def protected_with_an_agent(folder: Path) -> None:
    protected(folder)
    (folder / "ssh_config").write_text(f"IdentityAgent {folder}/agent\n")
    boxes(folder, f"ansible_ssh_common_args: -F {folder}/ssh_config")


def no_key(folder: Path) -> None:
    boxes(folder)


def not_for_us(folder: Path) -> None:
    right(folder)
    (folder / "hosts.yml").write_text("all: [")


def of_this_machine(folder: Path) -> None:
    right(folder)
    (folder / "hosts.yml").write_text(BOX % "iot_https_connection: local")


def invalid(folder: Path) -> None:
    right(folder)
    boxes(folder, "iot_https_resolvers: nowhere")


@dataclass(frozen=True)
class Row:
    """A schedule that cannot work.

    Args:
        words: what lines of the refusal say, `None` where there is none.
        exported: variables of the shell in which `schedule install` is run.
    """

    prepare: Callable[[Path], None]
    words: tuple[str, ...] | None
    arguments: tuple[str, ...] = ()
    exported: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, object] = field(default_factory=dict)


HERE = {"ANSIBLE_VAULT_PASSWORD_FILE": "password"}
ROWS = {
    "nothing is wrong": Row(right, None),
    "password file as an option": Row(vaulted, None, ("--vault-password-file", "password")),
    "password in the shell only": Row(
        vaulted,
        (
            "no vault password was given: use --vault-password-file",
            "a service does not see ANSIBLE_VAULT_PASSWORD_FILE",
        ),
        exported=HERE,
    ),
    "password of one box of two": Row(one_vaulted, ("no vault password was given",), ("-i", "others.yml")),
    "password file that is not there": Row(vaulted, ("file nowhere does not exist",), ("--vault-id", "a@nowhere")),
    "no inventory": Row(right, ("nowhere.yml does not exist: correct -i",), ("-i", "nowhere.yml")),
    "an inventory that cannot be read": Row(not_for_us, ("cannot be read as an inventory",)),
    "a pattern that matches nothing": Row(right, ("does not match the only host",), ("hanoi",)),
    "a limit that matches nothing": Row(right, ("does not match the only host",), ("--limit", "hanoi")),
    "no entry that can be used": Row(invalid, ("no box can be used, the first of them: till-1: iot_https_resolvers",)),
    "an encrypted key": Row(
        protected,
        ("till-1: {folder}/key is encrypted, and only an agent can use it", "give it a key without a passphrase"),
    ),
    "an agent of the shell": Row(protected, ("a service has no agent",), exported={"SSH_AUTH_SOCK": "/run/agent"}),
    "an agent of ssh_config": Row(protected_with_an_agent, None),
    "a key that is not there": Row(no_key, ("till-1: {folder}/key is not there: a service has no agent",)),
    "the local connection": Row(of_this_machine, ("till-1: the connection is local",), changes={"local": False}),
    "the local connection, said": Row(of_this_machine, None, changes={"local": True}),
    "a file of variables that is not there": Row(
        right, ("nowhere.yml",), ("--connection", "local", "--desired", "nowhere.yml")
    ),
}


def scheduled(row: Row, folder: Path) -> Job:
    row.prepare(folder)
    sources = () if "--connection" in row.arguments else ("-i", "hosts.yml")
    program = (sys.executable, "-m", "iot_https")
    return job(program=program, directory=folder, arguments=(*sources, *row.arguments), **row.changes)


class WithRehearsals(Memory):
    """A systemd that answers from memory, and rehearsals for real."""

    def run(self, command: Sequence[str]) -> Ended:
        """Answer a command."""
        return run_program(command) if command[0] == "env" else super().run(command)


@pytest.mark.parametrize("name", ROWS)
def test_a_schedule_is_refused_at_once(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = ROWS[name]
    (folder := tmp_path / "msp").mkdir()
    (units := tmp_path / "units").mkdir()
    monkeypatch.setattr("reconciler.schedule.job._HIDDEN_BY_PRIVATE_TMP", ())
    for variable, value in row.exported.items():
        monkeypatch.setenv(variable, value)
    meant, machine = scheduled(row, folder), WithRehearsals()
    if row.words is None:
        assert install(meant, directory=units, run=machine.run).changed
        return
    with pytest.raises(ScheduleError) as refused:
        install(meant, directory=units, run=machine.run)
    lines = str(refused.value).splitlines()
    assert [words for words in row.words if not any(words.format(folder=folder) in line for line in lines)] == []
    assert list(units.iterdir()) == []
    assert not machine.did("mkdir")
    assert not machine.did("enable")


def test_nothing_of_this_environment_comes_along(tmp_path: Path) -> None:
    (folder := tmp_path / "msp").mkdir()
    meant = job(program=("/usr/bin/env", "--"), directory=folder)
    words = command(meant)
    assert words[:2] == ("env", "-i")
    program = words.index("/usr/bin/env")
    ended = run_program((*words[:program], "env"))
    names = {line.partition("=")[0] for line in ended.output.splitlines()}
    assert names == {"HOME", "USER", "LOGNAME", "PATH", "LANG", "ANSIBLE_LOCAL_TEMP"}


def test_another_user_is_who_rehearses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert command(job())[:2] == ("runuser", "-u")


def test_a_run_that_says_nothing_is_refused_too() -> None:
    with pytest.raises(ScheduleError, match="the run ends with 3"):
        rehearse(job(), lambda _: Ended(3), {})


def test_without_systemd_nothing_is_left_behind(tmp_path: Path) -> None:
    machine = Memory({"systemctl show": "System has not been booted with systemd as init system (PID 1)."})
    with pytest.raises(ScheduleError, match=r"systemd does not run on this machine .*: use --print"):
        install(job(), directory=tmp_path, run=machine.run)
    assert list(tmp_path.iterdir()) == []
    assert not machine.did("mkdir")


def test_a_calendar_is_judged_before_it_is_printed_where_that_can_be() -> None:
    with pytest.raises(ScheduleError, match="calendar 'whenever'"):
        to_print(job(calendar="whenever"), run=Memory({"systemd-analyze calendar": "Failed to parse"}).run)

    def nothing(_: Sequence[str]) -> Ended:
        raise NoSystemd("there is no systemd-analyze here")

    units, warnings = to_print(job(), run=nothing)
    assert sorted(units) == ["iot-https-night.service", "iot-https-night.timer"]
    assert "is not checked" in warnings[0]
