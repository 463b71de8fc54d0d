"""A person or systemd may end a run at once by asking twice; the end of the time never does."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from reconciler.engine.stop import Stop, on_signals

ASKED, OVER = "interrupted", "the time is over"


def is_pressed(stop: Stop) -> bool:
    async def scene() -> bool:
        waiting = asyncio.create_task(stop.until_pressed())
        await asyncio.sleep(0)
        pressed = waiting.done()
        waiting.cancel()
        return pressed

    return asyncio.run(scene())


@pytest.mark.parametrize(
    ("happens", "pressed"),
    [
        ([OVER], False),
        ([ASKED], False),
        ([OVER, ASKED], False),
        ([ASKED, OVER], False),
        ([OVER, OVER], False),
        ([ASKED, ASKED], True),
        ([OVER, ASKED, ASKED], True),
        ([ASKED, OVER, ASKED], True),
    ],
)
def test_only_who_asks_twice_leaves_boxes_to_themselves(happens: list[str], *, pressed: bool) -> None:
    stop = Stop()
    for each in happens:
        (stop.ask if each == ASKED else stop.run_out)(each)
    assert is_pressed(stop) is pressed
    assert stop.begin_nothing
    assert stop.reason == happens[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_asks(number: signal.Signals) -> None:
    async def scene() -> str:
        stop = Stop()
        with on_signals(stop):
            os.kill(os.getpid(), number)
            await stop.until_asked()
        return stop.reason

    assert asyncio.run(scene()) == f"interrupted by {number.name}"


def test_signals_do_afterwards_what_they_did_before() -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: came.append(number))

    async def scene() -> None:
        with on_signals(Stop()):
            pass

    try:
        asyncio.run(scene())
        os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert came == [signal.SIGHUP]


def test_a_signal_that_is_ignored_asks_for_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)

    async def scene() -> bool:
        stop = Stop()
        with on_signals(stop):
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
            await stop.until_asked()
        return stop.reason == "interrupted by SIGTERM"

    try:
        assert asyncio.run(scene())
    finally:
        signal.signal(signal.SIGHUP, before)
