"""Wait for blocking calls in threads that hold up neither other boxes nor the end of the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DaemonThreads(ThreadPoolExecutor):
    """Gives each piece of work a thread of its own, which nobody waits for at the end.

    As an event loop's default executor it looks names up. There a few stalled look-ups would otherwise hold up those
    of all other boxes, and the end of the run until the resolver gives up.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin to work."""
        outcome: Future[T] = Future()
        outcome.set_running_or_notify_cancel()

        def body() -> None:
            try:
                outcome.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                outcome.set_exception(error)

        threading.Thread(target=body, daemon=True, name=getattr(fn, "__name__", "waiting")).start()
        return outcome


async def in_daemon_thread(work: Callable[[], T]) -> T:
    """Run in a thread of its own; who is cancelled leaves it behind, and the process does not wait for it."""
    return await asyncio.wrap_future(DaemonThreads().submit(work))
