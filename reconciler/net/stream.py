"""TCP connections with one time limit for their whole life, however slowly the other side answers.

A socket's own timeout starts again with every byte that arrives. So every single wait here, for a name, a connection
or a byte, is given what is left of one limit; there is no thread to race with and no socket to pull away.
"""

from __future__ import annotations

import errno
import io
import os
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import Protocol


class TimeLimit:
    """So many seconds for all of a call."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Return the seconds left, always more than none.

        Raises:
            TimeoutError: the limit has passed.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TimeoutError:
        """Return the error that says so."""
        return TimeoutError(errno.ETIMEDOUT, f"no complete answer within {self.seconds:g} s")


Lookup = Callable[[str], tuple[str, ...]]


def system_lookup(name: str) -> tuple[str, ...]:
    """Return the addresses of a name, IPv4 and IPv6, in the resolver's order; this may take very long.

    Raises:
        OSError: there are none.
    """
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def look_up(name: str, limit: TimeLimit, lookup: Lookup = system_lookup) -> tuple[str, ...]:
    """Look a name up without waiting longer than the limit.

    `getaddrinfo` cannot be interrupted, so it runs in a thread that is left behind when it takes too long.

    Raises:
        TimeoutError: it took too long.
        OSError: the resolver says no, or no such name can exist.
    """
    answers: queue.SimpleQueue[tuple[str, ...] | OSError] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(lookup(name))
        except OSError as error:
            answers.put(error)
        except ValueError:  # an empty or too long label, a null byte
            answers.put(socket.gaierror(socket.EAI_NONAME, "Not a valid host name"))

    threading.Thread(target=work, name="name lookup", daemon=True).start()
    try:
        answer = answers.get(timeout=limit.left())
    except queue.Empty:
        text = f"The name was not resolved within {limit.seconds:g} s"
        raise TimeoutError(errno.ETIMEDOUT, text) from None
    if isinstance(answer, OSError):
        raise answer
    if not answer:
        raise socket.gaierror(socket.EAI_NONAME, "The name has no address")
    return answer


def connect(host: str, port: int, limit: TimeLimit, lookup: Lookup = system_lookup) -> socket.socket:
    """Open a TCP connection to the first address of a host that takes it.

    Each address gets its share of the time: a network that swallows IPv6 must not eat what IPv4 needs.

    Raises:
        OSError: no address did; every one is named with its reason, the number is that of the first.
    """
    addresses = look_up(host, limit, lookup)
    failures: list[tuple[str, OSError]] = []
    for tried, address in enumerate(addresses):
        try:
            return socket.create_connection((address, port), timeout=limit.left() / (len(addresses) - tried))
        except OSError as error:
            failures.append((address, error))
    reasons = "; ".join(f"{address} port {port}: {_reason(error)}" for address, error in failures)
    raise OSError(failures[0][1].errno or errno.ETIMEDOUT, reasons)


def _reason(error: OSError) -> str:
    return os.strerror(error.errno or errno.ETIMEDOUT)


class Peer(Protocol):
    """What is needed of a socket, plain or TLS."""

    def settimeout(self, value: float | None, /) -> None: ...

    def send(self, data: memoryview, /) -> int: ...

    def recv_into(self, buffer: memoryview, /) -> int: ...


class TimedStream:
    """A connected socket under a time limit, in the shape that `http.client` wants. Closing stays the owner's job."""

    def __init__(self, peer: Peer, limit: TimeLimit) -> None:
        self._peer = peer
        self._limit = limit

    def sendall(self, data: bytes) -> None:
        """Send everything."""
        rest = memoryview(data)
        while rest:
            self._peer.settimeout(self._limit.left())
            rest = rest[self._peer.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return a reader; `mode` is always `rb`."""
        if mode != "rb":
            raise ValueError("only reading is supported")
        return io.BufferedReader(_TimedReader(self._peer, self._limit))

    def close(self) -> None:
        """Do nothing: who opened the socket closes it."""


class _TimedReader(io.RawIOBase):
    def __init__(self, peer: Peer, limit: TimeLimit) -> None:
        self._peer = peer
        self._limit = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        self._peer.settimeout(self._limit.left())
        return self._peer.recv_into(memoryview(buffer))  # type: ignore[arg-type]  # typeshed: Buffer is 3.12
