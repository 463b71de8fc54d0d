"""A run over hostile SSH servers with healthy boxes beside them: each is one finding, and nobody else's business."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from random import Random

import asyncssh
import pytest

from reconciler.connections import ssh_run, ssh_way
from reconciler.engine.run import Run
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.visits import visitor
from reconciler.engine.world import World
from reconciler.model.secret import Secret
from reconciler.model.target import Target
from reconciler.results.fleet import BoxReport, BoxState
from tests.engine.world import Nobody
from tests.support.servers import serving
from tests.support.ssh_servers import LOOPBACK, REPLY, SshLab, go, said
from tests.support.tally import count

from .behaviours import MOST_SENT, counting
from .measure import TOLERANCE
from .ssh_behaviours import PROCESSES, RAW, SERVERS

CONNECT_SECONDS = 2.0
BOX_SECONDS = 2.0
GRACE_SECONDS = 1.0
HEALTHY = [f"healthy {number}" for number in range(4)]
SETTINGS = Settings(probe=False, box_seconds=BOX_SECONDS)
BOUND = CONNECT_SECONDS + BOX_SECONDS + GRACE_SECONDS + 2 * ssh_way.CLOSE_SECONDS


@pytest.fixture(autouse=True)
def _little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_run, "GRACE_SECONDS", GRACE_SECONDS)


def box(lab: SshLab, name: str, port: int, *, hostile: bool = True) -> Target:
    """A box of the run; a hostile one gets less time to connect, and a password to play with."""
    changes: dict[str, object] = {"connect_timeout": CONNECT_SECONDS, "password": Secret("canary")} if hostile else {}
    made = lab.target(port, **changes)
    return replace(made, desired=replace(made.desired, name=name))


@asynccontextmanager
async def everybody(lab: SshLab, sent: list[int]) -> AsyncIterator[list[Target]]:
    """Run every hostile server and a healthy one."""
    async with AsyncExitStack() as stack:
        boxes = []
        for name, raw in RAW.items():
            boxes.append(box(lab, name, stack.enter_context(serving(counting(raw, sent))).port))
        for name, process in PROCESSES.items():
            boxes.append(box(lab, name, (await stack.enter_async_context(lab.serve(process))).port))
        for name, server in SERVERS.items():
            listener = await asyncssh.create_server(server, LOOPBACK, 0, server_host_keys=[lab.host_key])
            stack.callback(listener.close)
            boxes.append(box(lab, name, listener.sockets[0].getsockname()[1]))
        healthy = await stack.enter_async_context(lab.serve(said(REPLY)))
        yield [*boxes, *(box(lab, name, healthy.port, hostile=False) for name in HEALTHY)]


async def check(boxes: list[Target]) -> dict[str, BoxReport]:
    """Look at all of them in one run."""
    world = World(visit=visitor(SETTINGS), may=_nobody, relay=Nobody(), random=Random(1))
    report = await Run(boxes, (), SETTINGS, world, Stop()).check()
    return {each.name: each for each in report.boxes}


async def _nobody(_: object) -> str | None:
    raise AssertionError("a check asks nobody")


def hostile(reports: dict[str, BoxReport]) -> Iterator[BoxReport]:
    """Those that are not healthy."""
    return (each for name, each in reports.items() if name not in HEALTHY)


def test_each_hostile_box_is_one_finding_and_the_healthy_ones_are_as_without_them(ssh_lab: SshLab) -> None:
    sent: list[int] = []
    seen: dict[str, BoxReport] = {}
    alone: dict[str, BoxReport] = {}

    async def scenario() -> None:
        async with everybody(ssh_lab, sent) as boxes:
            seen.update(await check(boxes))
            alone.update(await check([each for each in boxes if each.name in HEALTHY]))

    go(scenario())
    for report in hostile(seen):
        assert report.state in (BoxState.UNREACHABLE, BoxState.FAILED), report
        assert len(report.findings) == 1, report
        assert report.findings[0].evidence.isprintable()
        assert "canary" not in str(report)
        assert report.seconds < BOUND + TOLERANCE, report
        count("hostile servers that were visited")
    assert len(seen) == len(RAW) + len(PROCESSES) + len(SERVERS) + len(HEALTHY)
    for name in HEALTHY:
        assert seen[name].state is alone[name].state is BoxState.IN_SYNC
        assert seen[name].findings == alone[name].findings == ()
    assert sum(sent) < MOST_SENT * len(RAW)
