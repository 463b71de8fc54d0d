"""What stalls in a thread holds up nothing: no other look-up, and not the end."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from typing import Any

import pytest

from reconciler.connections.threads import DaemonThreads, in_daemon_thread
from reconciler.probe import name

STALLED = 50


def test_stalled_look_ups_hold_up_no_other_and_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    gives_up = threading.Event()
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *more: Any, **options: Any) -> Any:
        if host == "stalls.example":
            gives_up.wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real(host, *more, **options)

    async def look_up() -> tuple[str, ...]:
        asyncio.get_running_loop().set_default_executor(DaemonThreads())
        stalled = [asyncio.create_task(name.resolve("stalls.example")) for _ in range(STALLED)]
        await asyncio.sleep(0)
        found = await name.resolve("127.0.0.1")
        assert not any(task.done() for task in stalled)
        for task in stalled:
            task.cancel()
        return found

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    try:
        assert asyncio.run(look_up()) == ("127.0.0.1",)
        assert not gives_up.is_set()
    finally:
        gives_up.set()


def test_the_process_does_not_wait_for_what_was_left_behind() -> None:
    left = (
        "import asyncio, time; from reconciler.connections.threads import in_daemon_thread\n"
        "async def main(): asyncio.ensure_future(in_daemon_thread(lambda: time.sleep(60))); await asyncio.sleep(0.1)\n"
        "asyncio.run(main())"
    )
    assert subprocess.run([sys.executable, "-c", left], check=False, timeout=100).returncode == 0


def test_an_error_reaches_whoever_waits() -> None:
    def fail() -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        asyncio.run(in_daemon_thread(fail))
