"""What is mounted where, and how a path is walked through it.

A mount has its own read-only flag beside the one of its file system, and each mount namespace has its own mounts of
the same file systems: that is why a box's root can be writable and read-only at the same time.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from reconciler.machine.guarded import MOST_LINKS, ROOT_ONLY, ForeignFile, enter, is_own_link
from reconciler.machine.system import FileKind

from .inode import Inode
from .storage import Superblock

MAX_NAME = 255
_MOST_BYTES = 4
"""Of one character, in UTF-8."""
_READ, _WRITE, _SEARCH = 4, 2, 1


def failure(number: int, path: str, second: str | None = None) -> OSError:
    """Return the error that Python raises for this errno (its subclass follows from the number)."""
    if second is None:
        return OSError(number, os.strerror(number), path)
    return OSError(number, os.strerror(number), path, None, second)


@dataclass(frozen=True, slots=True)
class Credentials:
    """On whose behalf a call is made. `groups`: the primary one first."""

    uid: int
    groups: tuple[int, ...]

    def may(self, inode: Inode, bits: int) -> bool:
        """Return whether the kernel lets this user do it; root passes everywhere, as its capabilities do."""
        if self.uid == 0:
            return True
        if inode.owner[0] == self.uid:
            return inode.mode >> 6 & bits == bits
        if inode.owner[1] in self.groups:
            return inode.mode >> 3 & bits == bits
        return inode.mode & bits == bits

    def may_write(self, inode: Inode) -> bool:
        """Return whether the content (or the names in a directory) may be changed."""
        return self.may(inode, _WRITE | (_SEARCH if inode.kind is FileKind.DIRECTORY else 0))

    def may_read(self, inode: Inode) -> bool:
        """Return whether the content may be read."""
        return self.may(inode, _READ)


ROOT = Credentials(0, (0,))


@dataclass(slots=True, eq=False)
class Mount:
    """A file system, or a directory of one, at a path."""

    point: str
    superblock: Superblock
    read_only: bool = False
    bound: Inode | None = None

    @property
    def top(self) -> Inode:
        """Return the directory that shows at the mount point."""
        if self.bound is not None:
            return self.bound
        block = self.superblock
        return block.root if block.generated is None else block.generated()

    @property
    def writable(self) -> bool:
        """Return whether a write through this mount is let through."""
        return not (self.read_only or self.superblock.read_only)

    def remount(self, *, read_only: bool) -> None:
        """Do `mount -o remount,ro` or `,rw`: it sets the flag of this mount and that of the file system.

        Raises:
            OSError: EBUSY, a file is open for writing; nothing changed.
        """
        if read_only and self.superblock.open_for_writing:
            raise failure(errno.EBUSY, self.point)
        self.superblock.read_only = read_only
        self.read_only = read_only


class WalkEnd(NamedTuple):
    """Where a walk ended: `inode` is None for a name that is free in `parent`.

    Args:
        guarded: nobody but root can put something else there.
    """

    mount: Mount
    path: str
    name: str
    parent: Inode
    inode: Inode | None
    guarded: bool

    def there(self, asked: str) -> Inode:
        """Return the inode, or raise ENOENT for the path that was asked for."""
        if self.inode is None:
            raise failure(errno.ENOENT, asked)
        return self.inode


@dataclass(slots=True, eq=False)
class Namespace:
    """The mounts that a group of processes sees, by mount point."""

    mounts: dict[str, Mount] = field(default_factory=dict)

    def add(self, mount: Mount) -> None:
        """Mount something, over whatever is mounted there."""
        self.mounts[mount.point] = mount

    def private_copy(self) -> Namespace:
        """Return the same mounts with flags of their own, as `unshare -m` does."""
        return Namespace({p: Mount(p, m.superblock, m.read_only, m.bound) for p, m in self.mounts.items()})

    def at(self, path: str) -> Mount:
        """Return what is mounted exactly there, or raise EINVAL as `mount` would."""
        point = path.rstrip("/") or "/"
        if point not in self.mounts:
            raise failure(errno.EINVAL, path)
        return self.mounts[point]

    def walk(self, path: str, credentials: Credentials, *, follow: bool, careful: bool = False) -> WalkEnd:
        """Walk an absolute path as the kernel does.

        Args:
            follow: whether a link at the end is followed too.
            careful: follow links by the rules of `guarded` only.

        Raises:
            ForeignFile: careful, and there is a link on the way that somebody else than root may have put there.
            OSError: ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG.
        """
        follow = follow or path.endswith("/")
        place = _straight(self.mounts, path, credentials, follow=follow)
        return place or _Walk(self, path, credentials, careful=careful).go(follow=follow)


def check_rename(old: WalkEnd, new: WalkEnd, source: str, target: str) -> None:
    """Raise what the kernel says to a rename that cannot be; both places are of one mount."""
    moved, replaced = old.there(source), new.inode
    directory = moved.kind is FileKind.DIRECTORY
    if directory and (new.parent is moved or new.path.startswith(f"{old.path}/")):
        raise failure(errno.EINVAL, source, target)
    if replaced is None:
        return
    if directory and replaced.kind is not FileKind.DIRECTORY:
        raise failure(errno.ENOTDIR, source, target)
    if not directory and replaced.kind is FileKind.DIRECTORY:
        raise failure(errno.EISDIR, source, target)
    if replaced.entries:
        raise failure(errno.ENOTEMPTY, source, target)


def _straight(mounts: dict[str, Mount], path: str, credentials: Credentials, *, follow: bool) -> WalkEnd | None:
    """Return where a walk ends that meets no link, no `..` and no refusal, as most do; None where `_Walk` must say."""
    steps = _steps(path)
    if not steps:
        return None
    mount, guarded, is_root, directory = mounts["/"], True, credentials.uid == 0, FileKind.DIRECTORY
    inode: Inode | None = mount.top
    for name, whole in steps:
        if inode is None or inode.kind is not directory or not (is_root or credentials.may(inode, _SEARCH)):
            return None
        parent, mounted = inode, mounts.get(whole)
        inode = parent.entries.get(name) if mounted is None else mounted.top
        mount = mounted or mount
        guarded = _guards(parent.owner[0], parent.mode, guarded, inode.owner[0] if inode else None)
    if inode is not None and ((follow and inode.kind is FileKind.LINK) or path.endswith("/")):
        return None
    return WalkEnd(mount, whole, name, parent, inode, guarded)


class _Walk:
    """One walk: the places passed, so that `..` finds its way back, and the names still to come."""

    def __init__(self, namespace: Namespace, path: str, credentials: Credentials, *, careful: bool) -> None:
        if not path.startswith("/"):
            raise failure(errno.ENOENT, path)
        self.mounts = namespace.mounts
        self.asked = path
        self.credentials = credentials
        self.careful = careful
        self.passed: list[WalkEnd] = [self._root()]
        self.waiting = [*_names(path)]
        self.links = 0

    def go(self, *, follow: bool) -> WalkEnd:
        may_search = self.credentials.may
        while self.waiting:
            name = self.waiting.pop()
            here = self.passed[-1]
            directory = here.inode
            if directory is None or directory.kind is not FileKind.DIRECTORY or not may_search(directory, _SEARCH):
                raise self._refusal(directory)
            if name != "..":
                self._step(here, directory, name, follow=follow)
            elif len(self.passed) > 1:
                self.passed.pop()
        last = self.passed[-1]
        if self.asked.endswith("/") and last.inode is not None and last.inode.kind is not FileKind.DIRECTORY:
            raise failure(errno.ENOTDIR, self.asked)
        return last

    def _root(self) -> WalkEnd:
        mount = self.mounts["/"]
        top = mount.top
        return WalkEnd(mount, "/", "/", top, top, guarded=True)

    def _refusal(self, inode: Inode | None) -> OSError:
        if inode is None:
            return failure(errno.ENOENT, self.asked)
        return failure(errno.EACCES if inode.kind is FileKind.DIRECTORY else errno.ENOTDIR, self.asked)

    def _step(self, here: WalkEnd, directory: Inode, name: str, *, follow: bool) -> None:
        if len(name) * _MOST_BYTES > MAX_NAME and len(name.encode()) > MAX_NAME:
            raise failure(errno.ENAMETOOLONG, self.asked)
        path = f"{here.path}/{name}" if len(self.passed) > 1 else f"/{name}"
        mount = self.mounts.get(path)
        child = mount.top if mount is not None else directory.entries.get(name)
        guarded = _guards(directory.owner[0], directory.mode, here.guarded, child.owner[0] if child else None)
        if child is not None and child.kind is FileKind.LINK and (self.waiting or follow):
            self._follow(here, path, child, guarded=guarded)
        else:
            self.passed.append(WalkEnd(mount or here.mount, path, name, directory, child, guarded))

    def _follow(self, here: WalkEnd, path: str, link: Inode, *, guarded: bool) -> None:
        target = link.content.decode()
        if self.careful and not guarded and not is_own_link(here.name, path.rpartition("/")[2], target):
            raise ForeignFile.link(path, target)
        self.links += 1
        if self.links > MOST_LINKS:
            raise failure(errno.ELOOP, self.asked)
        if target.startswith("/"):
            self.passed = [self._root()]
        self.waiting.extend(_names(target))


@cache
def _guards(uid: int, mode: int, guarded: bool, owner: int | None) -> bool:  # noqa: FBT001 - a key of the cache
    """Return what a folder is to a name in it: asked at every step of every walk, for a handful of answers."""
    return enter(uid, mode, ROOT_ONLY, guarded=guarded).guards(owner, ROOT_ONLY)


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[tuple[str, str], ...] | None:
    """Return each name of a path with the path up to it; None where it takes a `_Walk` to say where that leads."""
    names = _names(path)[::-1]
    if not path.startswith("/") or ".." in names or any(len(name.encode()) > MAX_NAME for name in names):
        return None
    return tuple((name, "/" + "/".join(names[: number + 1])) for number, name in enumerate(names))


@lru_cache(maxsize=4096)
def _names(path: str) -> tuple[str, ...]:
    """Return the names of a path, the last one first."""
    return tuple(name for name in path.split("/") if name not in ("", "."))[::-1]
