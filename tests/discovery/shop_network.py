"""The network of a shop in which the tests search: boxes of every generation, and whatever else may be there.

python -m tests.discovery.shop_network FOLDER null
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import asyncssh

from iotbox_simulator.boxes.windows import WindowsBox, WindowsSpec
from iotbox_simulator.fleet import Fleet
from iotbox_simulator.live import LiveBox, LiveMachine
from iotbox_simulator.scenario import Customer, Scenario, ScenarioBox
from iotbox_simulator.ssh import Access, SshHost
from tests.support.lan_within import network, up, web
from tests.support.servers import Handler, Served, answering, dripping, flooding, read_request, silent

FIRST = "192.168.1.20"
NETWORKS = ("192.168.1.0/24", "192.168.2.32/27")
"""Boxes are in the first one; what else answers is in the second one."""
ELSEWHERE = "10.99.0.1"
"""In no network that is searched."""
BOXES: dict[str, tuple[str, tuple[str, ...]]] = {
    "192.168.1.20": ("rw_ini", ()),
    "192.168.1.21": ("ro_ini", ()),
    "192.168.1.22": ("ro_flat", ()),
    "192.168.1.23": ("ro_oldest", ()),
    "192.168.1.24": ("ro_ini", ("fresh",)),
    "192.168.1.25": ("rw_newest", ("fresh",)),
    "192.168.1.26": ("rw_ini", ()),
    "192.168.1.27": ("rw_ini", ()),
}
WINDOWS = "192.168.1.30"
HIDDEN = "192.168.1.22"
"""Its name leads nowhere."""
NO_SSH = "192.168.1.26"
SILENT_PROGRAM = "192.168.1.27"
LIAR = "192.168.1.31"
LIES = {
    "version": "25.07\x1b[2J{{ lookup('pipe', 'id') }}\n    injected: true",
    "system": "Linux",
    "identifier": "1000000000000000",
    "mac_address": "b8:27:eb:00:00:00",
    "server_status": "https://{{ evil }}.example\x1b]0;x\x07",
    "certificate_end_date": None,
    "db_uuid": "canary-uuid",
    "enterprise_code": "canary-code",
    "odoo_uptime_seconds": 1,
}
PRINTER, SSH_ONLY = "192.168.2.40", "192.168.2.41"
OK = b"HTTP/1.1 200 OK\r\n"
_PAGE = b"<html><body>Printer</body></html>"


def _liar() -> Handler:
    pages = {b"/hw_proxy/hello": b"ping", b"/iot_drivers/ping": b'{"status": "success", "message": "pong"}'}
    pages[b"/iot_drivers/data"] = json.dumps(LIES).encode()

    def handle(connection: socket.socket, served: Served) -> None:
        path = read_request(connection).partition(b" ")[2].partition(b" ")[0]
        body = pages.get(path, b"")
        head = OK if body else b"HTTP/1.1 404 Not Found\r\n"
        connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    return handle


STRANGERS: dict[tuple[str, int], Handler] = {
    (LIAR, 8069): _liar(),
    (PRINTER, 80): answering(OK + b"Content-Length: %d\r\n\r\n" % len(_PAGE) + _PAGE),
    (SSH_ONLY, 22): silent,
    ("192.168.2.42", 8069): answering(b"HTTP/1.1 302 Found\r\nLocation: http://10.99.0.1:8069/\r\n\r\n"),
    ("192.168.2.43", 8069): dripping(OK + b"Content-Length: 999999\r\n\r\n", b"x", interval=0.2),
    ("192.168.2.44", 8069): flooding(OK + b"\r\n", b"ping" * 16384),
    ("192.168.2.45", 8069): answering(OK + b"Content-Length: 100\r\n\r\nping"),
    ("192.168.2.46", 8069): silent,
    ("192.168.2.47", 8069): answering(OK + b"Content-Type: text/html\r\n\r\n<a href='http://10.99.0.1/'>log in</a>"),
    ("192.168.2.48", 443): answering(b"220 mail.example ESMTP\r\n"),
}
CUSTOMERS = (
    Customer("bakery", "https://bakery.example", "11111111-2222-3333-4444-555555555555", "M210101"),
    Customer("cafe", "https://cafe.example", "66666666-2222-3333-4444-555555555555", "M210102"),
)


async def _serve(folder: Path) -> None:
    boxes = tuple(
        ScenarioBox(f"till-{number}", CUSTOMERS[number % 2], "hanoi", kind, faults)  # type: ignore[arg-type]
        for number, (kind, faults) in enumerate(BOXES.values())
    )
    now = datetime.now(UTC)
    fleet = Fleet.opened(Scenario(boxes, ("1.1.1.1",)), now, IPv4Address(FIRST))
    (folder / "root.pem").write_text(fleet.ca.root_pem)
    addresses = {*BOXES, WINDOWS, *(address for address, _ in STRANGERS)}
    strangers = [(*place, handler) for place, handler in STRANGERS.items()]
    async with network(folder, addresses, strangers, {HIDDEN}) as stack:
        host = await stack.enter_async_context(SshHost())
        access = Access(keys=(asyncssh.generate_private_key("ssh-ed25519").convert_to_public(),))
        for name, machine in fleet.boxes.items():
            live, address = LiveBox(name, machine), machine.spec.address
            if address == SILENT_PROGRAM:
                machine.odoo.stop()
            if address != NO_SSH:
                host.open(live, (address, 22), access)
            await stack.enter_async_context(web(live, address))
        windows = WindowsBox(WindowsSpec(address=WINDOWS, clock=now), next(iter(fleet.boxes.values())).world)
        await stack.enter_async_context(web(LiveMachine("windows", windows), WINDOWS))
        await up()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
