"""Run `check`, `reconcile` or `diagnose`, for an inventory or for the box on which they are started."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from ..connections.threads import DaemonThreads
from ..engine.authority.relay import Relay
from ..engine.run import Run
from ..engine.settings import Settings
from ..engine.stop import Stop, after, on_signals
from ..engine.visits import visitor
from ..engine.world import World
from ..machine.posix.trust import SYSTEM_BUNDLE, trusting
from ..model.desired import Mode
from ..net.client import NetworkClient
from ..results.events import Event, EventKind
from ..results.fleet import FleetReport
from . import output, waiting
from .again import again
from .asking import asker
from .boxes import Boxes, chosen, list_hosts
from .delivery import deliver
from .left_behind import counted, journal
from .usage import UsageError, say


def run(options: argparse.Namespace) -> int:
    """Do what the verb says and return the exit status."""
    options = _meant(options)
    boxes = chosen(options)
    if options.list_hosts:
        return list_hosts(boxes)
    if options.mode is Mode.RECONCILE and not options.yes and not sys.stdin.isatty():
        raise UsageError("no terminal to confirm on: pass --yes, or run check")
    relink = [replace(each, desired=replace(each.desired, relink=options.relink)) for each in boxes.targets]
    done: list[FleetReport] = []
    warned = list(boxes.warnings)
    try:
        asyncio.run(_run(replace(boxes, targets=relink), options, done.append, warned))
    except KeyboardInterrupt as error:
        if not done:
            raise UsageError(f"interrupted by {error} before any box was begun") from None
    known = counted(done[0], boxes, options.missed_runs, warned)
    report = replace(known, warnings=tuple(warned), again=again(options))
    if report.manages_nothing:
        say(_nothing_managed(len(report.boxes)))
    return deliver(report, options, boxes.sources)


def _meant(options: argparse.Namespace) -> argparse.Namespace:
    """Return the options of the run that is meant: a reconcile that only checks is a check of what it would do."""
    if options.quiet and options.output != "text":
        raise UsageError("--quiet is for text: leave it out with --output json, and choose with jq")
    return argparse.Namespace(**{**vars(options), "mode": Mode.CHECK}) if options.check else options


def _nothing_managed(number: int) -> str:
    whose = "this box" if number == 1 else f"any of the {number} boxes"
    way_out = "declare it (docs/inventory.md), or have iot-https adopt do so"
    return f"nothing is managed: no variable declares what {whose} should be: {way_out}"


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
        left = stack.enter_context(journal(boxes, options.mode, warned))
        stack.enter_context(on_signals(stop))
        stack.enter_context(after(stop, settings.beginning_seconds, settings.out_of_time))
        listeners = stack.enter_context(output.listeners(options, of_fleet=bool(boxes.sources)))
        world = World(
            visit=visitor(settings),
            may=asker(options, stop, listeners, of_fleet=bool(boxes.sources)),
            relay=Relay(NetworkClient(trusting(os.environ.get("SSL_CERT_FILE", SYSTEM_BUNDLE)))),
            journal=left,
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
