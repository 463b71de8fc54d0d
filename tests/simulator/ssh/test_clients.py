"""Those who really come to boxes: OpenSSH with its file transfer, and Ansible."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from iotbox_simulator.ssh import SshBox, SshFault, strays
from reconciler.model.secret import Secret
from tests.support.ssh_boxes import Boxes, Ended, Fleet, boxes, until
from tests.support.ssh_servers import SshLab, go

pytestmark = pytest.mark.skipif(shutil.which("ssh") is None, reason="the OpenSSH client is not installed")

SUDO = "canary-sudo"
SYSTEM_PYTHON = "/usr/bin/python3"
PYTHON = SYSTEM_PYTHON if Path(SYSTEM_PYTHON).exists() else sys.executable


def ssh_options(lab: SshLab, box: SshBox) -> list[str]:
    """Options of `ssh`, `scp` and `sftp` that use nothing of who runs the tests."""
    options = {
        "BatchMode": "yes",
        "HostKeyAlias": box.name,
        "IdentitiesOnly": "yes",
        "IdentityFile": lab.identity,
        "Port": box.address[1],
        "User": "pi",
        "UserKnownHostsFile": lab.known_hosts,
    }
    return ["-F", "none", *(text for key, value in options.items() for text in ("-o", f"{key}={value}"))]


async def local(*command: str, sent: bytes = b"", environment: Mapping[str, str] | None = None) -> Ended:
    """Run a program of this machine."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, **(environment or {})}
    )
    output, errors = await child.communicate(sent)
    return Ended(child.returncode, None, output, errors)


@asynccontextmanager
async def a_box(lab: SshLab, *faults: SshFault) -> AsyncIterator[tuple[Boxes, SshBox]]:
    async with boxes(lab, sudo_password=Secret(SUDO)) as served:
        box = served.open(Fleet().box("till-1"))
        for fault in faults:
            box.switch_on(fault)
        yield served, box


def test_openssh_runs_a_command(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with a_box(ssh_lab) as (_, box):
            done = await local("ssh", *ssh_options(ssh_lab, box), box.address[0], "uname -s; cat; exit 3", sent=b"sent")
            assert (done.status, done.output, done.errors) == (3, b"Linux\nsent", b"")

    go(scenario())


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (SshFault.NOT_LISTENING, b"Connection refused"),
        (SshFault.CLOSES, b"onnection"),
        (SshFault.HOST_KEY_CHANGED, b"REMOTE HOST IDENTIFICATION HAS CHANGED"),
        (SshFault.LOGIN_REFUSED, b"Permission denied (publickey,password)"),
    ],
)
def test_openssh_meets_the_same_faults(ssh_lab: SshLab, fault: SshFault, said: bytes) -> None:
    async def scenario() -> None:
        async with a_box(ssh_lab, fault) as (_, box):
            done = await local("ssh", *ssh_options(ssh_lab, box), box.address[0], "true")
            assert done.status == 255
            assert said in done.errors

    go(scenario())


@pytest.mark.parametrize("flags", [(), ("-O",)], ids=["over SFTP", "as of old"])
def test_scp_carries_a_file_there_and_back(ssh_lab: SshLab, tmp_path: Path, flags: tuple[str, ...]) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(os.urandom(300_000))

    async def scenario() -> None:
        async with a_box(ssh_lab) as (served, box):
            options = [*flags, *ssh_options(ssh_lab, box)]
            host = box.address[0]
            assert (await local("scp", *options, str(there), f"{host}:carried")).status == 0
            carried = served.host.scratch.home(box.name) / "carried"
            assert carried.read_bytes() == there.read_bytes()
            assert carried.stat().st_uid == carried.parent.stat().st_uid
            assert (await local("scp", *options, f"{host}:carried", str(back))).status == 0
            assert back.read_bytes() == there.read_bytes()

    go(scenario())


def test_sftp_sees_the_home_and_has_no_rights_of_root(ssh_lab: SshLab, tmp_path: Path) -> None:
    batch = f"pwd\nmkdir one\nls -l\n-get /etc/shadow {tmp_path}/open\n-put {ssh_lab.known_hosts} /usr/canary\n"

    async def scenario() -> None:
        async with a_box(ssh_lab) as (served, box):
            command = ("sftp", "-b", "-", *ssh_options(ssh_lab, box), box.address[0])
            done = await local(*command, sent=batch.encode())
            home = served.host.scratch.home(box.name)
            assert f"Remote working directory: {home}\n".encode() in done.output
            assert (home / "one").is_dir()
            assert (home / "one").stat().st_uid == home.stat().st_uid
            assert done.errors.lower().count(b"permission denied") == 2
            assert not (tmp_path / "open").exists()
            await until(lambda: not list(strays.marked(served.host.mark)))

    go(scenario())


def ansible_inventory(lab: SshLab, box: SshBox, **variables: object) -> str:
    """Write an inventory with one box."""
    common = " ".join(["-F none", f"-o HostKeyAlias={box.name}", f"-o UserKnownHostsFile={lab.known_hosts}"])
    values = {
        "ansible_python_interpreter": PYTHON,
        "ansible_host": box.address[0],
        "ansible_port": box.address[1],
        "ansible_user": "pi",
        "ansible_ssh_private_key_file": str(lab.identity),
        "ansible_ssh_common_args": common,
        "ansible_ssh_args": "",
        **variables,
    }
    path = lab.folder / "inventory.yml"
    path.write_text(json.dumps({"all": {"hosts": {box.name: values}}}))
    return str(path)


async def ansible(lab: SshLab, box: SshBox, module: str, arguments: str = "", **variables: object) -> Ended:
    """Run one module on the box."""
    (lab.folder / "ansible.cfg").touch()
    environment = {
        "ANSIBLE_CONFIG": str(lab.folder / "ansible.cfg"),
        "ANSIBLE_HOME": str(lab.folder / "ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "no",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": str(variables.pop("pipelining", False)),
        "LC_ALL": "C.UTF-8",
    }
    seconds = variables.pop("in_background", 0)
    background = ("-B", str(seconds), "-P", "1") if seconds else ()
    inventory = ansible_inventory(lab, box, **variables)
    command = (sys.executable, "-m", "ansible", "adhoc", "all", "-i", inventory, "-m", module, "-a", arguments)
    return await local(*command, *background, environment=environment)


BECOME: Mapping[str, object] = {"ansible_become": True}
WITH_PASSWORD: Mapping[str, object] = {**BECOME, "ansible_become_password": SUDO}

needs_python = pytest.mark.skipif(
    os.geteuid() == 0 and PYTHON != SYSTEM_PYTHON,
    reason=f"no {SYSTEM_PYTHON}, which modules need without root's rights",
)


@needs_python
@pytest.mark.parametrize(
    ("module", "arguments", "said", "variables"),
    [
        ("raw", "echo raw-$((6 * 7))", b"raw-42", {}),
        ("raw", "echo raw-$((6 * 7))", b"raw-42", BECOME),
        ("raw", "echo raw-$((6 * 7))", b"raw-42", WITH_PASSWORD),
        ("ping", "", b'"ping": "pong"', {}),
        ("ping", "", b'"ping": "pong"', WITH_PASSWORD),
        ("command", "printenv USER", b"\npi\n", BECOME),
    ],
)
def test_ansible_works(
    ssh_lab: SshLab, module: str, arguments: str, said: bytes, variables: Mapping[str, object]
) -> None:
    faults = [SshFault.SUDO_PASSWORD] if "ansible_become_password" in variables else []

    async def scenario() -> None:
        async with a_box(ssh_lab, *faults) as (_, box):
            done = await ansible(ssh_lab, box, module, arguments, **variables)
            assert said in done.output, done
            assert done.status == 0
            assert b"WARNING" not in done.errors

    go(scenario())


@needs_python
@pytest.mark.parametrize(
    "variables",
    [
        BECOME,
        {"ansible_ssh_transfer_method": "piped"},
        {"ansible_ssh_transfer_method": "scp", "ansible_scp_extra_args": "-O"},
    ],
    ids=["by default, with become", "piped", "scp as of old"],
)
def test_ansible_copies(ssh_lab: SshLab, tmp_path: Path, variables: Mapping[str, object]) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(100_000))

    async def scenario() -> None:
        async with a_box(ssh_lab) as (served, box):
            target = served.host.scratch.home(box.name) / "copied"
            done = await ansible(ssh_lab, box, "copy", f"src={source} dest={target} mode=0600", **variables)
            assert done.status == 0, done
            assert b"WARNING" not in done.errors
            assert target.read_bytes() == source.read_bytes()
            assert target.stat().st_uid == target.parent.stat().st_uid
            assert b'"changed": true' in done.output

    go(scenario())


@needs_python
@pytest.mark.parametrize(
    ("module", "arguments", "status", "said"),
    [
        ("ping", "", 0, b'"ping": "pong"'),
        ("iot_https.fleet.iot_https_box", "request={}", 2, b"a simulated box runs the module at once only"),
    ],
)
def test_ansible_in_the_background(ssh_lab: SshLab, module: str, arguments: str, status: int, said: bytes) -> None:
    async def scenario() -> None:
        async with a_box(ssh_lab) as (_, box):
            done = await ansible(ssh_lab, box, module, arguments, in_background=60)
            assert said in done.output, done
            assert done.status == status

    go(scenario())


@needs_python
def test_ansible_pipelines(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with a_box(ssh_lab) as (served, box):
            done = await ansible(ssh_lab, box, "ping", pipelining=True, ansible_become=True)
            assert b"pong" in done.output, done
            assert [each.name for each in served.host.scratch.home(box.name).iterdir()] == ["~pi"]

    go(scenario())


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (SshFault.LOGIN_REFUSED, b"Permission denied"),
        (SshFault.SUDO_PASSWORD, b"password"),
        (SshFault.NOT_LISTENING, b"Connection refused"),
    ],
)
def test_ansible_meets_the_same_faults(ssh_lab: SshLab, fault: SshFault, said: bytes) -> None:
    async def scenario() -> None:
        async with a_box(ssh_lab, fault) as (_, box):
            done = await ansible(ssh_lab, box, "raw", "true", ansible_become=True)
            assert done.status in (2, 4)
            assert said in done.output

    go(scenario())
