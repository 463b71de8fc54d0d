"""What runs inside of a test's own network: its addresses, a name server, and a note of every packet."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Container, Iterable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from iotbox_simulator.homepage import ports
from iotbox_simulator.live import LiveMachine
from iotbox_simulator.served_web import ServedWeb

from .servers import Handler, datagrams, serving

NAME_SERVER = "127.0.0.1"
_EVERYTHING = 3
_DASHED = re.compile(r"(\d+-\d+-\d+-\d+)\.[0-9a-f]+\.odoo-iot\.com", re.IGNORECASE)
_TCP, _UDP, _DNS = 6, 17, 53


def make_network(addresses: Iterable[str], folder: Path) -> None:
    """Give this namespace its addresses; to every other one a packet goes and is lost."""
    batch = "".join(f"addr add {each}/32 dev lo\n" for each in addresses)
    _ip("-batch", "-", input=f"link set lo up\n{batch}route add default dev lo\n")
    resolver = folder / "resolv.conf"
    resolver.write_text(f"nameserver {NAME_SERVER}\noptions timeout:2 attempts:1\n")
    subprocess.run(["mount", "--bind", str(resolver), str(Path("/etc/resolv.conf").resolve())], check=True, timeout=60)


def _ip(*words: str, **how: Any) -> None:
    subprocess.run(["ip", *words], check=True, text=True, timeout=60, **how)


def note_packets(folder: Path) -> None:
    """Write down to whom packets are sent, each of them once, from now on."""
    seen: set[tuple[str, str, int]] = set()
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_EVERYTHING))
    log = (folder / "packets").open("a", buffering=1)

    def listen() -> None:
        while True:
            packet = tap.recv(1 << 16)
            if packet[0] >> 4 != 4 or packet[9] not in (_TCP, _UDP):
                continue
            begin = (packet[0] & 15) * 4
            port = struct.unpack_from("!H", packet, begin + 2)[0]
            tcp_goes_on = packet[9] == _TCP and packet[begin + 13] & 0x12 != 0x02
            is_answer = tcp_goes_on or struct.unpack_from("!H", packet, begin)[0] == _DNS
            one = ("tcp" if packet[9] == _TCP else "udp", str(ipaddress.IPv4Address(packet[16:20])), port)
            if not is_answer and one not in seen:
                seen.add(one)
                log.write(f"{one[0]} {one[1]} {one[2]}\n")

    threading.Thread(target=listen, daemon=True).start()


def note_routes(folder: Path) -> None:
    """Write down which routes of boxes are asked for, from now on."""
    answer, log = ports.answer, (folder / "asked").open("a", buffering=1)

    def noted(host: Any, port: int, request: Any) -> Any:
        log.write(f"{host.spec.address} {request.parts.path}\n")
        return answer(host, port, request)

    ports.answer = noted


def names(query: bytes, hidden: Container[str] = ()) -> list[bytes]:
    """Answer a question for an address: a dashed name below odoo-iot.com leads to what it says.

    Args:
        hidden: addresses of which the name does not exist, as behind rebind protection.
    """
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    end = at + 5
    found = _DASHED.fullmatch(".".join(labels))
    if found is not None and found[1].replace("-", ".") in hidden:
        found = None
    question = query[12:end]
    if found is None or query[end - 4 : end - 2] != b"\0\1":
        return [query[:2] + struct.pack("!5H", 0x8183 if found is None else 0x8180, 1, 0, 0, 0) + question]
    address = ipaddress.IPv4Address(found[1].replace("-", ".")).packed
    record = struct.pack("!HHHIH", 0xC00C, 1, 1, 60, 4) + address
    return [query[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0) + question + record]


@asynccontextmanager
async def web(live: LiveMachine[Any], address: str) -> AsyncIterator[None]:
    """Serve a machine's pages where a real one does."""
    async with ServedWeb(live, (address, 8069), (address, 443)):
        yield


@asynccontextmanager
async def network(
    folder: Path,
    addresses: Iterable[str],
    strangers: Iterable[tuple[str, int, Handler]] = (),
    hidden: Container[str] = (),
) -> AsyncIterator[AsyncExitStack]:
    """Have the network, its name server and its strangers; the stack takes what is served besides."""
    make_network(addresses, folder)
    for name in ("packets", "asked"):
        (folder / name).touch()
    note_routes(folder)
    with ExitStack() as plain:
        plain.enter_context(datagrams(partial(names, hidden=hidden), 53))
        for address, port, handler in strangers:
            plain.enter_context(serving(handler, where=(address, port)))
        async with AsyncExitStack() as stack:
            note_packets(folder)
            yield stack


async def up() -> None:
    """Say that all is there, and stay."""
    sys.stdout.write("up\n")
    sys.stdout.flush()
    await asyncio.Event().wait()
