"""Try a connection again as often as Ansible is told to, and once more for a server that is busy.

Nothing has been sent to the box by then, so no program runs twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from ..model.statement import say
from ..model.target import Ssh
from . import ssh as over_ssh
from .ssh import USUAL_TERMS, LoginTerms, NoConnection, Session

LONGEST_PAUSE = 30
"""Seconds, as Ansible's ssh plugin has it: it waits 0, 1, 3, 7, 15 and then 30 seconds before it tries again."""
LEAST_SECONDS = 30.0
"""A try that would leave the program on the box less than this is not made; as for a box that is not begun."""
_LOG = logging.getLogger(__name__)


@asynccontextmanager
async def lasting_session(
    ssh: Ssh,
    seconds: float,
    *,
    terms: LoginTerms = USUAL_TERMS,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> AsyncIterator[tuple[Session, float]]:
    """Connect to a box, again and again as far as it is told to, and give what is left of the box's time.

    Args:
        seconds: the box's time; no try begins that would leave less than `LEAST_SECONDS` of it.
        terms: how the login differs from what the inventory says.

    Raises:
        NoConnection: with the finding of the last try.
    """
    began, spent, tried, chances = monotonic(), 0.0, 0, _Chances(ssh.retries)
    async with AsyncExitStack() as stack:
        while True:
            tried += 1
            try:
                one = await stack.enter_async_context(over_ssh.session(ssh, terms))
            except NoConnection as failure:
                pause = chances.pause_after(failure)
                spent = monotonic() - began + (pause or 0)
                if pause is None or seconds - spent < min(LEAST_SECONDS, seconds):
                    raise _told(failure, tried) from failure
                _LOG.debug("%s: tried again in %d s: %s", ssh.host, pause, failure)
                await sleep(pause)
            else:
                yield one, seconds - spent
                return


class _Chances:
    """What is left of the tries."""

    def __init__(self, retries: int) -> None:
        self._pauses = [pause_before(retry) for retry in range(retries)]
        self._may_be_busy = True

    def pause_after(self, failure: NoConnection) -> int | None:
        """Return the seconds before the next try, `None` for none."""
        if failure.broke_early and self._may_be_busy:
            self._may_be_busy = False
            return 0
        return self._pauses.pop(0) if failure.may_pass and self._pauses else None


def pause_before(retry: int) -> int:
    """Return the seconds before a retry, counted from 0, as Ansible's ssh plugin waits."""
    return min((1 << retry) - 1, LONGEST_PAUSE)


def _told(failure: NoConnection, tried: int) -> NoConnection:
    if tried == 1:
        return failure
    why = replace(failure.finding, seen=(*failure.finding.seen, say("tried", times=tried)))
    return NoConnection(why, presented=failure.presented, takes_password=failure.takes_password)
