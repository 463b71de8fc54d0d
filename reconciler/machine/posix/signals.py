"""Send signals that reach the process that was meant, or none.

A descriptor of a process (Linux 5.3) names it for good, so that what is compared after it was opened still holds when
the signal is sent. An older kernel is left the moment between the comparison and the signal.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..processes import started
from ..system import ProcessId


def send(process: ProcessId, number: int) -> None:
    """Send a signal to one process.

    Raises:
        ProcessLookupError: it is gone; its pid may be somebody else's by now.
    """
    if process.pid <= 0:  # for the kernel these mean "my group" and "everybody"
        raise _gone()
    with _opened(process) as descriptor:
        if _started(process) != process.started:
            raise _gone()
        if descriptor is None:
            os.kill(process.pid, number)
        else:
            signal.pidfd_send_signal(descriptor, number)


@contextmanager
def _opened(process: ProcessId) -> Iterator[int | None]:
    """Give a descriptor of whoever has the pid now, None where the kernel has no such thing."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):  # the number of a thread, in older and newer kernels
            raise _gone() from None
        if error.errno != errno.ENOSYS:
            raise
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _started(process: ProcessId) -> int:
    try:
        return started(Path(f"/proc/{process.pid}/stat").read_bytes())
    except (FileNotFoundError, ValueError, IndexError):
        raise _gone() from None


def _gone() -> ProcessLookupError:
    return ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
