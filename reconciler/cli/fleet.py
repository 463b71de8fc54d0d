"""The verbs `check`, `reconcile` and `diagnose`, for an inventory or for the box on which they are run."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..connections.threads import DaemonThreads
from ..engine.authority.relay import Relay
from ..engine.journal import Journal
from ..engine.run import Run
from ..engine.settings import Settings
from ..engine.state_folder import StateUnusable, state_directory
from ..engine.stop import Stop, after, on_signals
from ..engine.visits import visitor
from ..engine.world import World
from ..machine.posix.trust import SYSTEM_BUNDLE, trusting
from ..model.desired import Mode
from ..model.target import ConnectionKind, Invalid, Target
from ..net.client import NetworkClient
from ..outcome.directory import Directory
from ..results.events import Event, EventKind
from ..results.fleet import BoxReport, FleetReport
from ..variables_file import exposed, load
from . import output, streams, waiting
from .again import again
from .delivery import deliver
from .usage import UsageError, say

if TYPE_CHECKING:
    from ..inventory import Inventory, VaultOptions


@dataclass(frozen=True, slots=True)
class Boxes:
    """What a run is about.

    Args:
        sources: the places of the inventory, empty for the box one sits on.
        warnings: what was said of the inventory.
        names: every box of the inventory, also outside the limit.
    """

    targets: Sequence[Target]
    invalid: Sequence[Invalid] = ()
    directory: Directory = field(default_factory=Directory)
    sources: Sequence[str] = ()
    warnings: tuple[str, ...] = ()
    names: Sequence[str] = ()


def run(options: argparse.Namespace) -> int:
    """Do what the verb says and return the exit status."""
    boxes = this_machine(options) if options.connection == "local" else _of_inventory(options)
    if options.mode is Mode.RECONCILE and not options.yes and not sys.stdin.isatty():
        raise UsageError("nobody can be asked here whether to change boxes: say --yes, or use check")
    relink = [replace(each, desired=replace(each.desired, relink=options.relink)) for each in boxes.targets]
    done: list[FleetReport] = []
    warned = list(boxes.warnings)
    try:
        asyncio.run(_run(replace(boxes, targets=relink), options, done.append, warned))
    except KeyboardInterrupt as error:
        if not done:
            raise UsageError(f"interrupted by {error} before any box was begun") from None
    counted = _counted(done[0], boxes, options.missed_runs, warned)
    report = replace(counted, warnings=tuple(warned), again=again(options))
    if report.manages_nothing:
        say(_nothing_managed(len(report.boxes)))
    return deliver(report, options, boxes.sources)


def _nothing_managed(number: int) -> str:
    whose = "this box" if number == 1 else f"any of the {number} boxes"
    return f"nothing is managed: no variable declares what {whose} should be, see docs/inventory.md"


def this_machine(options: argparse.Namespace) -> Boxes:
    """Return the box one sits on, as its file of variables has it."""
    if options.desired is None:
        raise UsageError("--connection local needs --desired FILE, the variables of this box")
    if options.inventory or options.pattern is not None or options.limit is not None:
        raise UsageError("--connection local is about this machine: leave out inventory, pattern and limit")
    if options.missed_runs is not None:
        raise UsageError("--missed-runs is for an inventory: this machine cannot be missed")
    desired = load(options.desired, options.name or socket.gethostname(), {"iot_https_connection": "local"})
    warned: list[str] = []
    if exposed(options.desired):
        _warn(f"others can read {options.desired}, which may hold secrets: chmod 600 {options.desired}", warned)
    return Boxes([Target(desired=desired, connection=ConnectionKind.LOCAL)], warnings=tuple(warned))


def inventory_of(options: argparse.Namespace) -> Inventory:
    """Read the inventory that is meant; what it warns of is said.

    Raises:
        InventoryError: nothing can be done with it.
    """
    if options.desired is not None or options.name is not None:
        raise UsageError("--desired and --name are for --connection local; an inventory has them for each box")
    from ..inventory import load as load_inventory

    inventory = load_inventory(
        options.inventory, limit=options.limit, pattern=options.pattern, vault=vault_options(options)
    )
    for warning in inventory.warnings:
        say(f"warning: {warning}")
    return inventory


def _of_inventory(options: argparse.Namespace) -> Boxes:
    inventory = inventory_of(options)
    whose = inventory.guards
    return Boxes(
        inventory.targets,
        inventory.invalid,
        Directory(
            serials=whose.owners_of_serial(), servers=whose.owners_of_server(), databases=whose.owners_of_database()
        ),
        inventory.sources,
        inventory.warnings,
        inventory.names,
    )


def vault_options(options: argparse.Namespace) -> VaultOptions:
    """Return where the command line says that vault passwords come from."""
    from ..inventory import VaultOptions

    return VaultOptions(
        ids=tuple(options.vault_id), password_files=tuple(options.vault_password_file), ask=options.ask_vault_password
    )


def _warn(problem: str, warned: list[str]) -> None:
    """Tell a person and note it for the report."""
    say(f"warning: {problem}")
    warned.append(problem)


async def _run(
    boxes: Boxes, options: argparse.Namespace, done: Callable[[FleetReport], None], warned: list[str]
) -> None:
    """Do the run and pass its report on at once: what ends this program while it tidies up must not lose it."""
    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    settings = Settings(
        forks=options.forks,
        box_seconds=options.deadline,
        run_seconds=options.run_timeout,
        jitter_seconds=options.jitter,
        max_changed=options.max_changed,
        authority_at_once=options.authority_at_once,
        probe=options.probe,
        public_dns=options.public_dns,
    )
    stop = Stop()
    with ExitStack() as stack:
        journal = stack.enter_context(_journal(boxes, options.mode, warned))
        stack.enter_context(on_signals(stop))
        stack.enter_context(after(stop, settings.beginning_seconds, settings.out_of_time))
        listeners = stack.enter_context(output.listeners(options, of_fleet=bool(boxes.sources)))
        world = World(
            visit=visitor(settings),
            may=_asker(options, stop, listeners, of_fleet=bool(boxes.sources)),
            relay=Relay(NetworkClient(trusting(os.environ.get("SSL_CERT_FILE", SYSTEM_BUNDLE)))),
            journal=journal,
            tell=_noting(warned, listeners),
            directory=boxes.directory,
        )
        one = Run(boxes.targets, boxes.invalid, settings, world, stop)
        stack.enter_context(_told(waiting.until_the_end(stop, one.at_work, listeners.say)))
        if listeners.status is not None:
            stack.enter_context(_told(waiting.now_and_then(listeners.status, listeners.say)))
        verbs = {Mode.CHECK: one.check, Mode.RECONCILE: one.reconcile, Mode.DIAGNOSE: one.diagnose}
        done(await verbs[options.mode]())


def _noting(warned: list[str], tell: Callable[[Event], None]) -> Callable[[Event], None]:
    def noted(event: Event) -> None:
        if event.kind is EventKind.WARNING:
            warned.append(f"{event.box}: {event.detail}" if event.box else event.detail)
        tell(event)

    return noted


@contextmanager
def _told(telling: Coroutine[None, None, None]) -> Iterator[None]:
    """Tell a person something beside the run, while this is open."""
    task = asyncio.create_task(telling)
    try:
        yield
    finally:
        task.cancel()


def _counted(report: FleetReport, boxes: Boxes, runs_to_miss: int | None, warned: list[str]) -> FleetReport:
    """Count the boxes that did not answer, where that is wanted; without a memory each of them counts at once."""
    if runs_to_miss is None:
        return report
    from ..engine.missed import MissedRuns

    report = replace(report, runs_to_miss=runs_to_miss)
    try:
        report, problem = MissedRuns(state_directory(boxes.sources)).count(report, boxes.names)
    except StateUnusable as error:
        problem = f"how many runs a box has missed is not known, so each that does not answer counts: {error}"
    if problem is not None:
        _warn(problem, warned)
    return report


@contextmanager
def _journal(boxes: Boxes, mode: Mode, warned: list[str]) -> Iterator[Journal | None]:
    """Hold the inventory's lock where boxes may be changed; a look only reads what earlier runs left."""
    if not boxes.sources:
        yield None
        return
    from ..engine.lock import one_run

    with ExitStack() as stack:
        try:
            folder = state_directory(boxes.sources)
            if mode is Mode.RECONCILE:
                stack.enter_context(one_run(folder))
            journal = Journal.beside(folder)
        except StateUnusable as error:
            if mode is Mode.RECONCILE:
                raise
            _warn(f"what earlier runs left is not known: {error}", warned)
            yield None
            return
        if journal.unfinished:
            say(f"an earlier run was cut off while it changed {', '.join(journal.unfinished)}")
        yield journal


def _asker(
    options: argparse.Namespace, stop: Stop, listeners: output.Listeners, *, of_fleet: bool
) -> Callable[[Sequence[BoxReport]], Awaitable[str | None]]:
    async def may(wanting: Sequence[BoxReport]) -> str | None:
        if options.yes:
            return None
        with listeners.aside():
            say(output.plan(wanting, diff=options.diff, of_fleet=of_fleet))
            sys.stderr.write("Do this? [y/N] ")
            sys.stderr.flush()
            if not streams.is_heard():
                return "standard error cannot be written, so nobody could be asked"
            answer = await _typed(stop)
        return None if answer.strip().lower() in ("y", "yes") else "the answer was no"

    return may


async def _typed(stop: Stop) -> str:
    """Read a line; a signal while we wait is a no."""
    try:
        descriptor = sys.stdin.fileno()
    except OSError:  # no file: somebody who calls this from Python has put a text there
        return sys.stdin.readline()
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, typed.set)
    either = [asyncio.ensure_future(each) for each in (typed.wait(), stop.until_asked())]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    loop.remove_reader(descriptor)
    for each in either:
        each.cancel()
    if stop.begin_nothing:
        say("")
        return ""
    try:
        return sys.stdin.readline()
    except OSError:  # the terminal is gone, and with it who was asked
        return ""
