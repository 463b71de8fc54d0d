"""What a client sends arrives, however much it is and however it comes."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from iotbox_simulator.ssh.session import ServerSession
from tests.support.patience import PATIENCE

PIECE = 32 << 10


class Keeping:
    """A channel that keeps back what comes while it is paused, and hands it on within `resume_reading`, as asyncssh."""

    def __init__(self, session: ServerSession) -> None:
        self._session, self._kept, self._is_paused = session, list[bytes](), False

    def pause_reading(self) -> None:
        self._is_paused = True

    def resume_reading(self) -> None:
        self._is_paused = False
        while self._kept and not self._is_paused:
            self._session.data_received(self._kept.pop(0), None)

    def comes(self, piece: bytes) -> None:
        """Take a piece from the network."""
        self._kept.append(piece)
        if not self._is_paused:
            self.resume_reading()


@pytest.mark.parametrize("pieces", [1, 4, 5, 6, 40])
def test_input_arrives_whole_however_long_it_is(pieces: int) -> None:
    async def story() -> bytes:
        session = ServerSession(lambda _: None)
        channel = Keeping(session)
        session.connection_made(cast(Any, channel))
        for number in range(pieces):
            channel.comes(bytes([number]) * PIECE)
        return await asyncio.wait_for(session.stdin.readexactly(pieces * PIECE), PATIENCE)

    assert asyncio.run(story()) == b"".join(bytes([number]) * PIECE for number in range(pieces))
