"""A box that answers with as much legal JSON as it can costs the other boxes of a run hardly any time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from reconciler.connections import reply
from reconciler.model.fleet import BoxState
from reconciler.model.framing import frame
from tests.connections.test_reply_cost import FLOODS, result
from tests.support.ssh_servers import SshLab, go, said
from tests.support.tally import count

from .test_ssh import box, check

HEALTHY, HOSTILE, ROUNDS = 12, 4, 3
MOST_TIMES = 1.3
"""How much longer the processor works for a run with hostile boxes than for one with healthy ones in their place."""
SLACK_SECONDS = 0.1
"""Of the processor, which a run of sixteen boxes varies by from time to time."""


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
        "noise before a reply": b"[0, " * (300 << 10),
        **{kind: FLOODS[kind]() for kind in ("as many findings as fit", "many long texts", "unprintable texts")},
    }
)


@pytest.fixture
def ssh_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SshLab:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return SshLab(tmp_path)


async def _seconds(lab: SshLab, answers: list[bytes]) -> float:
    """Return how long the processor works for a run over boxes that answer so; the fastest of some runs."""
    async with AsyncExitStack() as stack:
        boxes = []
        for number, output in enumerate(answers):
            served = await stack.enter_async_context(lab.serve(said(output)))
            boxes.append(box(lab, f"till-{number}", served.port, hostile=False))
        taken = []
        for _ in range(ROUNDS):
            began = time.process_time()
            reports = await check([replace(each) for each in boxes])
            taken.append(time.process_time() - began)
            for number in range(HEALTHY):
                assert reports[f"till-{number}"].state is BoxState.IN_SYNC
        return min(taken)


@pytest.mark.parametrize("kind", KINDS)
def test_healthy_boxes_take_as_long_as_without_hostile_ones(ssh_lab: SshLab, kind: str) -> None:
    async def scenario() -> None:
        alone = await _seconds(ssh_lab, [USUAL] * (HEALTHY + HOSTILE))
        beside = await _seconds(ssh_lab, [USUAL] * HEALTHY + [KINDS[kind]] * HOSTILE)
        assert beside <= MOST_TIMES * alone + SLACK_SECONDS, (beside, alone)
        count("hostile servers that were visited", HOSTILE * ROUNDS)

    go(scenario())
