"""What is said while a run waits, and when."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.cli import waiting
from reconciler.engine.stop import Stop

BEGUN = "interrupted by SIGINT: no further box is begun; waiting for"
HOW = "Ctrl-C again, or a second signal: end without waiting; what a box has begun it finishes or undoes alone"


def told(stop: Stop, *at_work: dict[str, float]) -> list[str]:
    """Return what is said while boxes come to their end, one state after the other."""
    said: list[str] = []
    states = iter(at_work)
    now = [next(states)]

    def say(line: str) -> None:
        said.append(line)
        now[0] = next(states, {})
        if now[0].get("press"):
            now[0] = {name: left for name, left in now[0].items() if name != "press"}
            stop.ask("again")

    stop.ask("interrupted by SIGINT")
    asyncio.run(waiting.until_the_end(stop, lambda: now[0], say, every=0.0))
    return said


@pytest.mark.parametrize(
    ("states", "lines"),
    [
        ([{}], ["interrupted by SIGINT: no further box is begun, and none is being worked on"]),
        (
            [{"till-1": 99.6}],
            [f"{BEGUN} 1 box (till-1), 100 s at most. {HOW}"],
        ),
        (
            [{"till-1": 20.0, "till-2": 90.0}, {"till-1": 10.0}],
            [
                f"{BEGUN} 2 boxes (till-2, till-1), 90 s at most. {HOW}",
                "still waiting for 1 box (till-1), 10 s at most",
            ],
        ),
        (
            [{f"till-{each}": 9.0 for each in range(7)}],
            [
                f"{BEGUN} 7 boxes (till-0, till-1, till-2, till-3, till-4 and 2 boxes more), 9 s at most. {HOW}",
            ],
        ),
        (
            [{"till-\x1b[1": 9.0}, {"till-\x1b[1": 8.0, "press": 1.0}],
            [
                f"{BEGUN} 1 box (till-[1), 9 s at most. {HOW}",
                "no longer waiting for 1 box (till-[1)",
            ],
        ),
    ],
)
def test_each_wait_is_said_with_its_boxes(states: list[dict[str, float]], lines: list[str]) -> None:
    assert [line.replace(" [1", "[1") for line in told(Stop(), *states)] == lines


def test_where_no_line_can_move_the_run_tells_now_and_then_how_far_it_is() -> None:
    said: list[str] = []

    async def scene() -> None:
        enough = asyncio.Event()

        def say(line: str) -> None:
            said.append(line)
            if len(said) == 3:
                enough.set()

        telling = asyncio.create_task(waiting.now_and_then(lambda: f"{len(said)} done", say, every=0.0))
        await enough.wait()
        telling.cancel()

    asyncio.run(scene())
    assert said[:3] == ["0 done", "1 done", "2 done"]
