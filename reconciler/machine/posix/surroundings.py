"""Reset what the program inherits from its caller (environment, umask, limits) before a secret comes in.

`sudo` passes on limits, signals that are ignored, the working directory and, as it is told, variables. Ignored SIGCHLD
would make every program that we run look successful; a limit on file sizes would cut writes short.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from contextlib import suppress

PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
"""Where programs are looked for: what the system brings comes first, so that nothing is put in its place."""
ENVIRONMENT = {"PATH": PATH, "LC_ALL": "C"}
_PR_SET_DUMPABLE = 4
_UNBOUNDED = (resource.RLIMIT_FSIZE, resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_DATA)
_FILES = 1024
"""Open at once, as systemd gives services. A login shell may leave fewer, in the middle of which a repair would end."""
_USUAL_SIGNALS = (signal.SIGCHLD, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2)


def make_safe() -> None:
    """Leave nothing of the caller's, and let no crash write memory to a disk."""
    os.chdir("/")
    os.umask(0o022)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # a kernel that pipes cores to a program does not heed the limit; this also keeps other processes out of /proc/self
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    for limit in _UNBOUNDED:
        with suppress(ValueError, OSError):  # not root
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, max(_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    for number in _USUAL_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
