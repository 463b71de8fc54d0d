"""What `support-bundle` does: diagnose a box, run errands on it, and write what came of both into one archive."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..codes import Blocks
from ..connections.threads import DaemonThreads
from ..engine.authority.relay import Relay
from ..engine.run import Run
from ..engine.settings import Settings
from ..engine.stop import Stop
from ..engine.visits import visitor
from ..engine.world import World
from ..machine.posix.trust import SYSTEM_BUNDLE, trusting
from ..model.status import FAILED, IN_SYNC, UNREACHED
from ..model.target import Target
from ..net.client import NetworkClient
from ..printable import printable
from ..report import diagnosis_text, json_report
from ..results.fleet import BoxReport, BoxState, FleetReport
from ..support import archive
from ..support.contents import Known, contents
from . import boxes as choosing
from . import collecting, version
from .boxes import Boxes
from .usage import UsageError, say

_UNREACHED: Final = frozenset({BoxState.UNREACHABLE, BoxState.DEFERRED})


def bundle(options: argparse.Namespace, minutes: int) -> int:
    """Collect, write, and print where; 16 where the box was not reached, 4 where a part is missing.

    Raises:
        UsageError: there is no such box, or the archive cannot be written.
    """
    if options.minutes is not None and options.log_level is None:
        raise UsageError("--for is how long a log level stays raised: give --log-level too")
    everything = choosing.chosen(options)
    target = _target(everything, options.box)
    began = datetime.now(UTC)
    name = archive.name_for(target.name, began)
    path = options.file or Path(f"{name}.tar.gz")
    archive.refuse_to_overwrite(path)
    known, status = asyncio.run(_known(options, minutes, everything, target, began))
    files = contents(known, collecting.scrubber(everything, target))
    archive.write(path, archive.packed(name, files, began))
    for each in (*known.said, *known.missing):
        say(f"{printable(target.name)}: {each}")
    sys.stdout.write(f"{path}\n")
    return status


def _target(everything: Boxes, name: str) -> Target:
    for invalid in everything.invalid:
        if invalid.name == name:
            raise UsageError(f"{printable(name)}: {printable(invalid.problems[0])}")
    found = next((each for each in everything.targets if each.name == name), None)
    if found is None:
        raise UsageError(f"{printable(name)} is no box of this inventory: iot-https check --list-hosts lists them")
    return found


async def _known(
    options: argparse.Namespace, minutes: int, everything: Boxes, target: Target, began: datetime
) -> tuple[Known, int]:
    """Find out all that can be, and how it went."""
    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    report = await _diagnosed(options, everything, target)
    box = report.boxes[0]
    errands = collecting.Errands(target, tuple(everything.sources), float(options.deadline), say)
    done = await errands.done(_closed(box), options.log_level, minutes)
    shown = replace(report, again=None)  # the commands of whoever looks after the box are nobody else's
    known = Known(
        target=target,
        at=began,
        text="\n".join(each.text for each in diagnosis_text.render(shown, every_chain=True)) + "\n",
        report=json_report.as_object(report),
        result=box.result,
        versions=version.installed(),
        carried=done.carried,
        missing=done.missing,
        said=done.said,
    )
    if box.state in _UNREACHED:
        return known, UNREACHED
    return known, FAILED if done.missing else IN_SYNC


def _closed(box: BoxReport) -> str | None:
    """Return why nobody goes to a box again: it was not reached, or it may be another customer's."""
    if box.state in _UNREACHED:
        return "The box was not reached, so nothing of it is in here but what the inventory and the way to it say."
    closed = next((each for each in box.findings if each.entry.blocks is Blocks.ALL), None)
    if closed is not None:
        return f"Nothing was collected on the box: {closed.code}: {closed.title}."
    return None


async def _diagnosed(options: argparse.Namespace, everything: Boxes, target: Target) -> FleetReport:
    settings = Settings(forks=1, box_seconds=float(options.deadline))

    async def nothing_is_changed(_: object) -> str | None:
        return "a diagnosis changes nothing"

    world = World(
        visit=visitor(settings),
        may=nothing_is_changed,
        relay=Relay(NetworkClient(trusting(os.environ.get("SSL_CERT_FILE", SYSTEM_BUNDLE)))),
        directory=everything.directory,
    )
    report = await Run((target,), (), settings, world, Stop()).diagnose()
    return replace(report, boxes=tuple(_without_others(each) for each in report.boxes))


def _without_others(box: BoxReport) -> BoxReport:
    """Leave out what is known of other customers."""
    return replace(box, findings=tuple(replace(each, of_others=()) for each in box.findings))
