"""Follow a path folder by folder, and say what keeps somebody from the file at its end."""

from __future__ import annotations

import errno
import os
import posixpath
from dataclasses import dataclass

from ..model.statement import Statement, say
from .guarded import MOST_LINKS, ForeignFile, is_own_link
from .reason import without_path
from .system import FileKind, Files, FileStatus, User


@dataclass(frozen=True, slots=True)
class WalkedPath:
    """A path with its links followed.

    Args:
        directories: those that were entered, in their order.
        end: where it ended.
        status: of what is there.
    """

    directories: dict[str, FileStatus]
    end: str
    status: FileStatus


def walk(files: Files, path: str) -> WalkedPath:
    """Follow `path` as the kernel would, links by the rules of `guarded` only.

    Raises:
        ForeignFile: a link on the way may have been put there by somebody else than root.
        OSError: a part of it is missing, not a directory, or the links go in circles.
    """
    met = {"/": files.status("/")}
    pending = [part for part in path.split("/") if part][::-1]
    here, links = "/", 0
    while pending:
        part = pending.pop()
        if part == "..":
            here = posixpath.dirname(here)
            continue
        here = posixpath.join(here, part)
        met[here] = files.status(here)
        if met[here].kind is FileKind.LINK:
            links += 1
            if links > MOST_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
            target = files.read_link(here)
            folder = posixpath.basename(posixpath.dirname(here))
            if not (met[here].guarded or is_own_link(folder, part, target)):
                raise ForeignFile.link(here, target)
            here = "/" if target.startswith("/") else posixpath.dirname(here)
            pending.extend([p for p in target.split("/") if p not in ("", ".")][::-1])
    directories = {path: status for path, status in met.items() if status.kind is FileKind.DIRECTORY}
    return WalkedPath(directories, here, met[here])


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps somebody from writing to a file.

    Args:
        place: the file, or the directory on the way to it.
        seen: what it is, as `OBSTACLES` of `codes.repairs` words it.
    """

    place: str
    seen: Statement


def obstacle(files: Files, path: str, user: User, *, reading: bool = False) -> Obstacle | None:
    """Return what keeps `user` from writing (or reading) the file at `path`; a missing file is another matter."""
    try:
        walked = walk(files, path)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Obstacle(path, say("path_fails", path=path, reason=without_path(error)))
    for directory, status in walked.directories.items():
        if not allowed(status, user, 0o1):
            return Obstacle(directory, say("cannot_pass", user=user.name, path=directory))
    status = walked.status
    if not allowed(status, user, 0o4 if reading else 0o2):
        what = "cannot_read" if reading else "cannot_write"
        seen = say(what, user=user.name, path=walked.end, mode=f"{status.mode:04o}", owner=status.uid)
        return Obstacle(walked.end, seen)
    return None


def allowed(status: FileStatus, user: User, bit: int) -> bool:
    """Tell whether the permission bits let `user` read (4), write (2) or pass through (1)."""
    if status.uid == user.uid:
        return bool(status.mode & bit << 6)
    if status.gid in user.groups:
        return bool(status.mode & bit << 3)
    return bool(status.mode & bit)
