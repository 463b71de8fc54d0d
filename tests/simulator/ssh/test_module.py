"""The role's module, sent by Ansible: it looks at the simulated box, and never at the machine that simulates."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from iotbox_simulator.ssh import SshBox, SshFault, ansiballz
from iotbox_simulator.ssh.gate import PipeGate
from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.connections.carrier import request_text
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.secret import Secret
from reconciler.results.result import Result
from reconciler.role import printed
from tests.support.ssh_boxes import DB_UUID, Boxes, Ended, Fleet, boxes
from tests.support.ssh_servers import SshLab, go

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SUDO = "canary-sudo"
DESIRED = Desired(
    name="till-1",
    server_url="https://db.example",
    token=Secret("canary-token"),
    db_uuid=Secret(DB_UUID),
    enterprise_code=Secret("M210101"),
    resolvers=("1.1.1.1", "8.8.8.8"),
)


def asked(mode: Mode = Mode.RECONCILE) -> dict[str, str]:
    """Return the module's argument."""
    return {"request": request_text(Request(desired=DESIRED, mode=mode))}


DECLARED = asked()


def program(arguments: Mapping[str, Any], changed: str | None = None, extra: str = "") -> bytes:
    """Return what Ansible sends, or would send of another version: one that says on this machine that it ran."""
    buffer = io.BytesIO()
    package = ROOT / "reconciler"
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted([*package.glob("codes/*.py"), *package.glob("model/*.py")]):
            name = str(path.relative_to(package))
            content = path.read_bytes() + (b"# changed" if name == changed else b"")
            archive.writestr(f"{ansiballz.PACKAGE}{name}", content)
    call = {
        "ansible_module": "iot_https.fleet.iot_https_box",
        "params": json.dumps({"ANSIBLE_MODULE_ARGS": dict(arguments)}),
        "zip_data": base64.b64encode(buffer.getvalue()).decode(),
    }
    lines = [f"    {key}={value!r}," for key, value in call.items()]
    wrapper = ["#!/usr/bin/python3", "_ANSIBALLZ_WRAPPER = True", extra, "def _ansiballz_main(**_: object) -> None:"]
    text = "\n".join([*wrapper, '    print("IT RAN HERE")', "_ansiballz_main(", *lines, ")"])
    return text.encode()


def become(python: str = "/usr/bin/python3") -> str:
    """Return the command with which Ansible pipes a module in."""
    return f"/bin/sh -c 'sudo -H -S -n -u root /bin/sh -c '\"'\"'echo BECOME-SUCCESS-x ; {python}'\"'\"' && sleep 0'"


def answer(done: Ended) -> Result:
    """Return the result in what the module printed, after what becoming root said."""
    assert b"canary" not in done.output
    said = printed.said(json.dumps(printed_by(done)), "")
    return reply.read(said.output, Request(desired=DESIRED), NOW, said.errors)


def printed_by(done: Ended) -> dict[str, Any]:
    """Return what the module printed."""
    assert b"IT RAN HERE" not in done.output
    first, _, rest = done.output.partition(b"\n")
    assert first == b"BECOME-SUCCESS-x"
    said: dict[str, Any] = json.loads(rest)
    return said


def _box(lab: Boxes, fault: str | None = "resolvers") -> SshBox:
    return lab.open(Fleet().box("till-1", fault=fault))


def test_what_is_piped_in_runs_on_the_box(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = _box(lab)
            look = answer(await lab.command(box, become(), program(asked(Mode.CHECK))))
            assert CodeName.RESOLVERS_DIFFER in [finding.code for finding in look.after]
            mended = answer(await lab.command(box, become(), program(asked())))
            assert (mended.changed, mended.after) == (True, ())
            with box.live.caught_up() as machine:
                assert b"8.8.8.8" in machine.host.read("/etc/resolv.conf")

    go(scenario())


@pytest.mark.parametrize("path", ["{home}/AnsiballZ_iot_https.py", "'\"'\"'~pi/AnsiballZ_iot_https.py'\"'\"'"])
def test_what_was_put_into_a_file_runs_on_the_box(ssh_lab: SshLab, path: str) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = _box(lab)
            home = lab.host.scratch.home(box.name)
            (home / "AnsiballZ_iot_https.py").write_bytes(program(DECLARED))
            said = answer(await lab.command(box, become(f"/usr/bin/python3 {path.format(home=home)}")))
            assert said.observed is not None

    go(scenario())


@pytest.mark.parametrize(
    ("sent", "command", "said"),
    [
        (program(DECLARED, changed="model/wire.py"), become(), "is not of the version that the simulated box runs"),
        (program({}), become(), "missing required arguments: request"),
    ],
)
def test_what_no_box_would_do_is_refused(ssh_lab: SshLab, sent: bytes, command: str, said: str) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = printed_by(await lab.command(_box(lab), command, sent))
            assert done["failed"] is True
            assert said in done["msg"]

    go(scenario())


def test_without_root_nothing_is_done(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await lab.command(_box(lab), "/bin/sh -c '/usr/bin/python3 && sleep 0'", program(DECLARED))
            assert "as root only: use become" in json.loads(done.output)["msg"]

    go(scenario())


@pytest.mark.parametrize("command", ["cat > here; python3 here", "python3 -", "exec python3"])
def test_it_never_runs_on_this_machine(ssh_lab: SshLab, tmp_path: Path, command: str) -> None:
    tmp_path.chmod(0o777)
    mark = tmp_path / "written"
    sent = program(DECLARED, extra=f"open({str(mark)!r}, 'w').close()")

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await lab.command(_box(lab), command, sent)
            assert b"IT RAN HERE" not in done.output
            assert b"as root only" in done.output

    go(scenario())
    assert not mark.exists()


@pytest.mark.parametrize("kept", ["here", "/tmp/AnsiballZ_iot_https.py"])
def test_it_can_be_carried_like_any_file_and_does_not_run_afterwards(ssh_lab: SshLab, kept: str) -> None:
    sent = program(DECLARED)
    kept = kept.replace("/tmp", "$HOME")

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = _box(lab)
            carried = await lab.command(box, f"cat > {kept}; wc -c < {kept}", sent)
            assert carried.output.strip() == str(len(sent)).encode()
            home = lab.host.scratch.home(box.name)
            done = await lab.command(box, f"python3 {kept}".replace("$HOME", str(home)))
            assert b"as root only" in done.output

    go(scenario())


def test_other_modules_run_as_ever(ssh_lab: SshLab) -> None:
    other = b"#!/usr/bin/python3\n_ANSIBALLZ_WRAPPER = True\nprint('another')\n"

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await lab.command(_box(lab), become("cat; : python3"), other)
            assert done.output == b"BECOME-SUCCESS-x\n" + other

    go(scenario())


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_gate_lets_through_what_is_before_a_module(size: int) -> None:
    gate, sent, passed = PipeGate(), b"password\n_ANSI\n" + program(DECLARED), b""
    for start in range(0, len(sent), size):
        passed += gate.through(sent[start : start + size])
    gate.close()
    assert passed == b"password\n_ANSI\n#!/usr/bin/python3\n"
    assert gate.taken is not None
    assert gate.taken.arguments == DECLARED
    assert passed + gate.rest() == sent


@pytest.mark.parametrize(
    "sent",
    [
        ansiballz.MARK,
        ansiballz.MARK + b"\n_ansiballz_main(zip_data='x', params='{}')",
        ansiballz.MARK + b"\n_ansiballz_main(zip_data='####', params='[', ansible_module='a')",
        ansiballz.MARK + b"\n((((",
        ansiballz.MARK + b"\0",
        b"print(1)",
    ],
)
def test_what_is_no_module_of_ours_is_not_taken_for_one(sent: bytes) -> None:
    assert ansiballz.read(sent) is None


@pytest.mark.skipif(shutil.which("ssh") is None, reason="the OpenSSH client is not installed")
@pytest.mark.parametrize("pipelining", ["yes", "no"], ids=["piped", "by file"])
def test_ansible_sends_the_true_one(ssh_lab: SshLab, tmp_path: Path, pipelining: str) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab, sudo_password=Secret(SUDO)) as lab:
            box = _box(lab)
            box.switch_on(SshFault.SUDO_PASSWORD)
            done = await _play(ssh_lab, box, tmp_path, pipelining)
            assert b"till-1: differs" in done, done
            assert b"IOT_HTTPS_RESOLVERS_DIFFER" in done

    go(scenario())


async def _play(lab: SshLab, box: SshBox, folder: Path, pipelining: str) -> bytes:
    values = {
        "iot_https_server_url": "https://db.example",
        "iot_https_token": "canary-token",
        "iot_https_db_uuid": DB_UUID,
        "iot_https_enterprise_code": "M210101",
        "iot_https_resolvers": ["1.1.1.1", "8.8.8.8"],
        "ansible_host": box.address[0],
        "ansible_port": box.address[1],
        "ansible_user": "pi",
        "ansible_become_password": SUDO,
        "ansible_ssh_private_key_file": str(lab.identity),
        "ansible_ssh_common_args": f"-F none -o HostKeyAlias={box.name} -o UserKnownHostsFile={lab.known_hosts}",
        "ansible_ssh_args": "",
    }
    (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": {box.name: values}}}))
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ansible", "playbook", "-i", str(folder / "hosts.json"), "iot_https.fleet.check"),
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_PIPELINING": pipelining, "ANSIBLE_REMOTE_TMP": "~/tmp", "ANSIBLE_NOCOLOR": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await child.communicate()
    return output
