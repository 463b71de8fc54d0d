"""A box that answers with as much legal JSON as it can costs the other boxes of a run hardly any time."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pytest

from reconciler.connections import reply
from reconciler.model.framing import frame
from reconciler.results.fleet import BoxState
from tests.connections.test_reply_cost import FLOODS, result
from tests.support.ssh_servers import SshLab, said
from tests.support.tally import count

from .test_ssh import box, check

HEALTHY, HOSTILE, ROUNDS = 12, 4, 3
MOST_TIMES = 1.3
"""How much longer the processor works for a run with hostile boxes than for one with healthy ones in their place."""
SLACK_SECONDS = 0.02
"""Of the processor, by which a run of sixteen boxes varies from time to time."""


USUAL = frame(result())
"""What a healthy box answers."""


def _huge() -> bytes:
    """Return what was tried before there was a bound: legal JSON of 16 MiB."""
    body = b'{"result": {"after": [' + b"{}, " * (4 << 20) + b"{}]}}"
    return b"\nIOT-HTTPS-REPLY %d\n%s\n" % (len(body), body)


KINDS: Mapping[str, bytes] = MappingProxyType(
    {
        "16 MiB": _huge(),
        "a little more than is allowed": b"\nIOT-HTTPS-REPLY %d\n" % (reply.BOUNDS.size + 1) + b" " * reply.BOUNDS.size,
        "noise before a reply": b"[0, " * (70 << 10),
        **{kind: FLOODS[kind]() for kind in ("as many findings as fit", "many long texts", "unprintable texts")},
    }
)


@dataclass
class Elsewhere:
    """Boxes in a thread of their own, so that what they take can be told from what the run takes."""

    lab: SshLab
    answers: list[bytes]
    ports: Future[list[int]] = field(default_factory=Future)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def _serve(self) -> None:
        async with AsyncExitStack() as stack:
            boxes = [await stack.enter_async_context(self.lab.serve(said(each))) for each in self.answers]
            self.ports.set_result([each.port for each in boxes])
            await self._over.wait()

    @contextmanager
    def up(self) -> Iterator[Callable[[], float]]:
        """Give the seconds of the processor that all other threads of this process have taken."""
        thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))
        thread.start()
        clock = time.pthread_getcpuclockid(thread.ident or 0)
        try:
            yield lambda: time.process_time() - time.clock_gettime(clock)
        finally:
            self._loop.call_soon_threadsafe(self._over.set)
            thread.join()
            self._loop.close()


def _seconds(lab: SshLab, answers: list[bytes]) -> float:
    """Return how long the processor works for a run over boxes that answer so; the fastest of some runs."""
    served = Elsewhere(lab, answers)
    with served.up() as spent:
        ports = served.ports.result(timeout=60)
        boxes = [box(lab, f"till-{number}", port, hostile=False) for number, port in enumerate(ports)]
        taken = []
        for _ in range(ROUNDS):
            began = spent()
            reports = asyncio.run(check([replace(each) for each in boxes]))
            taken.append(spent() - began)
            for number in range(HEALTHY):
                assert reports[f"till-{number}"].state is BoxState.IN_SYNC
        return min(taken)


@pytest.mark.parametrize("kind", KINDS)
def test_healthy_boxes_take_as_long_as_without_hostile_ones(ssh_lab: SshLab, kind: str) -> None:
    alone = _seconds(ssh_lab, [USUAL] * (HEALTHY + HOSTILE))
    beside = _seconds(ssh_lab, [USUAL] * HEALTHY + [KINDS[kind]] * HOSTILE)
    assert beside <= MOST_TIMES * alone + SLACK_SECONDS, (beside, alone)
    count("hostile servers that were visited", HOSTILE * ROUNDS)
