"""Tell a person what a run that does not move is waiting for, and how long that can take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from ..engine.stop import Stop
from ..printable import printable
from ..report.words import boxes

EVERY_SECONDS = 10.0
PROGRESS_SECONDS = 30.0
_NAMED = 5
_HOW = "Ctrl-C again, or a second signal: end without waiting; what a box has begun it finishes or undoes alone"

Say = Callable[[str], None]
SecondsLeft = Callable[[], Mapping[str, float]]
"""Boxes that are being worked on, each with the seconds that it can still take."""


async def until_the_end(stop: Stop, at_work: SecondsLeft, say: Say, every: float = EVERY_SECONDS) -> None:
    """Say what is waited for once no further box is begun, then now and then; goes on until there is nothing."""
    await stop.until_asked()
    if not at_work():
        say(f"{stop.reason}: no further box is begun, and none is being worked on")
        return
    say(f"{stop.reason}: no further box is begun; {_waiting(at_work())}. {_HOW}")
    while not await _pressed(stop, every) and at_work():
        say(f"still {_waiting(at_work())}")
    if stop.waits_for_nothing and at_work():
        say(f"no longer waiting for {_named(at_work())}")


async def now_and_then(status: Callable[[], str], say: Say, every: float = PROGRESS_SECONDS) -> None:
    """Say how far the run is where no line moves; goes on until it is cancelled."""
    while True:
        await asyncio.sleep(every)
        say(status())


async def _pressed(stop: Stop, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await stop.until_pressed()
    except TimeoutError:
        return False
    return True


def _waiting(at_work: Mapping[str, float]) -> str:
    return f"waiting for {_named(at_work)}, {max(0.0, *at_work.values()):.0f} s at most"


def _named(at_work: Mapping[str, float]) -> str:
    """Name the boxes that can take longest, the others by their number."""
    names = sorted(at_work, key=lambda name: -at_work[name])
    more = f" and {boxes(len(names) - _NAMED)} more" if len(names) > _NAMED else ""
    return f"{boxes(len(names))} ({', '.join(map(printable, names[:_NAMED]))}{more})"
