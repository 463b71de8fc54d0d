"""Durable writes: after each of these, a power cut leaves the old file or the new one, never half of it.

The recipe is always the same: write a new file beside the old, sync it, rename it over, sync the directory. The
vendor's program may make the file system read-only at any moment; each write is then done again from its start.
"""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ..model.statement import say
from .reason import Unable
from .system import FileKind, FileStatus, System

_TEMPORARY = ".iot-https-new"
_ATTEMPTS = 8
_PAUSE = 0.1
"""Seconds between attempts. The vendor's own gaps of read-only were seen to last 14 ms at most."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Mode and owner that a file is to have."""

    mode: int
    uid: int
    gid: int

    @classmethod
    def of(cls, status: FileStatus) -> Owner:
        """Take those of an existing file."""
        return cls(status.mode, status.uid, status.gid)


ROOT_FILE = Owner(0o644, 0, 0)
ROOT_SECRET = Owner(0o600, 0, 0)
ROOT_DIRECTORY = Owner(0o755, 0, 0)


@dataclass(frozen=True, slots=True)
class DurableDisk:
    """Writes through a `System`. `views`: mount points through which the same disk is seen, all made writable."""

    system: System
    views: tuple[str, ...]

    def replace(self, path: str, content: bytes, owner: Owner) -> None:
        """Give `path` this content, mode and owner in one step.

        Raises:
            OSError: from the kernel; the old file is still there.
        """

        def write(beside: str) -> None:
            self.system.create(beside, content, owner.mode, owner.uid, owner.gid)
            self.system.sync_file(beside)

        self._in_one_step(path, write)

    def link(self, target: str, path: str) -> None:
        """Make `path` a symbolic link to `target` in one step, whatever it was before."""
        self._in_one_step(path, lambda beside: self.system.symlink(target, beside))

    def move(self, source: str, target: str) -> None:
        """Give a finished file or directory its name, within one directory; `target` must not exist."""

        def rename() -> None:
            if self.kind(source) is not None:
                self.system.rename(source, target)
            self.system.sync_directory(posixpath.dirname(target))

        self.writable(rename)

    def directory(self, path: str, owner: Owner) -> None:
        """Make sure that `path` is a directory; its parents are made with the same owner."""
        if self.kind(path) is FileKind.DIRECTORY:
            return
        parent = posixpath.dirname(path)
        self.directory(parent, owner)

        def make() -> None:
            if self.kind(path) is not FileKind.DIRECTORY:
                self.system.make_directory(path, owner.mode, owner.uid, owner.gid)
            self.system.sync_directory(path)
            self.system.sync_directory(parent)

        self.writable(make)

    def own(self, path: str, owner: Owner) -> bool:
        """Set mode and owner; return whether that changed anything.

        Raises:
            ForeignFile: others than root may put something else there.
        """
        if Owner.of(self.system.status(path, follow=True)) == owner:
            return False

        def change() -> None:
            self.system.set_owner(path, owner.uid, owner.gid)
            self.system.set_mode(path, owner.mode)
            self.system.sync_file(path)

        self.writable(change)
        return True

    def remove(self, path: str) -> None:
        """Remove a file or link; nothing happens where there is nothing."""
        if self.kind(path) is not None:
            self.writable(lambda: self.system.remove(path))

    def remove_directory(self, path: str, names: Collection[str]) -> None:
        """Remove a directory that this program filled, and nothing else that somebody gave its name.

        Args:
            names: of the files that this program puts into it.

        Raises:
            OSError: it holds something else; nothing was removed.
        """
        if self.kind(path) is not FileKind.DIRECTORY:
            return self.remove(path)
        there = self.system.list(path)
        ours = {*names, *map(temporary_name, names)}
        if strange := [name for name in there if name not in ours]:
            raise Unable(say("holds_strange", name=strange[0]), path, errno.ENOTEMPTY)
        for name in there:
            self.remove(posixpath.join(path, name))
        return self.writable(lambda: self.system.remove(path))

    def kind(self, path: str) -> FileKind | None:
        """Return what `path` is, or None where there is nothing."""
        try:
            return self.system.status(path).kind
        except (FileNotFoundError, NotADirectoryError):
            return None

    def writable(self, action: Callable[[], None]) -> None:
        """Run `action`, making the disk writable and starting again whenever it turns out read-only."""
        for attempt in range(_ATTEMPTS):
            try:
                return action()
            except OSError as error:
                if error.errno != errno.EROFS or attempt == _ATTEMPTS - 1:
                    raise
            if attempt:
                self.system.sleep(_PAUSE)
            for view in self.views:
                self.system.remount_writable(view)
        return None

    def _in_one_step(self, path: str, make: Callable[[str], None]) -> None:
        directory, name = posixpath.split(path)
        beside = posixpath.join(directory, temporary_name(name))

        def attempt() -> None:
            if self.kind(beside) is not None:
                self.system.remove(beside)
            make(beside)
            self.system.rename(beside, path)
            self.system.sync_directory(directory)

        try:
            self.writable(attempt)
        except OSError:
            self._forget(beside)
            raise

    def _forget(self, path: str) -> None:
        # the reason why the write failed is already on its way; what is left is removed by the next run too
        try:
            if self.kind(path) is not None:
                self.system.remove(path)
        except OSError:
            return


def temporary_name(name: str) -> str:
    """Return the name under which a file is prepared; the same one each time, so that leftovers are reused."""
    return f".{name}{_TEMPORARY}"


def is_temporary(name: str) -> bool:
    """Tell a name that `temporary_name` gave."""
    return name.startswith(".") and name.endswith(_TEMPORARY)
