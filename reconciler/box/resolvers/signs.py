"""Which programs that write `/etc/resolv.conf` are at work on the box: by their processes, and by files of theirs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from ...codes.phrases.resolver_writers import WRITERS, Writer
from ...machine.processes import look
from ...machine.system import Files
from ...model.observed import ResolverOwner
from ...model.statement import Statement, say

_LIMIT: Final = 64
_RUNNING: Final = {name: each for each in WRITERS for name in each.runs}


def left(files: Files) -> dict[ResolverOwner, Statement]:
    """Return the programs of the table that have left files of theirs, each with what shows it."""
    return {each.owner: say("shown_by_file", path=path) for each in WRITERS for path in _left(files, each)}


def running(files: Files) -> dict[ResolverOwner, Statement]:
    """Return the programs of the table that run and write the file, each with what shows it; looks at every process.

    Raises:
        OSError: the processes cannot be listed.
    """
    return {owner: say("shown_by_process", name=name, pid=pid) for owner, name, pid in _running(files)}


def _running(files: Files) -> Iterator[tuple[ResolverOwner, str, int]]:
    """Yield processes that are root's: any user of the box may call a program of his own by such a name."""
    for number in files.list("/proc"):
        writer = _RUNNING.get(_name(files, number)) if number.isdigit() else None
        found = look(files, int(number)) if writer is not None else None
        if writer is None or found is None or found.uids[:1] != (0,):
            continue
        if writer.not_with is None or not any(writer.not_with in each for each in found.arguments):
            yield writer.owner, _name(files, number), found.id.pid


def _name(files: Files, number: str) -> str:
    try:
        return files.read(f"/proc/{number}/comm", _LIMIT).decode(errors="replace").strip()
    except OSError:
        return ""  # it has ended meanwhile


def _left(files: Files, writer: Writer) -> Iterator[str]:
    for pattern in writer.left:
        folder, _, wanted = pattern.rpartition("/")
        try:
            names = files.list(folder)
        except (FileNotFoundError, NotADirectoryError):
            continue
        yield from (posixpath.join(folder, name) for name in names if fnmatchcase(name, wanted))
