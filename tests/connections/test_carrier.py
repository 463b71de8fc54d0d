"""The program as it is sent: run for real by another interpreter, from memory, with whatever may go wrong there."""

from __future__ import annotations

import ast
import asyncio
import io
import json
import struct
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest

from reconciler.codes import CodeName, Variant
from reconciler.connections import local, reply
from reconciler.connections.carrier import BOOTSTRAP, message, program_zip
from reconciler.machine.posix.surroundings import ENVIRONMENT
from reconciler.model.desired import WIRE_VERSION, Desired, Request
from reconciler.model.secret import Secret

REQUEST = Request(desired=Desired(name="till", token=Secret("canary-token")))
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def run(stdin: bytes, bootstrap: str = BOOTSTRAP) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-I", "-c", bootstrap], input=stdin, capture_output=True, check=False)


def test_the_bootstrap_is_understood_by_every_python_3() -> None:
    ast.parse(BOOTSTRAP, feature_version=(3, 4))
    assert "f'" not in BOOTSTRAP
    assert 'f"' not in BOOTSTRAP


def test_an_old_python_is_named_and_gets_no_further() -> None:
    old = BOOTSTRAP.replace("sys.version_info <", "(3, 7) <")
    result = reply.read(run(message(REQUEST), old).stdout, REQUEST, NOW)
    assert [each.code for each in result.after] == [CodeName.UNSUPPORTED_PYTHON]
    assert result.failed


def test_a_request_of_another_version_is_refused_by_the_program() -> None:
    raw = message(REQUEST)
    program = int.from_bytes(raw[:8], "big")
    body = json.dumps({"version": 99}).encode()
    answered = run(struct.pack(">QQ", program, len(body)) + raw[16 : 16 + program] + body)
    result = reply.read(answered.stdout, REQUEST, NOW)
    assert f"version {WIRE_VERSION}: controller and program differ" in result.after[0].evidence


@pytest.mark.parametrize("stdin", [b"", b"12345678"])
def test_a_program_that_does_not_arrive_is_said(stdin: bytes) -> None:
    result = reply.read(run(stdin).stdout, REQUEST, NOW)
    assert "the program did not arrive" in result.after[0].evidence


def test_a_program_that_arrives_in_part_is_said() -> None:
    raw = message(REQUEST)
    answered = run(struct.pack(">QQ", 100, 10) + raw[16:116] + b"{}")
    result = reply.read(answered.stdout, REQUEST, NOW)
    assert result.failed
    assert "cannot load the program" in result.after[0].evidence


def test_the_zip_holds_what_runs_on_a_box_and_nothing_else() -> None:
    names = zipfile.ZipFile(io.BytesIO(program_zip())).namelist()
    assert "reconciler/box/__main__.py" in names
    assert not [name for name in names if not name.endswith(".py")]
    assert not [name for name in names if name.split("/")[1] in ("cli.py", "connections", "report")]
    assert not [name for name in names if b"canary" in zipfile.ZipFile(io.BytesIO(program_zip())).read(name)]


def test_secrets_travel_on_standard_input_only(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def spy(command: tuple[str, ...], **options: object) -> subprocess.CompletedProcess[bytes]:
        seen.update(command=command, **options)
        return subprocess.CompletedProcess(command, 0, b"", b"sudo: a password is required\n")

    monkeypatch.setattr(subprocess, "run", spy)
    result = asyncio.run(local.run(REQUEST))
    assert "canary-token" not in repr(seen["command"])
    assert b"canary-token" in bytes(seen["input"])  # type: ignore[call-overload]
    assert seen["env"] == ENVIRONMENT
    assert seen["cwd"] == "/"
    assert "sudo: a password is required" in result.after[0].evidence


def test_a_missing_interpreter_is_named() -> None:
    result = asyncio.run(local.run(REQUEST, python="/no/such/python3"))
    assert result.failed
    assert result.after[0].code == CodeName.PYTHON_MISSING


@pytest.mark.parametrize(
    ("errors", "variant"),
    [
        (b"sudo: a password is required\n", None),
        (b"sudo: sorry, you must have a tty to run sudo\n", Variant.TERMINAL_DEMANDED),
        (b"tuan is not in the sudoers file.\n", Variant.NO_RULE),
    ],
)
def test_sudo_that_refuses_on_this_machine_is_named_as_over_ssh(
    errors: bytes, variant: Variant | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, b"", errors))
    (found,) = asyncio.run(local.run(REQUEST)).after
    assert (found.code, found.variant) == (CodeName.SUDO_REFUSED, variant)


def test_this_machine_may_have_no_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "sudo")

    monkeypatch.setattr(subprocess, "run", missing)
    (found,) = asyncio.run(local.run(REQUEST)).after
    assert (found.code, found.variant) == (CodeName.SUDO_REFUSED, Variant.SUDO_MISSING)
