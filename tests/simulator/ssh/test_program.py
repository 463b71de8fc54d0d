"""Our own SSH connection looks at simulated boxes and mends them, from end to end over loopback."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.ssh.session import ServerSession
from reconciler.model.desired import Mode
from tests.support.ssh_boxes import KINDS, Fleet, boxes, codes
from tests.support.ssh_servers import SshLab, go


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["expired", "mixed", "resolvers"])
def test_a_broken_box_is_checked_mended_and_found_in_sync(ssh_lab: SshLab, kind: LayoutKind, fault: str) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1", kind, fault))
            before = await lab.run(box)
            assert before.after
            assert not before.changed
            mended = await lab.run(box, Mode.RECONCILE)
            assert mended.changed
            assert codes(mended) == []
            again = await lab.run(box)
            assert codes(again) == []
            assert not again.changed

    go(scenario())


class Held:
    """A channel that hands over at once what it held back, as asyncssh's do."""

    def __init__(self, rest: bytes) -> None:
        self._rest = rest
        self._take: ServerSession | None = None

    def belongs_to(self, session: ServerSession) -> None:
        """Become its channel."""
        self._take = session
        session.connection_made(self)  # type: ignore[arg-type]

    def pause_reading(self) -> None:
        """Hold back what comes."""

    def resume_reading(self) -> None:
        """Hand it over."""
        rest, self._rest = self._rest, b""
        assert self._take is not None
        if rest:
            self._take.data_received(rest, None)


@pytest.mark.parametrize("held", [1, 64 << 10, 200 << 10])
def test_a_program_of_any_size_arrives(held: int) -> None:
    first = bytes(130 << 10)

    async def scenario() -> None:
        session = ServerSession(lambda _: None)
        Held(bytes(held)).belongs_to(session)
        session.data_received(first, None)  # more than a reader takes before it has the sender wait
        assert len(await session.stdin.readexactly(len(first) + held)) == len(first) + held

    go(scenario())
