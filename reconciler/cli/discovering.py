"""What the verb `discover` does: compare, search, print; whatever is found until somebody ends it is printed."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from ..connections.threads import DaemonThreads
from ..discovery.certificate import Handshakes
from ..discovery.found import DiscoveredBox, Looked, Search, SearchedPorts
from ..discovery.host_key import fingerprint
from ..discovery.host_key import known as known_keys
from ..discovery.known import ComparedInventory, InInventory, KnownEntry
from ..discovery.look import Eyes
from ..discovery.networks import Networks, networks, only_within
from ..discovery.pace import Pace
from ..discovery.page import Asking
from ..discovery.search import search
from ..discovery.status import exit_status
from ..engine.stop import Stop, after, on_signals
from ..inventory import load
from ..model.target import Target
from ..net.tls import trusted_here
from ..printable import printable
from ..probe.name import resolve
from ..probe.streams import direct_dial
from ..report import discovery_inventory, discovery_json, discovery_text, words
from ..report.words import counted
from . import boxes, waiting
from .usage import UsageError, say

_ANSWER_SECONDS: Final = 10.0
"""For one answer as a whole, also of somebody who sends it byte by byte."""
_TELL_SECONDS: Final = 5.0


def run(options: argparse.Namespace) -> int:
    """Search, print what was found, and return the exit status.

    Raises:
        UsageError: no network was named, or options contradict each other.
        BadNetwork: one of them cannot be searched.
        InventoryError: the inventory cannot be used.
    """
    if not options.networks:
        raise UsageError("name at least one network, such as 192.168.1.0/24")
    if options.limit is not None and not options.inventory:
        raise UsageError("--limit is for an inventory to compare with: add -i PATH")
    meant = networks(options.networks, allow_large=options.allow_large, allow_public=options.allow_public)
    compared = _known(options) if options.inventory else None
    search = asyncio.run(_search(meant, options))
    known = None if compared is None else {box.address: compared.of(box) for box in search.boxes}
    status = exit_status(search, known)
    _show(search, known, options, status)
    return status


async def _search(meant: Networks, options: argparse.Namespace) -> Search:
    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    stop, counts = Stop(), _Counts(len(meant))
    with ExitStack() as stack:
        stack.enter_context(on_signals(stop))
        stack.enter_context(after(stop, options.run_timeout, f"ended by --run-timeout {options.run_timeout or 0:g}"))
        telling = asyncio.create_task(waiting.now_and_then(counts.line, say, _TELL_SECONDS))
        stack.callback(telling.cancel)
        eyes = _eyes(meant, options)
        found = await search(meant, eyes.look, options.forks, partial(_asked_to_end, stop), counts)
        return replace(found, ports=eyes.ports)


async def _asked_to_end(stop: Stop) -> str:
    await stop.until_asked()
    return stop.reason


@dataclass(slots=True)
class _Counts:
    """How far a search is."""

    total: int
    looked: int = 0
    boxes: int = 0

    def __call__(self, one: Looked) -> None:
        self.looked += 1
        self.boxes += isinstance(one, DiscoveredBox)

    def line(self) -> str:
        return (
            f"{self.looked} of {counted(self.total, 'address', 'addresses')} looked at, {words.boxes(self.boxes)} found"
        )


def _eyes(meant: Networks, options: argparse.Namespace) -> Eyes:
    pace, dial = Pace(options.rate), only_within(meant, direct_dial)
    return Eyes(
        pace=pace,
        dial=dial,
        ask=Asking(pace, _ANSWER_SECONDS),
        handshakes=Handshakes(dial, pace, resolve, trusted_here()),
        host_key=fingerprint,
        ports=SearchedPorts(options.homepage_port, options.https_port, options.http_port, options.ssh_port),
        knock_seconds=options.connect_timeout,
        seconds=_ANSWER_SECONDS,
    )


def _known(options: argparse.Namespace) -> ComparedInventory:
    """Read what the inventory says of where boxes are; secrets of it are not needed."""
    inventory = load(options.inventory, limit=options.limit, vault=boxes.vault_options(options))
    for warning in inventory.warnings:
        say(f"warning: {warning}")
    for entry in inventory.invalid:
        say(f"warning: {printable(entry.name)} is compared by its identifier only: {printable(entry.problems[0])}")
    entries = (
        KnownEntry(
            name=each.name,
            address=_host(each),
            serial=each.desired.serial,
            customer=each.desired.customer,
            host_keys=frozenset() if each.ssh is None else known_keys(each.ssh),
        )
        for each in inventory.targets
    )
    return ComparedInventory(tuple(entries), frozenset(inventory.serials))


def _host(target: Target) -> str | None:
    way = target.ssh or target.homepage
    return None if way is None else way.host


def _show(search: Search, known: Mapping[str, InInventory] | None, options: argparse.Namespace, status: int) -> None:
    if options.output == "text":
        discovery_text.show(search, known, sys.stdout, everything=options.debug)
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # as JSON and YAML are, whatever the locale
    if options.output == "json":
        sys.stdout.write(f"{discovery_json.render(search, known, options.networks, status)}\n")
        return
    sys.stdout.write(discovery_inventory.render(search, known, options.networks))
    for line in discovery_text.ending(search, everything=True):
        say(line)
