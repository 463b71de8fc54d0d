"""The real machine: the `Machine` half of `System`, and the three parts of `System` put together as `PosixSystem`."""

from __future__ import annotations

import os
import pwd
import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from ...net.client import NetworkClient
from .. import ending
from ..system import Completed, Lock, ProcessId, User
from .files import PosixFiles
from .lock import hold_lock
from .mounts import leave_host_mounts, remount_writable
from .process import run_program
from .signals import send
from .trust import trusting


class PosixMachine:
    """Implements `system.Machine`."""

    def now(self) -> datetime:
        """Return the box's clock, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since some point, never going back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def user(self, name: str) -> User:
        """Return an account; KeyError if there is none."""
        entry = pwd.getpwnam(name)
        others = (group for group in os.getgrouplist(name, entry.pw_gid) if group != entry.pw_gid)
        return User(name=entry.pw_name, uid=entry.pw_uid, groups=(entry.pw_gid, *others))

    def run(self, arguments: tuple[str, ...], timeout: float) -> Completed:
        """Run a program; see `system.Machine.run` and `process.run_program`."""
        return run_program(arguments, timeout)

    def signal(self, process: ProcessId, number: int) -> None:
        """Send a signal to one process; see `signals.send`."""
        send(process, number)

    def put_off_end(self) -> None:
        """Let SIGTERM wait; see `ending.End`."""
        ending.END.is_put_off = True

    def is_told_to_end(self) -> bool:
        """Say whether a SIGTERM waits."""
        return ending.END.waits

    def accept_end(self) -> None:
        """End now if that waited; see `ending.End`."""
        ending.END.accept()

    def private_mounts(self) -> None:
        """Leave the host's mount namespace; for the calling thread and all that it starts."""
        leave_host_mounts()

    def remount_writable(self, path: str) -> None:
        """Make the file system mounted at `path` writable; OSError with mount's last line otherwise."""
        remount_writable(path, self.run)

    def lock(self, path: str) -> AbstractContextManager[Lock]:
        """Hold an exclusive lock; see `lock.hold_lock`."""
        return hold_lock(path)


class PosixSystem(PosixFiles, PosixMachine, NetworkClient):
    """Implements `system.System`: the three parts share no state and no names."""

    def __init__(self) -> None:
        NetworkClient.__init__(self, trust=trusting())
