"""Limit how many packets an SSH server may send that belong to no channel.

A server that sends packets to be ignored, as fast as it can, would keep this process busy until its box's time is over,
and with it the connections of all other boxes.
"""

from __future__ import annotations

from typing import Final

import asyncssh

MOST_OF_A_BOX: Final = 2 << 20
"""Bytes as they come on the wire: twice what is taken of the output of a program."""
MOST_OF_A_JUMP_HOST: Final = 4 << 20
"""The same with a look from outside, since all that goes to the box behind it comes through this."""
TOO_MUCH: Final = "more came from it than any box needs to send"


class TooMuch(asyncssh.ProtocolError):
    """A server has sent more than is taken from it."""

    def __init__(self) -> None:
        super().__init__(TOO_MUCH)


def limit(connection: asyncssh.SSHClientConnection, most: int) -> None:
    """End a connection when more than so many bytes have come on it; who waits for it gets `TooMuch`."""
    take, came = connection.data_received, 0

    def taken(data: bytes, datatype: int | None = None) -> None:
        nonlocal came
        came += len(data)
        if came <= most:
            take(data, datatype)
        else:
            connection.connection_lost(TooMuch())

    connection.data_received = taken  # type: ignore[method-assign]  # asyncssh has no other place to count
