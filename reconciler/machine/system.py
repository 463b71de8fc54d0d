"""Every touch of the machine, as one Protocol.

The real one is in `posix`; tests and the simulator bring machines that live in memory, can be killed between any
two calls and lose what was not synced. So each method is one step that the kernel or a service does as a whole, and
nothing here decides anything. Paths are absolute. Errors of the file system are `OSError`, as from the kernel.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ..model.errors import TemporaryFailure
from ..net.network import Network

MOST_NAMES = 1 << 14
"""In a directory that is listed. The largest that is, NetworkManager's snippets, has a dozen."""


class FileKind(StrEnum):
    """What a path is, links not followed."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FileStatus:
    """`lstat` of a path: `mode` is the permission bits, `mtime` is seconds since the epoch, sizes are bytes.

    Args:
        names: how many names the file has (hard links).
        guarded: nobody but root can put something else at this path.
    """

    kind: FileKind
    mode: int
    uid: int
    gid: int
    size: int
    mtime: float
    names: int = 1
    guarded: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """Content and status of one and the same open file."""

    content: bytes
    status: FileStatus


@dataclass(frozen=True, slots=True)
class User:
    """An account of the box. `groups`: ids of all its groups, the primary one first."""

    name: str
    uid: int
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProcessId:
    """One process for all time. `started`: clock ticks after boot, without which a pid is only a number."""

    pid: int
    started: int


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished program; output is decoded leniently and cut at 64 KiB each."""

    status: int
    output: str
    errors: str


@dataclass(frozen=True, slots=True)
class Lock:
    """What came of asking for the lock.

    Args:
        is_held: no other run is at work, nor will one be; else there was no place for the lock's file.
        problem: why its file could not be written, in the kernel's words.
    """

    is_held: bool = True
    problem: str | None = None


class LockHeld(TemporaryFailure):
    """Another run holds the lock. `process`: its number, `None` where it has not said so yet."""

    def __init__(self, process: str | None) -> None:
        super().__init__(f"held by process {process or 'of unknown number'}")
        self.process = process


class Files(Protocol):
    """The file system. Nothing is durable before `sync_file` and, for names, `sync_directory`.

    Links are followed by the rules of `guarded`: any method can raise `guarded.ForeignFile`.
    """

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        """Return the content, links followed. A file longer than `limit` bytes is an OSError (EFBIG)."""

    def hold(self, path: str, limit: int = 1 << 20) -> Held:
        """Return the content as `read` does, and the status of the same open file."""

    def read_end(self, path: str, length: int) -> bytes:
        """Return the last `length` bytes, links followed, however long the file is."""

    def status(self, path: str, *, follow: bool = False) -> FileStatus:
        """Return `lstat` (or `stat` where links are followed)."""

    def read_link(self, path: str) -> str:
        """Return the target as written."""

    def list(self, path: str) -> tuple[str, ...]:
        """Return the names in a directory, sorted; more than `MOST_NAMES` are an OSError (EFBIG)."""

    def create(self, path: str, content: bytes, mode: int, uid: int, gid: int) -> None:
        """Write a new file with that mode and owner from the start; FileExistsError if the name is taken."""

    def symlink(self, target: str, path: str) -> None:
        """Make a symbolic link; FileExistsError if the name is taken."""

    def make_directory(self, path: str, mode: int, uid: int, gid: int) -> None:
        """Make one directory; FileExistsError if the name is taken."""

    def rename(self, source: str, target: str) -> None:
        """Replace `target` by `source` in one step."""

    def remove(self, path: str) -> None:
        """Remove a file, a link, or an empty directory."""

    def set_mode(self, path: str, mode: int) -> None:
        """Set the permission bits, links followed; only where nobody but root may change names."""

    def set_owner(self, path: str, uid: int, gid: int) -> None:
        """Set owner and group, links followed; only where nobody but root may change names."""

    def sync_file(self, path: str) -> None:
        """Wait until content, mode and owner of a file are on the disk."""

    def sync_directory(self, path: str) -> None:
        """Wait until the names in a directory are on the disk."""

    def free_bytes(self, path: str) -> int:
        """Return what root may still write on the file system that holds `path`."""

    def free_files(self, path: str) -> int | None:
        """Return how many new files the file system that holds `path` can take; None where that is not bounded."""


class Machine(Protocol):
    """Processes, users, mounts and time."""

    def now(self) -> datetime:
        """Return the box's clock, with its UTC offset."""

    def monotonic(self) -> float:
        """Return seconds since some point, never going back."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""

    def user(self, name: str) -> User:
        """Return an account; KeyError if there is none."""

    def run(self, arguments: tuple[str, ...], timeout: float) -> Completed:
        """Run a program without a shell and without standard input.

        Raises:
            FileNotFoundError: the box has no such program.
            RanTooLong: it did not end within `timeout` seconds and was killed.
        """

    def signal(self, process: ProcessId, number: int) -> None:
        """Send a signal; ProcessLookupError if the process is gone, whoever has its pid now."""

    def put_off_end(self) -> None:
        """Let being told to end (SIGTERM) wait from now on, until `accept_end`."""

    def is_told_to_end(self) -> bool:
        """Say whether an end waits."""

    def accept_end(self) -> None:
        """End now if that waited, and without delay from now on; raises `ending.Stopped`."""

    def private_mounts(self) -> None:
        """Leave the host's mount namespace, so that no remount of ours is seen outside; once per run."""

    def remount_writable(self, path: str) -> None:
        """Make the file system mounted at `path` writable in our own namespace."""

    def lock(self, path: str) -> AbstractContextManager[Lock]:
        """Hold an exclusive lock, released when the process ends however it ends.

        A file system that is full or read-only is no error: where the lock's file is there, it is locked, and where it
        cannot be made, nobody else can hold it.

        Raises:
            LockHeld: somebody else has it.
        """


class System(Files, Machine, Network, Protocol):
    """All of it."""
