"""How SSH servers misbehave before a login (as bytes on a connection) and after it (as a process)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import asyncssh

from reconciler.box.__main__ import MARKER
from tests.support.servers import Handler as RawHandler
from tests.support.servers import Served, dripping, silent
from tests.support.ssh_servers import Handler, Process

from .behaviours import WAVE, closing, pouring, saying

Challenge = tuple[str, str, str, list[tuple[str, bool]]]
"""Name, instruction, language, and questions with whether the answer may be shown."""
_VERSION = b"SSH-2.0-Hostile\r\n"


def _dripping_banner(connection: object, served: Served) -> None:
    while not served.stop.wait(0.05):
        connection.sendall(b"x")  # type: ignore[attr-defined]  # a socket, counted


RAW: Mapping[str, RawHandler] = MappingProxyType(
    {
        "stalls before the banner": silent,
        "ends before the banner": closing,
        "stalls in the banner": saying(b"SSH-2.0-"),
        "drips its banner": _dripping_banner,
        "lines before the banner without end": pouring(b"welcome\r\n" * 1000),
        "a banner line without end": pouring(WAVE),
        "stalls after the banner": saying(_VERSION),
        "garbage after the banner": saying(_VERSION + bytes(range(256)) * 8),
        "a packet of 4 GiB": saying(_VERSION + b"\xff\xff\xff\xff" + b"\0" * 64),
        "packets to be ignored without end": pouring(_VERSION + b"\0\0\0\x0c\x0a\x02" + b"\0" * 10),
        "a web server": dripping(b"HTTP/1.1 400 Bad Request\r\n\r\n", b"x"),
        "a mail server": saying(b"220 mail.example ESMTP\r\n"),
    }
)
"""In place of an SSH server."""


def _framed(length: int, body: bytes) -> bytes:
    return b"\n%s %d\n%s" % (MARKER.encode(), length, body)


def _then_waits(output: bytes) -> Handler:
    async def handle(process: Process) -> None:
        process.stdout.write(output)
        await process.wait_closed()

    return handle


def _floods(*, errors: bool = False, start: bytes = b"") -> Handler:
    async def handle(process: Process) -> None:
        process.stdout.write(start)
        stream = process.stderr if errors else process.stdout
        while not process.channel.is_closing():
            stream.write(WAVE)
            await stream.drain()

    return handle


async def _drips(process: Process) -> None:
    process.stdout.write(_framed(1 << 19, b""))
    while not process.channel.is_closing():
        process.stdout.write(b" ")
        await asyncio.sleep(0.02)


def _says(output: bytes) -> Handler:
    async def handle(process: Process) -> None:
        process.stdout.write(output)
        process.exit(0)

    return handle


PROCESSES: Mapping[str, Handler] = MappingProxyType(
    {
        "never says a word": _then_waits(b""),
        "floods standard output": _floods(),
        "floods standard error": _floods(errors=True),
        "a reply that never ends": _drips,
        "floods in a reply": _floods(start=_framed(999_999_999, b"")),
        "announces a reply of a gigabyte": _then_waits(_framed(999_999_999, b"{")),
        "announces more than it says": _says(_framed(1000, b"{}\n")),
        "announces less than it says": _says(_framed(3, b'{"error": "x"}\n')),
        "announces nothing": _says(_framed(0, b"")),
        "a reply of terminal commands": _says(_framed(18, b'{"error": "\x1b[31m"}')),
    }
)
"""After a login, in place of the box program."""


class NeverEnough(asyncssh.SSHServer):
    """Asks for passwords and answers to challenges for ever."""

    def password_auth_supported(self) -> bool:
        """Take passwords."""
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """Never come to a decision."""
        await asyncio.Event().wait()
        return False


class Challenging(asyncssh.SSHServer):
    """Answers every answer with another question."""

    def kbdint_auth_supported(self) -> bool:
        """Take answers."""
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Challenge:
        """Ask."""
        return ("", "once more", "", [("Password: ", False)])

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> Challenge:
        """Ask again."""
        return ("", "once more", "", [("Password: ", False)])


class Chattering(asyncssh.SSHServer):
    """Sends messages before the login without end."""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Note the connection."""
        self._connection = conn

    async def begin_auth(self, username: str) -> bool:
        """Talk."""
        while True:
            self._connection.send_auth_banner("welcome " * 100)
            await asyncio.sleep(0)


class Unopened(asyncssh.SSHServer):
    """Lets anybody in, and never opens the channel that is asked for."""

    def begin_auth(self, username: str) -> bool:
        """Ask for nothing."""
        return False

    async def session_requested(self) -> bool:
        """Never answer."""
        await asyncio.Event().wait()
        return False


SERVERS: Mapping[str, type[asyncssh.SSHServer]] = MappingProxyType(
    {
        "never decides on a password": NeverEnough,
        "asks without end": Challenging,
        "talks before the login without end": Chattering,
        "never opens a channel": Unopened,
    }
)
"""In place of a box's SSH server."""
