"""Becoming root on a box: `sudo` that asks, does not ask or refuses, and a program that is not there."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from reconciler.codes import CodeName, Variant
from reconciler.model.secret import Secret
from tests.connections.test_ssh import codes, ran_here, run
from tests.support.ssh_servers import GOOD, REPLY, Process, SshLab, really, said


def test_password_is_sent_where_sudo_asks(ssh_lab: SshLab) -> None:
    handler = really(ssh_lab.folder, "canary-sudo")
    result, commands = run(ssh_lab, handler, become_password=Secret("canary-sudo"))
    assert ran_here(result)
    assert "canary" not in commands[0]


def test_wrong_password_is_offered_once_and_named(ssh_lab: SshLab) -> None:
    handler = really(ssh_lab.folder, "another")
    result, _ = run(ssh_lab, handler, become_password=Secret("canary-sudo"))
    assert codes(result) == [CodeName.SUDO_REFUSED]
    assert result.after[0].variant is Variant.WRONG_PASSWORD
    assert "canary" not in str(result)


def test_password_is_not_sent_where_sudo_does_not_ask(ssh_lab: SshLab) -> None:
    got: list[bytes] = []

    async def handle(process: Process) -> None:
        word = (process.command or "").split("-p ")[1].split("-password")[0]
        process.stdout.write(f"Welcome\n{word}-ready\n".encode())
        got.append(await process.stdin.read())
        process.stdout.write(REPLY)
        process.exit(0)

    result, _ = run(ssh_lab, handle, become_password=Secret("canary-sudo"))
    assert result == GOOD
    assert b"canary-sudo" not in got[0]
    assert b"canary-token" in got[0]


def test_the_word_is_found_however_it_is_cut_into_packets(ssh_lab: SshLab) -> None:
    async def handle(process: Process) -> None:
        word = (process.command or "").split("-p ")[1].split("-password")[0]
        for byte in f"Welcome\n{word[:-1]} {word}-ready\n".encode():
            process.stdout.write(bytes((byte,)))
            await asyncio.sleep(0)
        await process.stdin.read()
        process.stdout.write(REPLY)
        process.exit(0)

    assert run(ssh_lab, handle, become_password=Secret("canary-sudo"))[0] == GOOD


@pytest.mark.parametrize("become", [True, False])
def test_programs_that_the_login_user_plants_are_not_run(
    ssh_lab: SshLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, become: bool
) -> None:
    for name in ("env", "sudo", "python3"):
        planted = tmp_path / name
        planted.write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/mark\n")
        planted.chmod(0o755)
    (tmp_path / "sitecustomize.py").write_text(f"open('{tmp_path}/mark', 'a').write('module')\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result, _ = run(ssh_lab, really(ssh_lab.folder), become=become)
    assert ran_here(result)
    assert not (tmp_path / "mark").exists()


def test_program_is_not_sent_where_sudo_ends(ssh_lab: SshLab) -> None:
    async def handle(process: Process) -> None:
        process.stderr.write(b"pi is not in the sudoers file.\nsudo: you may not\n")
        process.exit(1)

    result, _ = run(ssh_lab, handle, become_password=Secret("canary-sudo"))
    assert codes(result) == [CodeName.SUDO_REFUSED]


@pytest.mark.parametrize(
    ("errors", "status", "code"),
    [
        (b"sudo: a password is required\n", 1, CodeName.SUDO_REFUSED),
        (b"sudo: unable to resolve host iotbox\nsudo: a password is required\n", 1, CodeName.SUDO_REFUSED),
        (b"Sorry, user pi is not allowed to execute 'python3' as root on iotbox.\n", 1, CodeName.SUDO_REFUSED),
        (b"env: 'sudo': No such file or directory\n", 127, CodeName.SUDO_REFUSED),
        (b"bash: sudo: command not found\n", 127, CodeName.SUDO_REFUSED),
        (b"sudo: python3: command not found\n", 1, CodeName.PYTHON_MISSING),
        (b"env: 'python3': No such file or directory\n", 127, CodeName.PYTHON_MISSING),
        (b"", 127, CodeName.PYTHON_MISSING),
        (b"sudo: unable to resolve host iotbox\nMemoryError\n", 1, CodeName.NOT_OBSERVED),
        (b"Illegal instruction\n", 132, CodeName.NOT_OBSERVED),
    ],
)
def test_program_that_does_not_start_has_its_reason(
    ssh_lab: SshLab, errors: bytes, status: int, code: CodeName
) -> None:
    result, _ = run(ssh_lab, said(b"", errors, status))
    assert codes(result) == [code]
    assert result.failed
    last = errors.decode().strip().rpartition("\n")[2]
    assert last in result.after[0].evidence
