"""One question to a box through Ansible, which runs the module there, and what to make of whatever comes of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from ..connections.carrier import request_text
from ..connections.ssh_command import LIVES, PROBE
from ..model.desired import Request
from ..printable import printable
from . import printed
from .printed import Printed

_NO_CONNECTION: Final = 255
"""How OpenSSH ends where there is none."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command on the box printed; `status`: with which it ended, where that is known."""

    output: str
    errors: str
    status: int | None = None


class Unreachable(Exception):
    """Ansible says that it has no connection to the box, in its own words.

    Args:
        is_refused: by the kind of its error the login was refused.
        last: how the last command ended; one that ran shows that there is a connection, whatever came of it.
    """

    def __init__(self, said: str, *, is_refused: bool = False, last: Ran | None = None) -> None:
        super().__init__(said)
        self.is_refused = is_refused
        self.last = last


class ModuleNotRun(Exception):
    """Ansible could not run the module, and says why."""


class PlayedBox(Protocol):
    """A box of a play, as Ansible reaches it."""

    def address(self) -> str:
        """Return what it is connected to: `ansible_host`, or its name."""

    def run_module(self, arguments: Mapping[str, str]) -> Ran:
        """Run the module and return what it printed.

        Raises:
            Unreachable: as Ansible sees it.
            ModuleNotRun: for another reason.
        """

    def run_command(self, command: str) -> Ran:
        """Run a command of a shell without further rights.

        Raises:
            Unreachable: there is none any more.
        """


def ask(box: PlayedBox, request: Request) -> Printed:
    """Return what the box said.

    Raises:
        Unreachable: there is none.
    """
    found = _asked(box, request)
    if found.is_unexplained and LIVES not in box.run_command(PROBE).output.splitlines():
        return printed.blocked(found)
    return found


def _asked(box: PlayedBox, request: Request) -> Printed:
    try:
        ran = box.run_module({"request": request_text(request)})
    except Unreachable as error:
        if error.last is None or error.last.status == _NO_CONNECTION:
            raise
        return printed.without_folder(error.last.output, error.last.errors, error.last.status)
    except ModuleNotRun as error:
        return Printed(b"", printable(str(error)))
    return printed.said(ran.output, ran.errors, ran.status)
