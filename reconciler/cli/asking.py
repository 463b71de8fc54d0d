"""Ask whether boxes may be changed, at the terminal, while a run waits."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

from ..engine.stop import Stop
from ..results.fleet import BoxReport
from . import output, streams
from .usage import say, typed


def agreed(question: str) -> bool:
    """Ask at the terminal, where nothing runs meanwhile; what is neither y nor yes is a no."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return streams.is_heard() and typed().strip().lower() in ("y", "yes")


def asker(
    options: argparse.Namespace, stop: Stop, listeners: output.Listeners, *, of_fleet: bool
) -> Callable[[Sequence[BoxReport]], Awaitable[str | None]]:
    """Return who is asked: `None` is a yes, anything else says why nothing is changed."""

    async def may(wanting: Sequence[BoxReport]) -> str | None:
        if options.yes:
            return None
        with listeners.aside():
            say(output.plan(wanting, diff=options.diff, of_fleet=of_fleet))
            sys.stderr.write("Do this? [y/N] ")
            sys.stderr.flush()
            if not streams.is_heard():
                return "standard error cannot be written, so nobody could be asked"
            answer = await _typed(stop)
        return None if answer.strip().lower() in ("y", "yes") else "the answer was no"

    return may


async def _typed(stop: Stop) -> str:
    """Read a line; a signal while we wait is a no."""
    try:
        descriptor = sys.stdin.fileno()
    except OSError:  # no file: somebody who calls this from Python has put a text there
        return sys.stdin.readline()
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, typed.set)
    either = [asyncio.ensure_future(each) for each in (typed.wait(), stop.until_asked())]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    loop.remove_reader(descriptor)
    for each in either:
        each.cancel()
    if stop.begin_nothing:
        say("")
        return ""
    try:
        return sys.stdin.readline()
    except OSError:  # the terminal is gone, and with it who was asked
        return ""
