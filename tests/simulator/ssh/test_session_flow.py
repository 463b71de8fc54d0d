"""Input of any length arrives, however a channel hands it over."""

from __future__ import annotations

import asyncio
from typing import cast

import asyncssh
import pytest

from iotbox_simulator.ssh.session import Session

PIECE = 1 << 15


class Channel:
    """Hands over what it holds as soon as it may, as asyncssh does."""

    def __init__(self, session: Session, size: int) -> None:
        self._session, self._left, self._paused = session, size, False

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        while self._left and not self._paused:
            piece = min(PIECE, self._left)
            self._left -= piece
            self._session.data_received(b"x" * piece, None)


@pytest.mark.parametrize("size", [PIECE, 5 * PIECE, 5 * PIECE + 1, 1 << 20])
def test_a_program_of_any_size_arrives(size: int) -> None:
    async def arrive() -> int:
        session = Session(lambda _: None)
        channel = Channel(session, size)
        session.connection_made(cast("asyncssh.SSHServerChannel[bytes]", channel))
        asyncio.get_running_loop().call_soon(channel.resume_reading)
        return len(await asyncio.wait_for(session.stdin.readexactly(size), 20.0))

    assert asyncio.run(arrive()) == size
