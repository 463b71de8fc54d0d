"""The list of what the tool did to a box, and the hooks by which a test stops it or lets others act in between.

A killed process makes no further call, not even from a `finally`: after the kill every call raises again until the
box is told that the process is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Killed(BaseException):
    """The tool's process was killed; not an `Exception`, so that no handler of the tool mistakes it for one."""


class CallKind(StrEnum):
    """The calls of `System` by which something is changed; a `create` is two, for a file is there before it is full."""

    CREATE = "create"
    WRITE = "write"
    SYMLINK = "symlink"
    MAKE_DIRECTORY = "make_directory"
    RENAME = "rename"
    REMOVE = "remove"
    SET_MODE = "set_mode"
    SET_OWNER = "set_owner"
    SYNC_FILE = "sync_file"
    SYNC_DIRECTORY = "sync_directory"
    PRIVATE_MOUNTS = "private_mounts"
    REMOUNT_WRITABLE = "remount_writable"
    LOCK = "lock"
    RUN = "run"
    SIGNAL = "signal"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Call:
    """One call that changes something.

    Args:
        number: counted from 1 in each process of the tool.
        path: what is changed; of a link and a rename the name that is new. Empty where it is no file.
        details: the other arguments: a program and its own, the source of a rename; never the content of a file.
    """

    number: int
    kind: CallKind
    path: str = ""
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = [f"{self.number}: {self.kind}", self.path, f"({' '.join(self.details)})" if self.details else ""]
        return " ".join(word for word in words if word)


Hook = Callable[[Call], None]
Action = Callable[[], object]


@dataclass(slots=True)
class _Appointment:
    number: int
    after: bool
    action: Action


@dataclass(slots=True)
class Recorder:
    """Counts, remembers and interrupts. `before` and `after` are called around every changing call."""

    calls: list[Call] = field(default_factory=list)
    before: list[Hook] = field(default_factory=list)
    after: list[Hook] = field(default_factory=list)
    dead: bool = False
    _appointments: list[_Appointment] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many changing calls were begun."""
        return len(self.calls)

    def at(self, number: int, action: Action, *, after: bool = False) -> None:
        """Do `action` right before the changing call with this number, or right after it has taken effect."""
        self._appointments.append(_Appointment(number, after, action))

    def kill_at(self, number: int, *, after: bool = False) -> None:
        """Kill the tool right before its changing call with this number, or right after it has taken effect."""
        self.at(number, self.kill, after=after)

    def kill(self) -> None:
        """Kill the tool now.

        Raises:
            Killed: always.
        """
        self.dead = True
        raise Killed

    def alive(self) -> None:
        """Let a call through.

        Raises:
            Killed: the process that calls is dead.
        """
        if self.dead:
            raise Killed

    @contextmanager
    def changing(self, kind: CallKind, path: str = "", *details: object) -> Iterator[None]:
        """Surround one changing call; a call that failed is recorded too, and ends without `after`."""
        self.alive()
        call = Call(len(self.calls) + 1, kind, path, tuple(map(str, details)))
        self.calls.append(call)
        self._tell(self.before, call, after=False)
        yield
        self._tell(self.after, call, after=True)

    def new_process(self) -> None:
        """Forget that the last one was killed, and begin to count anew."""
        self.dead = False
        self.calls.clear()
        self._appointments.clear()

    def _tell(self, hooks: list[Hook], call: Call, *, after: bool) -> None:
        due = [a for a in self._appointments if a.number == call.number and a.after is after]
        try:
            for appointment in due:
                self._appointments.remove(appointment)
                appointment.action()
            for hook in hooks:
                hook(call)
        except Killed:
            self.dead = True
            raise
