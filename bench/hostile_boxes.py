#!/usr/bin/env python3
"""How long healthy boxes wait because of hostile ones beside them, over SSH, as a ratio in one run.

`hostile_boxes.py [--rounds N]`. A check of twelve healthy boxes and four that answer with as much as they can, against
one of sixteen healthy ones. The servers run in a process of their own; what is timed is from the beginning of a run
until the last of the twelve is known.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reconciler.engine.run import Run
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.visits import visitor
from reconciler.engine.world import World
from reconciler.results.events import Event, EventKind
from reconciler.results.fleet import BoxState
from tests.engine.world import Nobody
from tests.hostile.test_ssh import box
from tests.hostile.test_ssh_cost import HEALTHY, HOSTILE, KINDS, USUAL
from tests.support.ssh_servers import SshLab, said

SETTINGS = Settings(probe=False)
NAMES = frozenset(f"till-{number}" for number in range(HEALTHY))


@dataclass(frozen=True)
class Taken:
    """Seconds of one run: until the last healthy box was known, and of the processor."""

    wall: float
    cpu: float


def serve(lab: SshLab, answers: list[bytes], pipe: Connection) -> None:
    """Serve a box for each answer until the other end says that it is over; send their ports first."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a client that goes away is what it is to meet

    async def run() -> None:
        async with AsyncExitStack() as stack:
            boxes = [await stack.enter_async_context(lab.serve(said(each))) for each in answers]
            pipe.send([each.port for each in boxes])
            await asyncio.to_thread(pipe.poll, None)

    asyncio.run(run())


async def nobody(_: object) -> str | None:
    """A check asks nobody."""
    raise AssertionError


def looked_at(lab: SshLab, ports: list[int]) -> Taken:
    """Check the boxes once."""
    boxes = [box(lab, f"till-{number}", port, hostile=False) for number, port in enumerate(ports)]
    known: dict[str, float] = {}

    def tell(event: Event) -> None:
        if event.kind is EventKind.BOX_FINISHED and event.box in NAMES:
            if event.state is not BoxState.IN_SYNC:
                raise SystemExit(f"{event.box} is {event.state}: nothing was measured")
            known[event.box] = time.monotonic()

    world = World(visit=visitor(SETTINGS), may=nobody, relay=Nobody(), tell=tell)
    began, cpu = time.monotonic(), time.process_time()
    asyncio.run(Run(boxes, (), SETTINGS, world, Stop()).check())
    cpu = time.process_time() - cpu
    return Taken(max(known.values()) - began, cpu)


def measured(answers: list[bytes], rounds: int) -> Taken:
    """Return the medians over the rounds."""
    fork = get_context("fork")
    with tempfile.TemporaryDirectory() as folder:
        lab = SshLab(Path(folder))
        ours, theirs = fork.Pipe()
        servers = fork.Process(target=serve, args=(lab, answers, theirs), daemon=True)
        servers.start()
        theirs.close()
        try:
            ports = ours.recv()
            taken = [looked_at(lab, ports) for _ in range(rounds + 1)][1:]  # the first imports what it needs
        finally:
            ours.send(None)
            servers.join()
    return Taken(statistics.median(each.wall for each in taken), statistics.median(each.cpu for each in taken))


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    alone = measured([USUAL] * (HEALTHY + HOSTILE), rounds)
    print(f"sixteen healthy boxes: {alone.wall * 1000:.0f} ms, processor {alone.cpu * 1000:.0f} ms")
    print("| four boxes answer with | wall of the twelve others, times | processor of the run, times |")
    print("| --- | --- | --- |")
    for kind, answer in KINDS.items():
        beside = measured([USUAL] * HEALTHY + [answer] * HOSTILE, rounds)
        print(f"| {kind} | {beside.wall / alone.wall:.2f} | {beside.cpu / alone.cpu:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
