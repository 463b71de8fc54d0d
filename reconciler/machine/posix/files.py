"""The `Files` half of the real machine: each method is one thing that the kernel does, with no gap to look through.

It runs as root in directories that other users can write to. So every path is walked on open descriptors (see
`walk`), nothing waits on a pipe that somebody left where a file should be, or shows content before owner and
mode are right.
"""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager

from ...model.statement import say
from ..guarded import ROOT_ONLY, ForeignFile
from ..reason import Unable
from ..system import MOST_NAMES, FileKind, FileStatus, Held
from .access import give_new
from .walk import Place, opened, walk_to

_CHUNK = 1 << 16
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW | os.O_CLOEXEC
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class PosixFiles:
    """Implements `system.Files`."""

    trusted: AbstractSet[int] = ROOT_ONLY | {os.geteuid()}
    """Users whose folders count as root's: whoever runs this may do there what he likes anyway."""

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        """Return the content of a regular file; see `system.Files.read`."""
        return self.hold(path, limit).content

    def hold(self, path: str, limit: int = 1 << 20) -> Held:
        """Return content and status of one open file; see `system.Files.hold`."""
        with self._file(path) as (descriptor, found, guarded):
            if found.st_size > limit:
                raise _too_long(path, limit)
            content = _read_up_to(descriptor, limit + 1)
        if len(content) > limit:
            raise _too_long(path, limit)
        return Held(content, _status(found, guarded=guarded))

    def read_end(self, path: str, length: int) -> bytes:
        """Return the last `length` bytes that a regular file has when it is opened; it may grow meanwhile."""
        with self._file(path) as (descriptor, found, _):
            os.lseek(descriptor, max(0, found.st_size - length), os.SEEK_SET)
            return _read_up_to(descriptor, min(found.st_size, length))

    def status(self, path: str, *, follow: bool = False) -> FileStatus:
        """Return `lstat`, or `stat` where links are followed."""
        with self._place(path, follow=follow) as place:
            return _status(place.there(), guarded=place.guarded)

    def read_link(self, path: str) -> str:
        """Return the target as written."""
        with self._place(path) as place:
            return os.readlink(place.name, dir_fd=place.folder)

    def list(self, path: str) -> tuple[str, ...]:
        """Return the names in a directory, sorted."""
        with self._place(path, follow=True) as place, opened(place, _DIRECTORY) as descriptor:
            names = []
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    names.append(entry.name)
                    if len(names) > MOST_NAMES:
                        raise Unable(say("too_many_names", limit=MOST_NAMES), path, errno.EFBIG)
        return tuple(sorted(names))

    def create(self, path: str, content: bytes, mode: int, uid: int, gid: int) -> None:
        """Write a new file, complete or not at all; see `system.Files.create`."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with self._place(path) as place:
            # no bit at all: only this descriptor can use it until it is right
            descriptor = os.open(place.name, flags, 0, dir_fd=place.folder)
            try:
                try:
                    give_new(descriptor, mode, uid, gid)
                    _write_all(descriptor, content)
                finally:
                    os.close(descriptor)
            except BaseException as error:
                _undo(os.unlink, place, error)
                raise

    def symlink(self, target: str, path: str) -> None:
        """Make a symbolic link."""
        with self._place(path) as place:
            os.symlink(target, place.name, dir_fd=place.folder)

    def make_directory(self, path: str, mode: int, uid: int, gid: int) -> None:
        """Make one directory with that mode and owner, or none."""
        with self._place(path) as place:
            os.mkdir(place.name, 0o700, dir_fd=place.folder)
            try:
                with opened(place, _DIRECTORY) as descriptor:
                    if not place.guarded and not _is_new(descriptor):
                        raise ForeignFile.exchanged(path)
                    give_new(descriptor, mode, uid, gid)
            except BaseException as error:
                _undo(os.rmdir, place, error)
                raise

    def rename(self, source: str, target: str) -> None:
        """Replace `target` by `source` in one step."""
        with self._place(source) as old:
            if posixpath.dirname(source) == posixpath.dirname(target):
                # one folder, walked to once: it cannot be another one for the second name
                new = posixpath.basename(target)
                os.replace(old.name, new, src_dir_fd=old.folder, dst_dir_fd=old.folder)
                return
            with self._place(target) as place:
                os.replace(old.name, place.name, src_dir_fd=old.folder, dst_dir_fd=place.folder)

    def remove(self, path: str) -> None:
        """Remove a file, a link, or an empty directory."""
        with self._place(path) as place:
            try:
                os.unlink(place.name, dir_fd=place.folder)
            except IsADirectoryError:
                os.rmdir(place.name, dir_fd=place.folder)

    def set_mode(self, path: str, mode: int) -> None:
        """Set the permission bits; see `system.Files.set_mode`."""
        with self._to_change(path) as descriptor:
            os.fchmod(descriptor, mode)

    def set_owner(self, path: str, uid: int, gid: int) -> None:
        """Set owner and group; see `system.Files.set_owner`."""
        with self._to_change(path) as descriptor:
            os.fchown(descriptor, uid, gid)

    def sync_file(self, path: str) -> None:
        """Wait until content, mode and owner of a file are on the disk."""
        with self._place(path, follow=True) as place, opened(place, _READ) as descriptor:
            os.fsync(descriptor)

    def sync_directory(self, path: str) -> None:
        """Wait until the names in a directory are on the disk."""
        with self._place(path, follow=True) as place, opened(place, _DIRECTORY) as descriptor:
            os.fsync(descriptor)

    def free_bytes(self, path: str) -> int:
        """Return what root may still write on the file system that holds `path`.

        `f_bfree`, not `f_bavail`: the latter leaves out the blocks reserved for root (5 % on ext4), and the box
        program is root. A disk that the box's own user has filled up still has room for a certificate.
        """
        with self._place(path, follow=True) as place:
            place.there()
            found = os.statvfs(place.at)
            return found.f_bfree * found.f_frsize

    def free_files(self, path: str) -> int | None:
        """Return how many new files root may make there; None where the file system does not count them."""
        with self._place(path, follow=True) as place:
            place.there()
            found = os.statvfs(place.at)
            return found.f_ffree if found.f_files else None

    def _place(self, path: str, *, follow: bool = False) -> AbstractContextManager[Place]:
        return walk_to(path, self.trusted, follow=follow)

    @contextmanager
    def _file(self, path: str) -> Iterator[tuple[int, os.stat_result, bool]]:
        """Open a regular file for reading, without ever waiting for it, and tell whether its place is guarded."""
        with self._place(path, follow=True) as place:
            # Looked at before opening, too: opening some devices does something, a watchdog reboots the box.
            _refuse_special(place.there(), place)
            with opened(place, _READ) as descriptor:
                found = os.fstat(descriptor)
                _refuse_special(found, place)
                yield descriptor, found, place.guarded

    @contextmanager
    def _to_change(self, path: str) -> Iterator[int]:
        """Open a file or directory where nobody can exchange it between a look and a change."""
        with self._place(path, follow=True) as place:
            if not place.guarded:
                raise ForeignFile.open_place(path)
            with opened(place, _READ) as descriptor:
                yield descriptor


def _status(found: os.stat_result, *, guarded: bool) -> FileStatus:
    return FileStatus(
        kind=_kind(found.st_mode),
        mode=stat.S_IMODE(found.st_mode),
        uid=found.st_uid,
        gid=found.st_gid,
        size=found.st_size,
        mtime=found.st_mtime,
        names=found.st_nlink,
        guarded=guarded,
    )


def _is_new(descriptor: int) -> bool:
    """Tell whether a directory can be the one just made; an empty one of ours shows nothing to whom it is given."""
    return os.fstat(descriptor).st_uid == os.geteuid() and not os.listdir(descriptor)


def _kind(mode: int) -> FileKind:
    if stat.S_ISREG(mode):
        return FileKind.FILE
    if stat.S_ISDIR(mode):
        return FileKind.DIRECTORY
    return FileKind.LINK if stat.S_ISLNK(mode) else FileKind.OTHER


def _refuse_special(found: os.stat_result, place: Place) -> None:
    kind = _kind(found.st_mode)
    if kind is FileKind.DIRECTORY:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), place.path)
    if kind is not FileKind.FILE:
        raise Unable(say("no_plain_file"), place.path, errno.EINVAL)
    if not place.guarded and found.st_nlink > 1:
        raise ForeignFile.hard_link(place.path, found.st_nlink)


def _too_long(path: str, limit: int) -> OSError:
    return Unable(say("longer_than", limit=limit), path, errno.EFBIG)


def _read_up_to(descriptor: int, length: int) -> bytes:
    """Read to the end or so far: files of /proc and /sys say that they are 0 or 4096 bytes long, whatever they hold."""
    content = bytearray()
    while piece := os.read(descriptor, min(_CHUNK, length - len(content))):
        content += piece
    return bytes(content)


def _undo(remove: Callable[..., None], place: Place, error: BaseException) -> None:
    """Take back what could not be finished; that this failed as well is a note to the real error."""
    try:
        remove(place.name, dir_fd=place.folder)
    except OSError as second:
        error.add_note(f"{place.path} is left over: {second.strerror}")


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
