"""The standard streams of a process, each of which may be closed, full, or without a reader.

What cannot be written to standard output raises once, with an exception that no library takes for one of its own;
what cannot be written to standard error is dropped, since nobody is left to be told. Neither fails again when the
interpreter flushes at its end.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from ..model.errors import PermanentFailure

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_DESCRIPTORS = (0, 1, 2)


class NotWritten(PermanentFailure):
    """Standard output does not take the result; the text says why."""


class _Outlet(io.RawIOBase):
    """A descriptor that is written to until that fails, and from then on takes everything and keeps nothing.

    Args:
        failed: called once with what went wrong; what it raises goes to whoever wrote.
    """

    def __init__(self, descriptor: int, failed: Callable[[OSError], None]) -> None:
        self.is_lost = False
        self._descriptor = descriptor
        self._failed = failed

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def write(self, data: ReadableBuffer, /) -> int:
        if not self.is_lost:
            try:
                return self._written(data)
            except OSError as error:
                self.is_lost = True
                self._failed(error)
        return memoryview(data).nbytes

    def _written(self, data: ReadableBuffer) -> int:
        while True:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:  # whoever shares the descriptor made it so; its reader is only slow
                select.select([], [self._descriptor], [])


def secure() -> None:
    """Make the streams of this process safe to use, whatever they were when it was started."""
    for descriptor in _DESCRIPTORS:
        _occupy(descriptor)
    sys.stdin = open(0, encoding=_encoding(sys.stdin), errors="replace", closefd=False)  # noqa: SIM115
    sys.stdout = _text(_Outlet(1, _raise), _encoding(sys.stdout), by_line=os.isatty(1))
    sys.stderr = _text(_Outlet(2, _pass_over), _encoding(sys.stderr), by_line=True)


def is_heard() -> bool:
    """Tell whether all that was written to standard error so far could be."""
    outlet = _outlet(sys.stderr)
    return outlet is None or not outlet.is_lost


def give_up_output() -> None:
    """Drop what standard output has not taken yet, since nobody waits for it any more."""
    if (outlet := _outlet(sys.stdout)) is not None:
        outlet.is_lost = True


def reason(error: OSError) -> str:
    """Return why a stream cannot be written, for a person."""
    if error.errno == errno.EBADF:
        return "it is closed"
    if error.errno == errno.EPIPE:
        return "its reader went away"
    return error.strerror or type(error).__name__


def _occupy(descriptor: int) -> None:
    """Keep a closed descriptor from being given to the next file that is opened, which others would then write into.

    It is opened for reading only, so that writing to it fails as it does on a closed one; reading finds the end.
    """
    try:
        os.fstat(descriptor)
    except OSError:
        opened = os.open(os.devnull, os.O_RDONLY)  # the lowest free one, which is this: those below are taken
        os.set_inheritable(opened, True)  # noqa: FBT003 - takes no keywords


def _text(outlet: _Outlet, encoding: str, *, by_line: bool) -> TextIO:
    """Return a stream of text; what the encoding lacks is written as an escape, which is JSON's, too."""
    buffered = io.BufferedWriter(outlet)
    return io.TextIOWrapper(buffered, encoding, "backslashreplace", newline="\n", line_buffering=by_line)


def _encoding(stream: TextIO | None) -> str:
    return stream.encoding if stream is not None else "utf-8"


def _outlet(stream: TextIO) -> _Outlet | None:
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw if isinstance(raw, _Outlet) else None


def _raise(error: OSError) -> None:
    raise NotWritten(f"standard output cannot be written: {reason(error)}") from error


def _pass_over(_: OSError) -> None:
    """Nobody is left to be told."""
