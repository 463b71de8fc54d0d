"""Search networks: every address once, some at a time, until all were looked at or somebody ends it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Address

from .found import Looked, NotLooked, Search
from .networks import Networks

_LOG = logging.getLogger(__name__)

Look = Callable[[str], Awaitable[Looked]]
UntilEnded = Callable[[], Awaitable[str]]
"""Waits until the search is to end, and returns why."""


def _now() -> datetime:
    return datetime.now(UTC)


async def search(
    networks: Networks,
    look: Look,
    forks: int,
    ended: UntilEnded,
    tell: Callable[[Looked], None] = lambda _: None,
    *,
    now: Callable[[], datetime] = _now,
    monotonic: Callable[[], float] = time.monotonic,
) -> Search:
    """Look at every address; what was found until it is ended is returned all the same.

    Args:
        forks: addresses at the same time.
        tell: called with each as it was looked at.
    """
    began, at_first = now(), monotonic()
    looked: dict[str, Looked] = {}
    addresses = iter(networks)

    def keep(one: Looked) -> None:
        looked[one.address] = one
        tell(one)

    why = await _until_ended([_some(addresses, look, keep) for _ in range(min(forks, len(networks)))], ended)
    ordered = sorted(looked.values(), key=lambda each: IPv4Address(each.address))
    return Search(
        networks=networks, began=began, seconds=monotonic() - at_first, looked=tuple(ordered), ended_early=why
    )


async def _some(addresses: Iterator[str], look: Look, keep: Callable[[Looked], None]) -> None:
    for address in addresses:
        keep(await _held_apart(address, look))


async def _held_apart(address: str, look: Look) -> Looked:
    try:
        return await look(address)
    except Exception as error:  # noqa: BLE001 - the one boundary: a defect at one address must not end the search
        _LOG.debug("%s", address, exc_info=True)
        return NotLooked(address, f"a defect of iot-https met it ({type(error).__name__}), -v shows where: report it")


async def _until_ended(workers: Sequence[Coroutine[None, None, None]], ended: UntilEnded) -> str | None:
    """Let all work until they are done, or until the end is asked for; return why it was."""
    work, end = asyncio.ensure_future(_together(workers)), asyncio.ensure_future(ended())
    try:
        await asyncio.wait((work, end), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()  # a defect of ours is raised, and not taken for an end
            return None
        return end.result()
    finally:
        for task in (work, end):
            task.cancel()
        await asyncio.gather(work, end, return_exceptions=True)


async def _together(workers: Sequence[Coroutine[None, None, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for each in workers:
            group.create_task(each)
