"""The verb `support-bundle`: what is known of one box in one archive that can be sent to Odoo's support."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..connections.threads import DaemonThreads
from ..engine.authority.relay import Relay
from ..engine.run import Run
from ..engine.settings import Settings
from ..engine.stop import Stop
from ..engine.visits import visitor
from ..engine.world import World
from ..machine.posix.trust import SYSTEM_BUNDLE, trusting
from ..model.errand import LogLevel
from ..model.status import FAILED, IN_SYNC, UNREACHED
from ..model.target import Target
from ..net.client import NetworkClient
from ..printable import printable
from ..results.fleet import BoxReport, BoxState, FleetReport
from . import boxes as choosing
from . import collecting, version
from .boxes import Boxes
from .numbers import whole
from .options import add_access, add_talk
from .usage import UsageError, say
from .verb import Verb

if TYPE_CHECKING:
    from ..support.contents import Known

MINUTES: Final = 5
_UNREACHED: Final = frozenset({BoxState.UNREACHABLE, BoxState.DEFERRED})
_OF_A_RUN: Final[dict[str, object]] = {
    "patterns": [],
    "limit": None,
    "desired": None,
    "name": None,
    "connection": None,
    "missed_runs": None,
}


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=run, **_OF_A_RUN)
    which = verb.add_argument_group("which box")
    which.add_argument("box", metavar="BOX", help="the box, by its name in the inventory")
    which.add_argument(
        "-i",
        "--inventory",
        "--inventory-file",
        action="append",
        default=[],
        metavar="PATH",
        help="Ansible inventory: file, directory or comma-separated hosts; may be given again (default: ansible.cfg's)",
    )
    bundle = verb.add_argument_group("the bundle")
    bundle.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="where to write it; a file that is there is not replaced (default: named after box and time, in this "
        "folder)",
    )
    bundle.add_argument(
        "--log-level",
        type=LogLevel,
        choices=list(LogLevel),
        metavar="LEVEL",
        help="raise the box's log level before the log is read, and put it back: debug, info, warning or error",
    )
    bundle.add_argument(
        "--for",
        dest="minutes",
        type=whole(1, 240),
        metavar="MINUTES",
        help=f"how long the log level stays raised before the log is read (default: {MINUTES})",
    )
    bundle.add_argument(
        "--deadline", type=whole(10, 3600), default=240, metavar="SECONDS", help="when a visit must be done"
    )
    add_access(verb)
    add_talk(verb)


def run(options: argparse.Namespace) -> int:
    """Collect, write, and print where; 16 where the box was not reached, 4 where a part is missing.

    Raises:
        UsageError: there is no such box, or the archive cannot be written.
    """
    from ..support import archive
    from ..support.contents import contents

    if options.minutes is not None and options.log_level is None:
        raise UsageError("--for is how long a log level stays raised: give --log-level too")
    everything = choosing.chosen(options)
    target = _target(everything, options.box)
    began = datetime.now(UTC)
    name = archive.name_for(target.name, began)
    path = options.file or Path(f"{name}.tar.gz")
    archive.refuse_to_overwrite(path)
    known, status = asyncio.run(_known(options, everything, target, began))
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


async def _known(options: argparse.Namespace, everything: Boxes, target: Target, began: datetime) -> tuple[Known, int]:
    """Find out all that can be, and how it went."""
    from ..report import diagnosis_text, json_report
    from ..support.contents import Known

    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    report = await _diagnosed(options, everything, target)
    box = report.boxes[0]
    errands = collecting.Errands(target, tuple(everything.sources), float(options.deadline), say)
    done = await errands.done(_closed(box), options.log_level, options.minutes or MINUTES)
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
    from ..codes import Blocks

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


VERB: Final = Verb(
    name="support-bundle",
    summary="collect what is known of one box in an archive for Odoo's support",
    usage="[OPTION ...] BOX",
    add=_add,
    more="Exit status: 0 where all of it was collected, 16 where the box was not reached, 4 where a part is missing, 1 "
    "where there is no bundle.",
    examples=(
        ("iot-https support-bundle hanoi-till-1", "one archive, in this folder"),
        ("iot-https support-bundle hanoi-till-1 --log-level debug --for 10", "with ten minutes of all that Odoo logs"),
    ),
    page="docs/support-bundle.md",
)
