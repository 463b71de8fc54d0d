"""The program that is sent to a box: one request in, one framed reply out.

A login shell or sudo may print before us, so the reply is framed: a line with a marker and the number of bytes of
JSON that follow. An error of ours names its place and never its values, which could be secrets.

Whoever waits for the reply may go: a connection that breaks, a terminal that is closed or an interrupt there do not end
a repair in the middle.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from types import FrameType
from typing import Any, NoReturn

from ..model import wire
from ..model.desired import WIRE_VERSION, Request
from ..model.errors import IotHttpsError, PermanentFailure
from .posix import PosixSystem
from .run import run
from .system import System

MARKER = "IOT-HTTPS-REPLY"


class Stopped(BaseException):
    """The box shuts down or somebody ended this program: nothing more is begun, Odoo is not left stopped."""


def answer(request: bytes, system: System) -> bytes:
    """Run one request and return the framed reply; raises nothing."""
    try:
        reply: dict[str, Any] = {"result": wire.encode(run(system, _request(request)))}
    except IotHttpsError as error:
        reply = {"error": str(error)}
    except Stopped:
        reply = {"error": "it was told to stop (SIGTERM) while it was at work; run again"}
    except Exception as error:  # noqa: BLE001 - the last line of defence: a reply must come out, without values
        reply = {"error": f"defect in this program: {_place(error)}"}
    return frame(reply)


def frame(reply: dict[str, Any]) -> bytes:
    """Return what goes to standard output."""
    body = json.dumps(reply).encode()
    return f"\n{MARKER} {len(body)}\n".encode() + body + b"\n"


def main(request: bytes) -> None:
    """Answer on standard output; called by the bootstrap with what came on standard input."""
    _keep_on()
    _say(answer(request, PosixSystem()))


def _keep_on() -> None:
    """Survive the end of whoever sent us. Functions, because programs that we start would inherit "ignore"."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _pass_over)
    signal.signal(signal.SIGTERM, _stop)


def _pass_over(_number: int, _frame: FrameType | None) -> None:
    return


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, _pass_over)  # what is put in order now is not interrupted again
    raise Stopped


def _say(reply: bytes) -> None:
    try:
        sys.stdout.buffer.write(reply)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # nobody listens any more, and the work is done; the interpreter would complain when it flushes at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _request(raw: bytes) -> Request:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise PermanentFailure("the request is not JSON") from None
    if not isinstance(data, dict) or data.get("version") != WIRE_VERSION:
        raise PermanentFailure(f"the request is not of version {WIRE_VERSION}: controller and program differ")
    return wire.decode(Request, data, "request")


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
