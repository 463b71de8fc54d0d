"""No second has more connections than was said, however many want to connect, tasks and threads together."""

from __future__ import annotations

import asyncio
import random

import pytest

from reconciler.discovery.pace import Pace


class Time:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.made: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.made.append(self.now + seconds)

    def pause(self, seconds: float) -> None:
        self.made.append(self.now + seconds)


@pytest.mark.parametrize("per_second", [1, 3, 100])
def test_a_second_never_has_more(per_second: int) -> None:
    time = Time()
    pace = Pace(per_second, lambda: time.now, time.sleep, time.pause)
    moments: list[float] = []
    order = random.Random(1)

    async def come() -> None:
        for _ in range(20 * per_second):
            time.now += order.choice([0.0, 0.0, 0.0, 0.7 / per_second, 0.001])
            before = len(time.made)
            if order.random() < 0.5:
                await pace.turn()
            else:
                pace.turn_in_thread()
            moments.append(time.made[-1] if len(time.made) > before else time.now)

    asyncio.run(come())
    assert moments == sorted(moments)
    for each in moments:
        assert sum(each <= other < each + 1.0 - 1e-6 for other in moments) <= per_second


def test_nobody_waits_who_comes_late_enough() -> None:
    time = Time()
    pace = Pace(10, lambda: time.now, time.sleep, time.pause)
    for _ in range(5):
        pace.turn_in_thread()
        time.now += 0.2
    assert time.made == []
