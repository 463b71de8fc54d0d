"""Run another program so that it cannot hang, flood or confuse us, and leaves nothing behind when it is killed."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from typing import IO, Self

from ..reason import RanTooLong
from ..system import Completed
from .surroundings import ENVIRONMENT

OUTPUT_LIMIT = 64 << 10
"""Bytes kept of each of the two outputs; the rest is read and dropped."""

_CHUNK = 1 << 16
_POLL_SECONDS = 0.05
_REAP_SECONDS = 5.0


def run_program(arguments: tuple[str, ...], timeout: float) -> Completed:
    """Run a program to its end, with a fresh environment and English messages.

    The end is the end of the program itself: a service that it started may keep its outputs open for ever.

    Args:
        arguments: program and arguments, no shell involved.
        timeout: seconds; then the program and every child in its session is killed.

    Returns:
        Exit status (minus the signal's number when a signal ended it) and both outputs.

    Raises:
        FileNotFoundError: there is no such program.
        RanTooLong: it did not end in time.
    """
    deadline = time.monotonic() + timeout
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,
    )
    with _Outputs(process) as outputs:
        try:
            outputs.read_until_exit(deadline)
        except BaseException as error:
            _kill_session(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise RanTooLong(arguments[0], timeout) from None
            raise
        return Completed(process.returncode, outputs.text(0), outputs.text(1))


class _Outputs:
    """Both pipes of a process, read side by side so that neither can block it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._selector = selectors.DefaultSelector()
        self._kept = (bytearray(), bytearray())
        pipes = (process.stdout, process.stderr)
        self._pipes: tuple[IO[bytes], ...] = tuple(pipe for pipe in pipes if pipe is not None)
        for pipe, kept in zip(self._pipes, self._kept, strict=True):
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ, kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for pipe in self._pipes:
            pipe.close()

    def text(self, which: int) -> str:
        return self._kept[which].decode(errors="replace")

    def read_until_exit(self, deadline: float) -> None:
        """Collect output until the process ends.

        Raises:
            subprocess.TimeoutExpired: `deadline`, in seconds of the monotonic clock, has passed.
        """
        while self._selector.get_map() and self._process.poll() is None:
            self._read_ready(min(_POLL_SECONDS, _left(deadline, self._process)))
        self._process.wait(_left(deadline, self._process))
        self._drain()

    def _read_ready(self, seconds: float) -> bool:
        """Read one piece of each output that has something; say whether one had."""
        ready = self._selector.select(seconds)
        for key, _ in ready:
            piece = os.read(key.fd, _CHUNK)
            if not piece:
                self._selector.unregister(key.fileobj)
            key.data.extend(piece[: OUTPUT_LIMIT - len(key.data)])
        return bool(ready)

    def _drain(self) -> None:
        """Take what the program wrote last: a pipe holds 64 KiB, more than that comes from somebody still alive."""
        for _ in range(2 * len(self._pipes)):
            if not self._selector.get_map() or not self._read_ready(0):
                return


def _left(deadline: float, process: subprocess.Popen[bytes]) -> float:
    left = deadline - time.monotonic()
    if left <= 0 and process.poll() is None:
        raise subprocess.TimeoutExpired(process.args, 0)
    return max(left, 0.0)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its children; one that hangs in the kernel is left to init after a while."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_REAP_SECONDS)
