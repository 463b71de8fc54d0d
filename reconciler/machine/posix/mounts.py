"""A mount namespace of our own, so that no remount of ours is seen on the box and none has to be put back.

`os.unshare` exists from Python 3.12, the boxes begin at 3.11: hence ctypes.
"""

from __future__ import annotations

import ctypes
import errno
import os
import threading
from collections.abc import Callable

from ...model.statement import say
from ..reason import Unable
from ..system import Completed

_CLONE_NEWNS = 0x00020000
_MS_REC = 0x4000
_MS_SLAVE = 1 << 19
_MOUNT_SECONDS = 30.0

_left_host = threading.local()
"""`done` is set in a thread that has left: the kernel keeps mount namespaces per thread, children inherit them."""


def leave_host_mounts() -> None:
    """Give the calling thread a mount namespace of its own from which nothing propagates to the host.

    A second call in the same thread does nothing. Threads and programs started afterwards are inside as well; what
    the host unmounts goes away here too, so that a long run keeps no file system busy.

    Raises:
        OSError: no permission, or the kernel has no mount namespaces.
    """
    if getattr(_left_host, "done", False):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    _call(libc.unshare, ctypes.c_int(_CLONE_NEWNS))
    flags = ctypes.c_ulong(_MS_REC | _MS_SLAVE)
    _call(libc.mount, ctypes.c_char_p(b"none"), ctypes.c_char_p(b"/"), None, flags, None)
    _left_host.done = True


def _call(function: Callable[..., int], *arguments: object) -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise Unable(say("in_namespace", reason=os.strerror(number)), number=number)


def remount_writable(path: str, run: Callable[[tuple[str, ...], float], Completed]) -> None:
    """Make the mount at `path`, and the file system behind it, writable.

    Args:
        run: how to run a program; its second argument is a timeout in seconds.

    Raises:
        OSError: mount(8) refused, with the last line of what it said.
    """
    done = run(("mount", "-o", "remount,rw", path), _MOUNT_SECONDS)
    if done.status != 0:
        lines = (done.errors or done.output).split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), None)
        why = say("ended_with", exit_status=done.status) if said is None else said
        raise Unable(say("cannot_remount", reason=why), path, errno.EIO)
