"""Boxes that let nobody in yet, with SSH and a homepage, and the command that enrols them."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest

from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.served_web import ServedWeb
from iotbox_simulator.ssh import Access, SshBox, SshHost
from reconciler.cli import main
from tests.support.ssh_boxes import Fleet
from tests.support.ssh_servers import LOOPBACK, SshLab, go

FILE = "/home/pi/.ssh/authorized_keys"
NOBODY = Access()


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@dataclass
class Shop:
    """Boxes by name, and an inventory of them.

    Args:
        patch: of the test that has it, for what is broken on the way.
        ca_pem: who signed the boxes' certificates.
    """

    lab: SshLab
    boxes: dict[str, SshBox]
    webs: dict[str, ServedWeb]
    variables: dict[str, dict[str, object]] = field(default_factory=dict)
    patch: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)
    ca_pem: str = ""

    @property
    def inventory(self) -> Path:
        """The file."""
        return self.lab.folder / "hosts.yml"

    def declare(self) -> None:
        """Write the inventory anew."""
        hosts = {name: {**self._usual(name), **self.variables.get(name, {})} for name in self.boxes}
        lines = ["all:", "  hosts:"]
        for name, values in hosts.items():
            lines.append(f"    {name}:")
            lines += [f"      {key}: {json.dumps(value)}" for key, value in values.items()]
        self.inventory.write_text("\n".join(lines) + "\n")

    def _usual(self, name: str) -> dict[str, object]:
        box = self.boxes[name]
        return {
            "ansible_host": box.address[0],
            "ansible_port": box.address[1],
            "ansible_user": "pi",
            "ansible_ssh_private_key_file": str(self.lab.identity),
            "ansible_ssh_common_args": f"-F none -o UserKnownHostsFile={self.lab.known_hosts}",
            "iot_https_homepage_port": self.webs[name].homepage_port,
            "iot_https_https_port": self.webs[name].https_port,
            "iot_https_resolvers": ["1.1.1.1"],
        }

    async def enroll(self, *words: str) -> int:
        """Run the command beside the servers."""
        return await asyncio.to_thread(main, ["enroll", "-i", str(self.inventory), *words])

    def fingerprints(self, *names: str) -> list[str]:
        """Return the options that say that host keys were compared."""
        return [
            word
            for name in names or self.boxes
            for word in ("--host-key-fingerprint", f"{name}={self.boxes[name].host_key.get_fingerprint()}")
        ]

    def keys(self, name: str) -> str:
        """Return what is in the file of a box, empty where there is none."""
        try:
            return self.boxes[name].live.box.host.read(FILE).decode()
        except FileNotFoundError:
            return ""

    def passwords(self, name: str) -> int:
        """Return how many passwords a box has made."""
        return self.boxes[name].live.box.vendor._passwords

    @property
    def known(self) -> list[str]:
        """Names of known hosts."""
        return [line.split()[0] for line in self.lab.known_hosts.read_text().splitlines()]

    def own(self) -> str:
        """Return the line that is added."""
        return self.lab.key.export_public_key().decode().split("\n")[0].strip()

    async def lets_in(self, name: str) -> bool:
        """Tell whether somebody gets in by the key alone."""
        box = self.boxes[name]
        try:
            async with asyncssh.connect(
                *box.address, username="pi", client_keys=[self.lab.key], known_hosts=None, config=None, password=None
            ):
                return True
        except asyncssh.PermissionDenied:
            return False


@asynccontextmanager
async def shop(lab: SshLab, kinds: Mapping[str, LayoutKind]) -> AsyncIterator[Shop]:
    """Serve boxes that let nobody in."""
    fleet = Fleet()
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(SshHost())
        found = Shop(lab, {}, {}, ca_pem=fleet.ca.root_pem)
        for number, (name, kind) in enumerate(kinds.items(), start=1):
            live = fleet.box(name, kind, number=number)
            found.boxes[name] = host.open(live, (LOOPBACK, 0), NOBODY)
            web = ServedWeb(live, (LOOPBACK, 0), (LOOPBACK, 0))
            found.webs[name] = await stack.enter_async_context(web)
        found.declare()
        yield found


def within(lab: SshLab, kinds: Mapping[str, LayoutKind], scenario: Callable[[Shop], Awaitable[None]]) -> None:
    """Run a scenario with such a shop."""

    async def all_of_it() -> None:
        async with shop(lab, kinds) as found:
            await scenario(found)

    go(all_of_it())
