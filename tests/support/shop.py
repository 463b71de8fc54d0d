"""A shop of boxes without SSH, one of each generation, on ports of this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.boxes.windows import WindowsBox, WindowsSpec
from iotbox_simulator.live import LiveMachine
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.spec import BoxSpec, LayoutKind
from iotbox_simulator.pki import make_authority
from iotbox_simulator.served_web import ServedWeb
from reconciler.connections.homepage import opened

KINDS = ("ro_oldest", "ro_flat", "ro_ini", "ro_ini_18", "rw_ini", "rw_newest", "16.0", "17.0", "18.0", "19.0")
UUID, CODE, TOKEN = "11111111-2222-3333-4444-555555555555", "CANARY210101", "canary-token"
PLACE = ("127.0.0.1", 0)
GROUP = f"""\
boxes:
  vars:
    iot_https_connection: homepage
    iot_https_customer: bakery
    iot_https_server_url: https://db.example
    iot_https_token: {TOKEN}
    iot_https_db_uuid: {UUID}
    iot_https_enterprise_code: {CODE}
    ansible_host: 127.0.0.1
    ansible_port: "{{{{ a setting of SSH that nobody needs }}}}"
  hosts:
"""


@dataclass
class Shop:
    """Boxes on ports of this machine.

    Args:
        ports: of each box, homepage and HTTPS.
    """

    authority: AuthorityModel
    boxes: dict[str, LiveMachine[Any]] = field(default_factory=dict)
    ports: dict[str, tuple[int, int]] = field(default_factory=dict)

    def serial(self, name: str) -> str:
        """Return what its pages call a box."""
        spec = self.boxes[name].box.spec
        return str(spec.serial if self.boxes[name].box.odoo.image.code.homepage == "iot_drivers" else spec.mac)

    def inventory(self, folder: Path) -> Path:
        """Write one down with all of them, pinned to what their pages call them."""
        lines = [GROUP]
        for name, (homepage, https) in self.ports.items():
            lines.append(f"    {name}:\n      iot_https_serial: '{self.serial(name)}'\n")
            lines.append(f"      iot_https_homepage_port: {homepage}\n      iot_https_https_port: {https}\n")
        path = folder / "hosts.yml"
        path.write_text("".join(lines))
        return path

    @property
    def starts(self) -> int:
        """How often any Odoo was started."""
        return sum(each.box.odoo.starts for each in self.boxes.values())


def _box(kind: str, number: int, ca: Any, authority: AuthorityModel) -> SimulatedBox | WindowsBox:
    now, world = datetime.now(UTC), small_world(ca, authority)
    if kind[0].isdigit():
        address, uuid = f"192.168.1.{160 + number}", f"4c4c4544-0042-3510-8052-b4c04f4a4b{number:02d}"
        mac = f"00:15:5d:00:a1:{number:02x}"
        return WindowsBox(WindowsSpec(branch=kind, clock=now, address=address, serial=uuid, mac=mac), world)
    spec = BoxSpec(
        kind=cast("LayoutKind", kind),
        clock=now,
        address=f"192.168.1.{20 + number}",
        serial=f"10000000{number:08x}",
        tends_certificate=True,
    )
    return SimulatedBox(spec, world)


@contextmanager
def _served(shop: Shop) -> Iterator[None]:
    """Serve all boxes by an event loop of its own, in another thread."""
    up, over, failed = threading.Event(), threading.Event(), list[BaseException]()

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            for name, live in shop.boxes.items():
                web = await stack.enter_async_context(ServedWeb(live, PLACE, PLACE))
                shop.ports[name] = web.homepage_port, web.https_port
            up.set()
            await asyncio.to_thread(over.wait)

    def work() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)
        finally:
            up.set()

    thread = threading.Thread(target=work)
    thread.start()
    up.wait()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert failed == []


@contextmanager
def opened_shop(folder: Path, kinds: Iterable[str] = KINDS) -> Iterator[Shop]:
    """Open one with a fresh box of each kind, for a control machine that trusts the authority of it."""
    ca = make_authority("Test", now=datetime.now(UTC) - timedelta(days=400))
    shop = Shop(AuthorityModel(ca))
    for number, kind in enumerate(kinds):
        name = f"box-{kind.replace('_', '-').replace('.', '-')}"
        shop.boxes[name] = LiveMachine(name, _box(kind, number, ca, shop.authority))
    bundle = folder / "ca.pem"
    bundle.write_text(ca.root_pem)
    with pytest.MonkeyPatch.context() as patched, _served(shop):
        patched.setenv("SSL_CERT_FILE", str(bundle))
        for kept in (opened._trust, opened._trusting):
            kept.cache_clear()
        yield shop
    for kept in (opened._trust, opened._trusting):
        kept.cache_clear()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop with every generation."""
    with opened_shop(tmp_path_factory.mktemp("trust")) as shop:
        yield shop
