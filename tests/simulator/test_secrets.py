"""A canary in every secret variable of an inventory: none comes out anywhere, however much a run is asked to tell."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import yaml

from iotbox_simulator.fleet import Fleet
from iotbox_simulator.live import LiveBox
from iotbox_simulator.scenario import Customer, Scenario, ScenarioBox
from iotbox_simulator.ssh import Access, SshFault, SshHost
from reconciler.model.secret import Secret
from tests.support import leaks
from tests.support.tally import count

BIN = Path(sys.executable).parent
CANARIES = {
    "iot_https_token": "canary-token-5e1f",
    "iot_https_db_uuid": "5ca1ab1e-0000-4000-8000-00000000c0de",
    "iot_https_enterprise_code": "MCANARY5E1F",
    "iot_https_proxy": "canary-of-the-proxy",
    "ansible_password": "canary-of-the-login",
    "ansible_become_password": "canary-of-sudo",
    "the vault's password": "canary-of-the-vault",
}
CUSTOMER = Customer("baker", "https://db.example", CANARIES["iot_https_db_uuid"], CANARIES["iot_https_enterprise_code"])
FAULTS = {
    "fresh": ("fresh",),
    "differs": ("credentials", "overdue"),
    "greets": ("mixed", SshFault.SHELL_PRINTS),
    "killed": ("fresh", SshFault.PROGRAM_KILLED),
    "lost": ("fresh", SshFault.CONNECTION_LOST),
    "refused": (SshFault.LOGIN_REFUSED,),
}
NAME = "inventory_hostname"
VERBOSITIES = (
    ("check",),
    ("--debug", "diagnose", "--chain", "--events", "{folder}/events"),
    ("--debug", "diagnose", "--output", "json"),
    ("--debug", "check", "--diff"),
    ("--debug", "reconcile", "--yes", "--diff", "--events", "{folder}/events"),
    ("--debug", "reconcile", "--yes", "--output", "json", "--events", "{folder}/events"),
)


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[list[str]]:
    """Serve boxes that want passwords for everything, write their inventory, and yield what selects it."""
    boxes = tuple(ScenarioBox(name, CUSTOMER, "hue", "rw_ini", tuple(faults)) for name, faults in FAULTS.items())
    fleet = Fleet.opened(Scenario(boxes, ("1.1.1.1",)), datetime.now(UTC), IPv4Address("127.78.0.20"))
    access = Access(
        password=Secret(CANARIES["ansible_password"]), sudo_password=Secret(CANARIES["ansible_become_password"])
    )
    async with SshHost() as host:
        hosts, known = {}, ""
        for one in boxes:
            served_box = host.open(LiveBox(one.name, fleet.boxes[one.name]), ("127.0.0.1", 0), access)
            for fault in (*one.ssh_faults, SshFault.SUDO_PASSWORD):
                served_box.switch_on(fault)
            known += served_box.known_hosts_line
            hosts[one.name] = {"ansible_port": served_box.address[1]}
        yield _inventory(folder, hosts, known)


def _inventory(folder: Path, hosts: dict[str, dict[str, int]], known: str) -> list[str]:
    (folder / "group_vars").mkdir(parents=True)
    (folder / "known_hosts").write_text(known)
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    variables = {
        "ansible_host": "127.0.0.1",
        "ansible_user": "pi",
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={folder}/known_hosts -o HostKeyAlias={{{{ {NAME} }}}}",
        "iot_https_customer": CUSTOMER.name,
        "iot_https_server_url": CUSTOMER.server_url,
        "iot_https_resolvers": ["1.1.1.1"],
        **{name: canary for name, canary in CANARIES.items() if "vault" not in name},
        "iot_https_proxy": f"http://user:{CANARIES['iot_https_proxy']}@proxy.example:3128",
    }
    vault = folder / "group_vars/all.yml"
    vault.write_text(yaml.safe_dump(variables))
    password = folder / "vault-password"
    password.write_text(CANARIES["the vault's password"])
    encrypt = [str(BIN / "ansible-vault"), "encrypt", "--vault-password-file", str(password), str(vault)]
    subprocess.run(encrypt, check=True, capture_output=True)
    return ["-i", str(folder / "hosts.yml"), "--vault-password-file", str(password), "--no-probe"]


def test_no_canary_comes_out(tmp_path: Path) -> None:
    asyncio.run(_no_canary_comes_out(tmp_path))


async def _no_canary_comes_out(tmp_path: Path) -> None:
    watched = tmp_path / "watched"
    (watched / "temporary").mkdir(parents=True)
    environment = {
        **os.environ,
        "TMPDIR": str(watched / "temporary"),
        "ANSIBLE_LOCAL_TEMP": str(watched / "temporary"),
        "XDG_STATE_HOME": str(watched / "state"),
        "HOME": str(watched),
    }
    statuses, lines, files = [], 0, 0
    async with served(tmp_path / "inventory") as selected:
        for verbosity in VERBOSITIES:
            options = [word.format(folder=watched) for word in verbosity]
            command = [sys.executable, "-m", "reconciler.cli", *options, *selected]
            done = await asyncio.to_thread(leaks.run, command, CANARIES, [watched], environment)
            assert done.leaks == set(), verbosity
            statuses.append(done.status)
            lines, files = lines + done.command_lines, files + done.files
    # in every run some boxes fail and others do not answer; what the first reconcile fixes is in sync in the second
    assert statuses == [22, 30, 30, 22, 22, 20]
    assert lines > len(VERBOSITIES)
    assert files > 0
    count("canaries planted", len(CANARIES))
    count("command lines searched for canaries", lines)


def test_a_leak_is_found_wherever_it_is(tmp_path: Path) -> None:
    """The net has no holes: somebody who leaks in every way is caught in every way."""
    leaky = (
        "import pathlib, sys, time; secret = sys.argv[1]; print(secret); print(secret, file=sys.stderr);"
        "gone = pathlib.Path(sys.argv[2], 'gone'); gone.write_text(secret); time.sleep(0.5); gone.unlink();"
        "pathlib.Path(sys.argv[2], 'left').write_text(secret)"
    )
    # not one of the canaries: somebody else may be looking for those in the command lines of this machine
    command = [sys.executable, "-c", leaky, "leaked-on-purpose", str(tmp_path)]
    found = leaks.run(command, {"iot_https_token": "leaked-on-purpose"}, [tmp_path], os.environ)
    places = ("a command line", "file gone", "file left", "standard error", "standard output")
    assert found.leaks == {f"iot_https_token: {place}" for place in places}
