"""The `Files` half of the real machine: each method is one thing that the kernel does, with no gap to look through.

It runs as root in directories that a service user can write to. So nothing here follows a link on creating, waits
on a pipe that somebody left where a file should be, or shows content before owner and mode are right.
"""

# Descriptors, flags and bytes are the point here: pathlib would hide them.
# ruff: noqa: PTH101, PTH102, PTH105, PTH106, PTH108, PTH115, PTH116, PTH208, PTH211

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .system import FileKind, FileStatus

_CHUNK = 1 << 16


class PosixFiles:
    """Implements `system.Files`."""

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        """Return the content of a regular file; see `system.Files.read`."""
        with _regular_file(path) as (descriptor, size):
            if size > limit:
                raise _too_long(path, limit)
            content = _read_up_to(descriptor, limit + 1)
        if len(content) > limit:
            raise _too_long(path, limit)
        return content

    def read_end(self, path: str, length: int) -> bytes:
        """Return the last `length` bytes that a regular file has when it is opened; it may grow meanwhile."""
        with _regular_file(path) as (descriptor, size):
            os.lseek(descriptor, max(0, size - length), os.SEEK_SET)
            return _read_up_to(descriptor, min(size, length))

    def status(self, path: str, *, follow: bool = False) -> FileStatus:
        """Return `lstat`, or `stat` where links are followed."""
        found = os.stat(path, follow_symlinks=follow)
        return FileStatus(
            kind=_kind(found.st_mode),
            mode=stat.S_IMODE(found.st_mode),
            uid=found.st_uid,
            gid=found.st_gid,
            size=found.st_size,
            mtime=found.st_mtime,
        )

    def read_link(self, path: str) -> str:
        """Return the target as written."""
        return os.readlink(path)

    def list(self, path: str) -> tuple[str, ...]:
        """Return the names in a directory, sorted."""
        return tuple(sorted(os.listdir(path)))

    def create(self, path: str, content: bytes, mode: int, uid: int, gid: int) -> None:
        """Write a new file, complete or not at all; see `system.Files.create`."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0)  # no bit at all: only this descriptor can use it until it is right
        try:
            try:
                os.fchown(descriptor, uid, gid)
                os.fchmod(descriptor, mode)
                _write_all(descriptor, content)
            finally:
                os.close(descriptor)
        except BaseException as error:
            _undo(os.unlink, path, error)
            raise

    def symlink(self, target: str, path: str) -> None:
        """Make a symbolic link."""
        os.symlink(target, path)

    def make_directory(self, path: str, mode: int, uid: int, gid: int) -> None:
        """Make one directory with that mode and owner, or none."""
        os.mkdir(path, 0o700)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                os.fchown(descriptor, uid, gid)
                os.fchmod(descriptor, mode)
            finally:
                os.close(descriptor)
        except BaseException as error:
            _undo(os.rmdir, path, error)
            raise

    def rename(self, source: str, target: str) -> None:
        """Replace `target` by `source` in one step."""
        os.replace(source, target)

    def remove(self, path: str) -> None:
        """Remove a file, a link, or an empty directory."""
        try:
            os.unlink(path)
        except IsADirectoryError:
            os.rmdir(path)

    def set_mode(self, path: str, mode: int) -> None:
        """Set the permission bits, links followed."""
        os.chmod(path, mode)

    def set_owner(self, path: str, uid: int, gid: int) -> None:
        """Set owner and group, links followed."""
        os.chown(path, uid, gid)

    def sync_file(self, path: str) -> None:
        """Wait until content, mode and owner of a file are on the disk."""
        _sync(path, os.O_NONBLOCK)

    def sync_directory(self, path: str) -> None:
        """Wait until the names in a directory are on the disk."""
        _sync(path, os.O_DIRECTORY)

    def free_bytes(self, path: str) -> int:
        """Return what root may still write on the file system that holds `path`.

        `f_bfree`, not `f_bavail`: the latter leaves out the blocks reserved for root (5 % on ext4), and the box
        program is root. A disk that the box's own user has filled up still has room for a certificate.
        """
        found = os.statvfs(path)
        return found.f_bfree * found.f_frsize


def _kind(mode: int) -> FileKind:
    if stat.S_ISREG(mode):
        return FileKind.FILE
    if stat.S_ISDIR(mode):
        return FileKind.DIRECTORY
    return FileKind.LINK if stat.S_ISLNK(mode) else FileKind.OTHER


def _refuse_special(found: os.stat_result, path: str) -> None:
    kind = _kind(found.st_mode)
    if kind is FileKind.DIRECTORY:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if kind is not FileKind.FILE:
        raise OSError(errno.EINVAL, "Not a regular file", path)


def _too_long(path: str, limit: int) -> OSError:
    return OSError(errno.EFBIG, f"Longer than {limit} bytes", path)


@contextmanager
def _regular_file(path: str) -> Iterator[tuple[int, int]]:
    """Open a file for reading, without ever waiting for it; give its descriptor and its size in bytes."""
    # Looked at before opening, too: opening some devices does something, a watchdog reboots the box.
    _refuse_special(os.stat(path), path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        _refuse_special(found, path)
        yield descriptor, found.st_size
    finally:
        os.close(descriptor)


def _read_up_to(descriptor: int, length: int) -> bytes:
    """Read to the end or so far: files of /proc and /sys say that they are 0 or 4096 bytes long, whatever they hold."""
    content = bytearray()
    while piece := os.read(descriptor, min(_CHUNK, length - len(content))):
        content += piece
    return bytes(content)


def _undo(remove: Callable[[str], None], path: str, error: BaseException) -> None:
    """Take back what could not be finished; that this failed as well is a note to the real error."""
    try:
        remove(path)
    except OSError as second:
        error.add_note(f"{path} is left over: {second.strerror}")


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync(path: str, flags: int) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
