"""Walk a path folder by folder on open descriptors, so that what was judged is what is used, whoever renames meanwhile.

Each component is opened without following it and judged by its own descriptor; see `guarded` for the rules.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from ..guarded import MOST_LINKS, Folder, ForeignFile, enter, is_own_link

_IGNORED = 0 if os.geteuid() == 0 else stat.S_IWGRP
"""On a control machine, where this is nobody's root, folders of one's own are often writable for one's group."""
_LOOK = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk ended; the descriptors are open as long as the walk's context.

    Args:
        path: that was asked for.
        folder: descriptor of the folder, to be used with `name`.
        found: what stands there, None for a free name.
        at: descriptor of what stands there, good for `fstat` only.
        guarded: nobody but root can put something else there.
    """

    path: str
    folder: int
    name: str
    found: os.stat_result | None
    at: int
    guarded: bool

    def there(self) -> os.stat_result:
        """Return what stands there.

        Raises:
            FileNotFoundError: nothing.
        """
        if self.found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.path)
        return self.found


@contextmanager
def walk_to(path: str, trusted: AbstractSet[int], *, follow: bool) -> Iterator[Place]:
    """Walk an absolute path and keep what was found open.

    Errors of the kernel inside the context get the whole path as their file name.

    Args:
        trusted: the uids that count as root.
        follow: whether a link at the end is followed too, where it may be.

    Raises:
        ForeignFile: there is a link on the way that somebody else than root may have put there.
        OSError: as from the kernel.
    """
    with ExitStack() as opened:
        try:
            yield _Walk(path, trusted, opened).go(follow=follow)
        except OSError as error:
            if not isinstance(error, ForeignFile):
                error.filename = path
            raise


@contextmanager
def opened(place: Place, flags: int) -> Iterator[int]:
    """Open what stands at a place now; what became a link since it was looked at is refused."""
    try:
        descriptor = os.open(place.name, flags, dir_fd=place.folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ForeignFile.exchanged(place.path) from None
        raise
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class _Passed:
    descriptor: int
    name: str
    found: os.stat_result
    guarded: bool
    folder: Folder


class _Walk:
    def __init__(self, path: str, trusted: AbstractSet[int], opened: ExitStack) -> None:
        if not path.startswith("/"):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        self._path = path
        self._trusted = trusted
        self._opened = opened
        self._waiting = _names(path)
        self._links = 0
        descriptor = self._keep(os.open("/", _LOOK | os.O_DIRECTORY))
        self._passed = [self._enter(descriptor, "/", os.fstat(descriptor), guarded=True)]

    def go(self, *, follow: bool) -> Place:
        while self._waiting:
            name = self._waiting.pop()
            here = self._passed[-1]
            if name == "..":
                self._passed = self._passed[:-1] or self._passed
                continue
            if (ended := self._step(here, name, follow=follow)) is not None:
                return ended
        last = self._passed[-1]
        if len(self._passed) == 1:
            return Place(self._path, last.descriptor, ".", last.found, last.descriptor, guarded=True)
        above = self._passed[-2].descriptor
        return Place(self._path, above, last.name, last.found, last.descriptor, last.guarded)

    def _step(self, here: _Passed, name: str, *, follow: bool) -> Place | None:
        """Go through one name; return where the walk ends, None where it goes on."""
        try:
            descriptor = self._keep(os.open(name, _LOOK, dir_fd=here.descriptor))
        except FileNotFoundError:
            if self._waiting:
                raise
            return Place(self._path, here.descriptor, name, None, -1, here.folder.guards(None, self._trusted))
        found = os.fstat(descriptor)
        guarded = here.folder.guards(found.st_uid, self._trusted)
        if stat.S_ISLNK(found.st_mode) and (self._waiting or follow):
            self._follow(here, name, os.readlink("", dir_fd=descriptor), guarded=guarded)
        elif stat.S_ISDIR(found.st_mode):
            self._passed.append(self._enter(descriptor, name, found, guarded=guarded))
        elif self._waiting:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), self._path)
        else:
            return Place(self._path, here.descriptor, name, found, descriptor, guarded)
        return None

    def _follow(self, here: _Passed, name: str, target: str, *, guarded: bool) -> None:
        if not (guarded or is_own_link(here.name, name, target)):
            raise ForeignFile.link("/".join([*(each.name for each in self._passed[1:]), name]), target)
        self._links += 1
        if self._links > MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), self._path)
        if target.startswith("/"):
            self._passed = self._passed[:1]
        self._waiting.extend(_names(target))

    def _enter(self, descriptor: int, name: str, found: os.stat_result, *, guarded: bool) -> _Passed:
        folder = enter(found.st_uid, found.st_mode & ~_IGNORED, self._trusted, guarded=guarded)
        return _Passed(descriptor, name, found, guarded, folder)

    def _keep(self, descriptor: int) -> int:
        self._opened.callback(os.close, descriptor)
        return descriptor


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")][::-1]
