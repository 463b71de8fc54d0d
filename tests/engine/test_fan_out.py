"""Some at a time, in order of the list, and able to end early."""

from __future__ import annotations

import asyncio

from reconciler.engine.fan_out import FanOut, Missing
from reconciler.engine.stop import Stop, after


async def echo(item: int) -> int:
    await asyncio.sleep(0)
    return item


def run(fan_out: FanOut[int, int], items: range) -> list[int | Missing]:
    return asyncio.run(fan_out.run(items))


def test_outcomes_stand_in_the_order_of_the_items() -> None:
    assert run(FanOut(echo, 3, Stop()), range(10)) == list(range(10))


def test_nothing_begins_after_the_end_was_asked_for() -> None:
    stop = Stop()

    async def second_asks(item: int) -> int:
        if item == 1:
            stop.ask("enough")
        return await echo(item)

    outcomes = run(FanOut(second_asks, 1, stop), range(4))
    assert outcomes == [0, 1, Missing.NOT_BEGUN, Missing.NOT_BEGUN]


def test_a_delay_does_not_hold_up_the_end() -> None:
    stop = Stop()
    stop.ask("enough")
    assert run(FanOut(echo, 1, stop, lambda _: 3600.0), range(2)) == [Missing.NOT_BEGUN] * 2


def test_asked_twice_what_runs_is_cancelled_and_has_no_outcome() -> None:
    stop = Stop()
    cancelled: list[int] = []

    async def hang(item: int) -> int:
        stop.ask("enough")
        stop.ask("now")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(item)
            raise
        return item

    assert run(FanOut(hang, 1, stop), range(2)) == [Missing.LEFT_ALONE, Missing.NOT_BEGUN]
    assert cancelled == [0]


def test_the_end_of_the_time_asks_for_the_end() -> None:
    async def scene() -> str:
        stop = Stop()
        with after(stop, 0.01, "the time is over"):
            await stop.until_asked()
        return stop.reason

    assert asyncio.run(scene()) == "the time is over"


def test_without_a_bound_nothing_asks() -> None:
    async def scene() -> bool:
        stop = Stop()
        with after(stop, None, ""):
            await asyncio.sleep(0)
        return stop.begin_nothing

    assert not asyncio.run(scene())
