"""Knock at a port: does anybody listen there? The connection is made and closed, and nothing is sent."""

from __future__ import annotations

import asyncio
import errno
from enum import StrEnum
from typing import Final

from ..model.errors import TemporaryFailure
from ..net.dial import Dial
from ..probe.streams import connected
from .pace import Pace


class Door(StrEnum):
    """What a port does."""

    OPEN = "open"
    CLOSED = "closed"
    SILENT = "silent"


class CannotKnock(TemporaryFailure):
    """This machine itself makes no connection there; the text says why."""


_REFUSES: Final = frozenset({errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED})
"""Somebody is there and says no."""
_HERE: Final = {
    errno.EMFILE: "too many open files: lower --forks, or raise the limit (ulimit -n)",
    errno.ENFILE: "too many open files on this machine",
    errno.ENOBUFS: "no memory is left for connections: lower --rate",
    errno.EADDRNOTAVAIL: "no port is left for connections: lower --rate",
    errno.ENETUNREACH: "this machine has no route there: is the VPN up?",
    errno.ENETDOWN: "the network is down here",
    errno.EPERM: "a firewall of this machine forbids it",
}
"""What says nothing of the address, but of the machine on which this runs."""


async def knock(dial: Dial, pace: Pace, address: str, port: int, seconds: float) -> Door:
    """Knock once.

    Args:
        seconds: how long to wait for an answer.

    Raises:
        CannotKnock: it could not be tried.
    """
    await pace.turn()
    try:
        async with asyncio.timeout(seconds), connected(dial, address, port):
            return Door.OPEN
    except OSError as error:  # also TimeoutError
        if (reason := _HERE.get(error.errno or 0)) is not None:
            raise CannotKnock(reason) from None
        return Door.CLOSED if error.errno in _REFUSES else Door.SILENT
