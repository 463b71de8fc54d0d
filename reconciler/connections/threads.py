"""Waiting for what can only be waited for in a thread, without being held up by it at the end of the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(work: Callable[[], T]) -> T:
    """Run in a thread of its own; who is cancelled leaves it behind, and the process does not wait for it."""
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def body() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            outcome.set_exception(error)

    threading.Thread(target=body, daemon=True, name=getattr(work, "__name__", "waiting")).start()
    return await asyncio.wrap_future(outcome)
