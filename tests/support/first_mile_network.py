"""The network of two customers' shop in which an engineer begins: eight boxes that are linked, and let nobody in.

python -m tests.support.first_mile_network FOLDER null
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

from iotbox_simulator.boxes.windows import WindowsBox, WindowsSpec
from iotbox_simulator.fleet import Fleet
from iotbox_simulator.live import LiveBox, LiveMachine
from iotbox_simulator.scenario import Customer, Scenario, ScenarioBox
from iotbox_simulator.ssh import Access, SshHost
from tests.support.lan_within import network, up, web

FIRST = "192.168.1.20"
NETWORK = "192.168.1.0/24"
BAKERY = Customer("bakery", "https://bakery.example", "11111111-2222-3333-4444-555555555555", "M210101")
CAFE = Customer("cafe", "https://cafe.example", "66666666-2222-3333-4444-555555555555", "M210102")
OVER_SSH = (
    ("rw_ini", BAKERY),
    ("ro_ini", BAKERY),
    ("ro_flat", BAKERY),
    ("ro_ini_18", CAFE),
    ("rw_newest", CAFE),
    ("rw_ini", CAFE),
)
SETTLED = 120.0
"""Seconds after which a box has fetched its certificate, and restarted for it."""
NO_SSH = "192.168.1.26"
WINDOWS = "192.168.1.27"
"""Of the cafe, and looked after by its homepage like the one before."""


async def _serve(folder: Path) -> None:
    kinds = (*OVER_SSH, ("rw_ini", BAKERY))
    boxes = tuple(
        ScenarioBox(f"box-{number}", customer, "shop", kind)  # type: ignore[arg-type]
        for number, (kind, customer) in enumerate(kinds)
    )
    now = datetime.now(UTC)
    fleet = Fleet.opened(Scenario(boxes, ("1.1.1.1", "8.8.8.8")), now, IPv4Address(FIRST))
    (folder / "root.pem").write_text(fleet.ca.root_pem)
    machines = {machine.spec.address: LiveBox(name, machine) for name, machine in fleet.boxes.items()}
    async with network(folder, [*machines, WINDOWS]) as stack:
        host = await stack.enter_async_context(SshHost())
        for address, live in machines.items():
            if address != NO_SSH:
                host.open(live, (address, 22), Access())
            await stack.enter_async_context(web(live, address))
        windows = WindowsBox(WindowsSpec(address=WINDOWS, clock=now), next(iter(fleet.boxes.values())).world)
        windows.vendor.stores(
            {
                "remote_server": CAFE.server_url,
                "token": "token-of-the-simulation",
                "db_uuid": CAFE.db_uuid,
                "enterprise_code": CAFE.enterprise_code,
            }
        )
        windows.reboot()
        windows.clock.advance(SETTLED)
        await stack.enter_async_context(web(LiveMachine("windows", windows), WINDOWS))
        (folder / "addresses").write_text(json.dumps([*machines, WINDOWS]))
        await up()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
