"""The verb `host-keys`: show the host keys of all boxes that are not known yet, and accept them together.

Nobody logs in to a box whose key is not known. What would hide that one machine answers for another is never added
here: a key that several boxes show, or that is known for another name.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..model.status import FAILED, IN_SYNC, UNREACHED
from ..model.target import ConnectionKind, Target
from ..printable import printable
from ..report import page
from ..report.words import counted
from . import boxes
from .asking import agreed
from .options import add_access, add_boxes, add_forks, add_talk
from .usage import UsageError, say
from .verb import Verb

if TYPE_CHECKING:
    from ..connections.ssh_presented import Presented


@dataclass(frozen=True, slots=True)
class KeySeen:
    """What came of one box: a key that is not known, why there is none to be seen, or neither, where it is known."""

    name: str
    key: Presented | None = None
    problem: str | None = None


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=run)
    add_boxes(verb)
    add_access(verb)
    add_forks(verb)
    add_talk(verb)
    verb.add_argument("-y", "--yes", action="store_true", help="add the keys without asking, once they were compared")


def run(options: argparse.Namespace) -> int:
    """Show the keys, ask, and add them; 16 where a box is not known afterwards, 4 where an entry is invalid, or both.

    Raises:
        UsageError: there is no inventory, or the file of known hosts cannot be written.
    """
    if options.connection == ConnectionKind.LOCAL:
        raise UsageError("host-keys is for boxes that are reached over SSH: leave out --connection local")
    meant = boxes.chosen(options)
    if options.list_hosts:
        return boxes.list_hosts(meant)
    targets = [each for each in meant.targets if each.connection is ConnectionKind.SSH]
    for entry in meant.invalid:
        say(f"{printable(entry.name)}: invalid: {printable(entry.problems[0])}")
    seen = asyncio.run(_look(targets, options.forks))
    for each in seen:
        if each.problem is not None:
            say(f"{printable(each.name)}: {each.problem}")
    shown = [each.key for each in seen if each.key is not None]
    fine = _without_doubtful(shown)
    sys.stdout.writelines(f"{row}\n" for row in rows(fine, page.width_of(sys.stdout)))
    sys.stdout.flush()
    accepted = bool(fine) and _agreed(fine, yes=options.yes)
    if accepted:
        _write(fine)
    elif not shown and not any(each.problem for each in seen):
        say(f"all known: {counted(len(seen), 'host key')}")
    left = len(shown) - (len(fine) if accepted else 0) + sum(each.problem is not None for each in seen)
    return (UNREACHED if left else IN_SYNC) + (FAILED if meant.invalid else IN_SYNC)


async def _look(targets: Sequence[Target], forks: int) -> list[KeySeen]:
    from ..connections.ssh import NoConnection, session

    room = asyncio.Semaphore(forks)

    async def one(target: Target) -> KeySeen:
        if target.ssh is None:
            return KeySeen(target.name, problem="it is not reached over SSH")
        async with room:
            try:
                async with session(target.ssh):
                    return KeySeen(target.name)
            except NoConnection as failure:
                if failure.presented is not None:
                    return KeySeen(target.name, failure.presented)
                return KeySeen(target.name, problem=f"{failure.finding.code}: {printable(failure.finding.evidence)}")

    return list(await asyncio.gather(*map(one, targets)))


def _without_doubtful(shown: Sequence[Presented]) -> list[Presented]:
    """Return the keys that may be added; of each other one it is said why not."""
    times = Counter(each.key for each in shown)
    fine = []
    for each in shown:
        if each.owners:
            why = f"its key is that of {', '.join(map(printable, each.owners[:3]))}: see whether addresses were swapped"
        elif times[each.key] > 1:
            others = ", ".join(printable(other.name) for other in shown if other.key == each.key and other is not each)
            why = f"{others} shows the same key: one machine answers for both, or their image was cloned with it"
        elif not each.can_be_written:
            why = "its name cannot stand in a file of known hosts: letters, digits, dots, dashes and underscores can"
        else:
            fine.append(each)
            continue
        say(f"{printable(each.name)}: not added: {each.address} shows {each.algorithm} {each.fingerprint}, and {why}")
    return fine


def rows(keys: Sequence[Presented], width: int) -> list[str]:
    """Return a line for each key; where the longest does not fit, names stand above their keys.

    Args:
        width: in columns.
    """
    ordered = sorted(keys, key=lambda each: each.name)
    longest = max((len(each.name) for each in keys), default=0)
    shown = [f"{each.name:<{longest}}  {each.algorithm} {each.fingerprint}  {each.address}" for each in ordered]
    if max(map(len, shown), default=0) <= width:
        return shown
    parts = ((each.name, f"  {each.algorithm} {each.fingerprint}", f"  {each.address}") for each in ordered)
    return [line for lines in parts for part in lines for line in page.wrapped(part, width, "  ")]


def _agreed(keys: Sequence[Presented], *, yes: bool) -> bool:
    if yes:
        return True
    say("A box tells its own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
    if not sys.stdin.isatty():
        say("nothing was added: no terminal to confirm on, pass --yes once the keys were compared")
        return False
    files = ", ".join(dict.fromkeys(each.file for each in keys))
    return agreed(f"Add {counted(len(keys), 'key')} to {files}?")


def _write(keys: Iterable[Presented]) -> None:
    from ..connections.ssh_presented import add

    by_file: dict[str, list[Presented]] = {}
    for each in keys:
        by_file.setdefault(each.file, []).append(each)
    for file, some in by_file.items():
        try:
            add(file, some)
        except OSError as error:
            raise UsageError(f"{file} cannot be written: {error.strerror}") from None
        say(f"{counted(len(some), 'key')} added to {file}")


VERB: Final = Verb(
    name="host-keys",
    summary="show SSH host keys that are not known yet, and accept them together",
    usage="[OPTION ...] [PATTERN ...]",
    add=_add,
    more="Exit status: 0 where every key is known afterwards, 16 where one is not, 4 more for an invalid entry.",
    examples=(("iot-https host-keys", "show the new keys and ask"),),
)
