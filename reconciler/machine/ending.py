"""How the program ends early: its connection is gone, it is told to stop, or it has a defect.

Whoever waits for the reply may go: a connection that breaks, a terminal that is closed or an interrupt there do not end
a repair in the middle.
"""

from __future__ import annotations

import signal
import traceback
from dataclasses import dataclass
from types import FrameType

from ..model.errors import IotHttpsError


class Stopped(BaseException):
    """The box shuts down or somebody ended this program: nothing more is begun, Odoo is not left stopped."""


@dataclass(slots=True)
class End:
    """Whether being told to end must wait, and whether it does."""

    is_put_off: bool = False
    waits: bool = False

    def tell(self) -> None:
        """End at once, or as soon as that is accepted; raises `Stopped`."""
        if not self.is_put_off:
            raise Stopped
        self.waits = True

    def accept(self) -> None:
        """Let the program end again; raises `Stopped` if it was told to meanwhile."""
        self.is_put_off = False
        if self.waits:
            self.waits = False
            raise Stopped


END = End()
"""Of this process. What must not be left half done puts it off, for as short as that takes."""


def keep_on() -> None:
    """Survive the end of whoever sent us. Functions, because programs that we start would inherit "ignore"."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _pass_over)
    signal.signal(signal.SIGTERM, _stop)


def why_no_result(error: BaseException) -> str:
    """Say why there is no result. An error of ours names its place and never its values, which could be secrets."""
    if isinstance(error, IotHttpsError):
        return str(error)
    if isinstance(error, Stopped):
        return "it was told to stop (SIGTERM) while it was at work; run again"
    return f"defect in this program: {_place(error)}"


def _pass_over(_number: int, _frame: FrameType | None) -> None:
    return


def _stop(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, _pass_over)  # what is put in order now is not interrupted again
    END.tell()


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
