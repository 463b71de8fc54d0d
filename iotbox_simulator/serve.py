"""A fleet that is up: every box on an address of this machine's own, with SSH and its homepage, until it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import asyncssh

from reconciler.report import command, page
from reconciler.results.fleet import MOST_CHANGED

from . import inventory_files
from .addresses import free_place
from .boxes.linux import SimulatedBox
from .fleet import Fleet
from .inventory_files import STANDARD_PORTS, Ports
from .live import LiveBox, LiveMachine
from .scenario import NO_SSH, OFFLINE, BadScenario, Scenario
from .served_web import ServedWeb
from .ssh import Access, SshBox, SshFault, SshHost

FIRST_ADDRESS = IPv4Address("127.77.0.20")
_PRIVATE = 0o600
_STRANGERS = Access()
"""Lets in by what is on the box alone."""


async def serve(
    scenario: Scenario, folder: Path, first: IPv4Address | None = None, ports: Ports = STANDARD_PORTS
) -> int:
    """Serve a fleet until SIGINT or SIGTERM, and write the inventory by which it is reached.

    Args:
        folder: where the inventory goes; only what differs is written, and nothing that somebody else wrote.
        first: address of the first box; left out, the demo's, or where that is in use, one after it, or other ports.

    Raises:
        BadScenario: the boxes cannot be served here, or the inventory cannot be written; the text says why.
    """
    notes: tuple[str, ...] = ()
    if first is None:
        place = free_place(FIRST_ADDRESS, len(scenario.boxes), (ports.ssh, ports.homepage, ports.https))
        first, ports, notes = place.first, Ports(*place.ports), place.notes
    texts = inventory_files.files(scenario, first, ports)
    with _written(folder):
        inventory_files.claim(folder, texts)
    fleet = Fleet.opened(scenario, datetime.now(UTC), first)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with AsyncExitStack() as stack:
        with _written(folder):
            stack.enter_context(inventory_files.held(folder))
        try:
            boxes = await _open(stack, fleet, Access(keys=(key.convert_to_public(),)), ports)
        except OSError as error:
            raise BadScenario(f"the boxes cannot be served: {error}; run it again: it looks for other places") from None
        with _written(folder):
            inventory_files.write(folder, texts)
            _give_access(folder, key, boxes)
        for line in (*notes, *_greeting(len(scenario.boxes), first, folder)):
            _say(line)
        await stop.wait()
    return 0


def _greeting(number: int, first: IPv4Address, folder: Path) -> Iterator[str]:
    """Yield what is up, and what can be tried on it."""
    width = page.width_of(sys.stdout)
    up = "1 simulated box is up, at" if number == 1 else f"{number} simulated boxes are up, from"
    yield from page.wrapped(f"{up} {first}{'' if number == 1 else ' on'}. Their inventory is {folder}; try:", width)
    yield ""
    options = ["-i", str(folder), "--no-probe"]
    many = ["--max-changed", str(number)] if number > MOST_CHANGED else []
    for verb, more in (("check", []), ("reconcile", many)):
        yield from command.lines(command.quoted(["iot-https", verb, *options, *more]), width, "  ")
    yield ""
    yield from page.wrapped("Ctrl-C ends them, and what was done to them is gone.", width)


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadScenario(f"{error.filename or folder}: {error.strerror}; the inventory cannot be written") from None


async def _open(stack: AsyncExitStack, fleet: Fleet, access: Access, ports: Ports) -> list[SshBox]:
    """Serve every box; return those whose host keys the inventory knows."""
    host = await stack.enter_async_context(SshHost())
    boxes = []
    for one in fleet.scenario.boxes:
        machine = fleet.machine(one.name)
        address = machine.spec.address
        live: LiveMachine[Any] = LiveMachine(one.name, machine)
        if isinstance(machine, SimulatedBox):
            live = LiveBox(one.name, machine)
            box = host.open(live, (address, ports.ssh), _STRANGERS if one.is_unknown else access)
            for fault in (*one.ssh_faults, *((SshFault.NOT_LISTENING,) if {OFFLINE, NO_SSH} & set(one.faults) else ())):
                box.switch_on(fault)
            boxes += [] if one.is_unknown else [box]
        if OFFLINE not in one.faults:
            await stack.enter_async_context(ServedWeb(live, (address, ports.homepage), (address, ports.https)))
    return boxes


def _give_access(folder: Path, key: asyncssh.SSHKey, boxes: list[SshBox]) -> None:
    access = folder / inventory_files.ACCESS
    access.mkdir(parents=True, exist_ok=True)
    lines = (box.known_hosts_line for box in boxes)
    (access / inventory_files.KNOWN_HOSTS).write_text(inventory_files.known_hosts(lines))
    with open(access / inventory_files.KEY, "wb", opener=_for_us_only) as file:
        file.write(key.export_private_key("openssh"))


def _for_us_only(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, _PRIVATE)
    os.fchmod(descriptor, _PRIVATE)
    return descriptor


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
