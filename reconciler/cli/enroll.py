"""The verb `enroll`: let the control machine's key in on boxes that have only a password, or take it away again."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final, TypeVar

from ..connections.threads import DaemonThreads
from ..model.status import FAILED, IN_SYNC
from ..model.target import ConnectionKind
from ..printable import printable
from ..report.words import boxes as boxes_in_words
from ..report.words import counted
from . import asking, boxes
from .options import add_access, add_boxes, add_forks, add_talk
from .usage import UsageError, laid_out, say
from .verb import Verb

if TYPE_CHECKING:
    from ..enrolment.endings import EnrolmentEnd
    from ..enrolment.enrolling import Enroller
    from ..enrolment.looking import Looker
    from ..enrolment.prospect import Prospect
    from ..model.statement import Statement

_AT_ONCE: Final = 10
_LOG = logging.getLogger(__name__)

A = TypeVar("A")
B = TypeVar("B")


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=run)
    add_boxes(verb)
    add_access(verb)
    keys = verb.add_argument_group("keys")
    keys.add_argument(
        "--public-key",
        metavar="FILE",
        help="the key that is let in (default: that of the private key with which the box is logged in on)",
    )
    keys.add_argument(
        "--host-key-fingerprint",
        action="append",
        default=[],
        metavar="[NAME=]SHA256:...",
        help="trust this host key of a box that is seen for the first time; may be given again",
    )
    keys.add_argument("--remove", action="store_true", help="take the key away, and leave the others")
    add_forks(verb, default=_AT_ONCE)
    verb.add_argument("-y", "--yes", action="store_true", help="do not ask; a host key has to be known, or given")
    add_talk(verb)


def run(options: argparse.Namespace) -> int:
    """Look, show, ask, enrol, pin.

    Raises:
        UsageError: nothing can be begun.
    """
    if options.connection == ConnectionKind.LOCAL:
        raise UsageError("enroll is for boxes that are reached over SSH: leave out --connection local")
    if options.remove and options.host_key_fingerprint:
        raise UsageError("--remove logs in to known boxes: leave out --host-key-fingerprint")
    meant = boxes.chosen(options)
    if options.list_hosts:
        return boxes.list_hosts(meant)
    boxes.say_invalid(meant.invalid)
    ended = _enrolment(options, meant)
    statuses = [each.entry.status for each in ended]
    statuses += [FAILED] if meant.invalid or not (options.remove or _pinned(options, meant, ended)) else []
    return reduce(or_, statuses, IN_SYNC)


def _enrolment(options: argparse.Namespace, meant: boxes.Boxes) -> list[EnrolmentEnd]:
    """Do it; what came of each box is printed as it ends."""
    from ..enrolment import comparing, fingerprints
    from ..enrolment.prospect import Prospect

    compared = fingerprints.read(options.host_key_fingerprint, [each.name for each in meant.targets])
    looker, enroller = _tools(options, meant)
    if len(meant.targets) > 1:
        say(f"looking at {boxes_in_words(len(meant.targets))}")
    seen = asyncio.run(_all(looker.look, meant.targets, options.forks))
    ended = [_told(each) for each in seen if not isinstance(each, Prospect)]
    prospects = [each for each in seen if isinstance(each, Prospect)]
    refused = comparing.refused(prospects, compared, nobody_asked=options.yes)
    ended += [_told(each) for each in refused.values()]
    left = [each for each in prospects if each.name not in refused]
    wanting = [each for each in left if (each.has_the_key if options.remove else each.has_steps)]
    reason = _declined(options, wanting) if wanting else None
    ended += [_told(_no(each, reason)) for each in wanting if reason is not None]
    begun = [each for each in left if reason is None or each not in wanting]
    deed = enroller.remove if options.remove else enroller.enrol

    async def one(prospect: Prospect) -> EnrolmentEnd:
        return _told(await deed(prospect))

    return [*ended, *asyncio.run(_all(one, begun, options.forks))]


def _tools(options: argparse.Namespace, meant: boxes.Boxes) -> tuple[Looker, Enroller]:
    from ..codes.writing.sentences import spoken
    from ..enrolment import public_key
    from ..enrolment.enrolling import Enroller
    from ..enrolment.inside import ClaimedMachines
    from ..enrolment.looking import Looker
    from ..enrolment.pages import pages_of

    def worded(why: Statement) -> str:
        return str(spoken(why))

    given = public_key.read(options.public_key) if options.public_key else None
    claims = ClaimedMachines(meant.directory.serials)
    looker = Looker(given, claims, pages_of, worded, removes=options.remove)
    return looker, Enroller(claims, pages_of, worded, _tell_step)


async def _all(deed: Callable[[A], Awaitable[B]], some: Sequence[A], forks: int) -> list[B]:
    """Do something with each, a few at a time."""
    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    room = asyncio.Semaphore(forks)

    async def one(each: A) -> B:
        async with room:
            return await deed(each)

    return list(await asyncio.gather(*map(one, some)))


def _declined(options: argparse.Namespace, wanting: Sequence[Prospect]) -> str | None:
    """Show what would be done and ask; return why nothing is done, None for a yes."""
    if options.yes:
        return None
    for each in sorted(wanting, key=lambda each: each.name):
        say(f"{printable(each.name)} ({each.who.ssh.host}):")
        for step in [_removal(each)] if options.remove else each.steps:
            say(f"  {printable(step)}")
    if any(each.presented is not None for each in wanting):
        say("A box tells its own host key: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
    if not sys.stdin.isatty():
        return "no terminal to confirm on: pass --yes"
    return None if asking.agreed(f"Do this to {boxes_in_words(len(wanting))}?") else "the answer was no"


def _removal(one: Prospect) -> str:
    return f"remove {one.who.key.source} ({one.who.key.comment}) from its authorized_keys"


def _no(one: Prospect, reason: str | None) -> EnrolmentEnd:
    from ..enrolment.endings import Ending, EnrolmentEnd

    return EnrolmentEnd(one.name, Ending.DECLINED, {"reason": reason or "the answer was no"})


def _told(ended: EnrolmentEnd) -> EnrolmentEnd:
    lines = laid_out(f"{printable(ended.name)}: {ended.text}", sys.stdout)
    sys.stdout.write("".join(f"{each}\n" for each in lines))
    sys.stdout.flush()
    return ended


def _tell_step(name: str, step: str) -> None:
    _LOG.debug("%s: %s", name, step)


def _pinned(options: argparse.Namespace, meant: boxes.Boxes, ended: Sequence[EnrolmentEnd]) -> bool:
    """Declare the serial numbers of boxes that let the key in; tell whether all are declared now."""
    from ..enrolment import pinning
    from ..inventory_files import InventoryFiles

    declared = {each.name for each in meant.targets if each.desired.serial is not None}
    serials = {each.name: each.serial for each in ended if each.serial is not None and each.name not in declared}
    if not serials:
        return True
    _tell_step("inventory", "pin the serial numbers")
    done = pinning.pin(serials, lambda: InventoryFiles.open(meant.sources, boxes.vault_options(options)))
    for problem in done.problems:
        say(printable(problem))
    for path in done.written:
        say(f"{counted(len(done.names), 'serial number')} pinned in {path}")
    return not done.problems


VERB: Final = Verb(
    name="enroll",
    summary="let this machine's SSH key in on boxes that have only a password",
    usage="[OPTION ...] [PATTERN ...]",
    add=_add,
    more=(
        "Shows what it will do and asks. A password is made by the homepage of the box, which changes that of the user "
        "pi, and is used once. Exit status: 0 where the key lets in on every box afterwards, 16 more where one could "
        "not be reached or logged in to, 4 more where something else failed or nobody agreed."
    ),
    examples=(
        ("iot-https enroll store_lotus__hanoi", "one store, after a question"),
        ("iot-https enroll hanoi-till-1 --host-key-fingerprint SHA256:...", "one box whose host key you have compared"),
        ("iot-https enroll hanoi-till-1 --remove", "take the key away again"),
    ),
    page="docs/enroll.md",
)
