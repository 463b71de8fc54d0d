"""The program that is sent to a box: one request in, one framed reply out.

A login shell or sudo may print before us, so the reply is framed.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from ..machine import ending
from ..machine.posix.surroundings import make_safe
from ..machine.posix.system import PosixSystem
from ..machine.system import System
from ..model import wire
from ..model.desired import WIRE_VERSION, Request
from ..model.errand import Errand
from ..model.errors import PermanentFailure
from ..model.framing import MARKER, frame
from .run import run

__all__ = ["MARKER", "answer", "frame", "main", "reply"]


def answer(request: bytes, system: System) -> bytes:
    """Run one request and return the framed reply, and the files that follow it; raises nothing."""
    try:
        data = _parsed(request)
        if "errand" in data:
            return _errand(wire.decode(Errand, data, "request"), system)
        said: dict[str, Any] = {"result": wire.encode(run(system, wire.decode(Request, data, "request")))}
    except (Exception, ending.Stopped) as error:  # noqa: BLE001 - the last line of defence: a reply must come out
        said = {"error": ending.why_no_result(error)}
    return frame(said)


def _errand(errand: Errand, system: System) -> bytes:
    from .errand import bring

    brought, files = bring(system, errand)
    return frame({"brought": wire.encode(brought)}) + files


def main(request: bytes) -> None:
    """Answer on standard output; called by the bootstrap with what came on standard input."""
    _say(reply(request))


def reply(request: bytes) -> bytes:
    """Run one request on this machine, as a process that does nothing else, and return the framed reply."""
    make_safe()
    ending.keep_on()
    return answer(request, PosixSystem())


def _say(framed: bytes) -> None:
    try:
        sys.stdout.buffer.write(framed)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # nobody listens any more, and the work is done; the interpreter would complain when it flushes at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise PermanentFailure("the request is not JSON") from None
    if not isinstance(data, dict) or data.get("version") != WIRE_VERSION:
        raise PermanentFailure(f"the request is not of version {WIRE_VERSION}: controller and program differ")
    return data
