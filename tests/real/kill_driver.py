"""Sent to a box in place of the bootstrap: the box program, told where to kill itself.

`python3 -I -c SOURCE step|call NUMBER` with the carrier's message on standard input. `step`: before the announced step
of that number. `call`: right after the changing call to the machine of that number. When there are fewer, for two runs
that wait for Odoo need not make the same number of calls, it kills itself after the last thing that was done. Number 0
lets it run to its end. It prints each point as it comes to it, and `end` at the end.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import zlib
from collections.abc import Callable
from typing import Any

CHANGING = (
    "create",
    "symlink",
    "make_directory",
    "rename",
    "remove",
    "set_mode",
    "set_owner",
    "remount_writable",
    "run",
    "signal",
)


class Killer:
    """Counts points and ends the process at one of them, without any goodbye."""

    def __init__(self, number: int) -> None:
        self._wanted = number
        self._come_to = 0

    def point(self, words: str) -> None:
        """Come to the next point."""
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()
        self._come_to += 1
        if self._come_to == self._wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    def end(self) -> None:
        """Come to the last point."""
        self._wanted = self._wanted and self._come_to + 1
        self.point("end")


def main(kind: str, number: int) -> None:
    """Read program and request, and run."""
    stream = sys.stdin.buffer
    program, request = (stream.read(size) for size in struct.unpack(">QQ", stream.read(16)))
    memory = os.memfd_create("iot-https")
    os.write(memory, zlib.decompress(program))
    sys.path.insert(0, f"/proc/self/fd/{memory}")
    from reconciler.box.run import run
    from reconciler.machine.posix.system import PosixSystem
    from reconciler.model import wire
    from reconciler.model.desired import Request

    killer = Killer(number)
    system: Any = PosixSystem() if kind == "step" else Watched(PosixSystem(), killer)
    run(system, wire.decode(Request, json.loads(request)), killer.point if kind == "step" else lambda _: None)
    killer.end()


class Watched:
    """A machine whose changing calls are points, each right after it took effect."""

    def __init__(self, machine: object, killer: Killer) -> None:
        self._machine = machine
        self._killer = killer

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._machine, name)
        return self._followed(call, name) if name in CHANGING else call

    def _followed(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def act(*arguments: Any, **options: Any) -> Any:
            try:
                return call(*arguments, **options)
            finally:
                words = arguments[0] if isinstance(arguments[0], tuple) else arguments[:1]
                self._killer.point(f"{name} {' '.join(map(str, words))[:100]}")

        return act


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
