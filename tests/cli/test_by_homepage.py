"""The command at boxes that have no SSH: every generation on real ports, through inventory, engine and report."""

from __future__ import annotations

import asyncio
import io
import json
import tarfile
import threading
from collections.abc import Iterator
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
from reconciler.cli import collecting, main
from reconciler.connections.homepage import opened

KINDS = ("ro_oldest", "ro_flat", "ro_ini", "ro_ini_18", "rw_ini", "rw_newest", "17.0", "18.0", "19.0")
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

    def inventory(self, folder: Path) -> Path:
        """Write one down with all of them, pinned to what their pages call them."""
        lines = [GROUP]
        for name, (homepage, https) in self.ports.items():
            box = self.boxes[name].box
            new = box.odoo.image.code.homepage == "iot_drivers"
            lines.append(f"    {name}:\n      iot_https_serial: '{box.spec.serial if new else box.spec.mac}'\n")
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


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A fresh box of each generation, and a control machine that trusts the authority of this test."""
    ca = make_authority("Test", now=datetime.now(UTC) - timedelta(days=400))
    shop = Shop(AuthorityModel(ca))
    for number, kind in enumerate(KINDS):
        name = f"box-{kind.replace('_', '-').replace('.', '-')}"
        shop.boxes[name] = LiveMachine(name, _box(kind, number, ca, shop.authority))
    bundle = tmp_path_factory.mktemp("trust") / "ca.pem"
    bundle.write_text(ca.root_pem)
    with pytest.MonkeyPatch.context() as patched, _served(shop):
        patched.setenv("SSL_CERT_FILE", str(bundle))
        for kept in (opened._trust, opened._trusting):
            kept.cache_clear()
        yield shop
    for kept in (opened._trust, opened._trusting):
        kept.cache_clear()


def _run(verb: str, shop: Shop, folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    given = [verb, "-i", str(shop.inventory(folder)), "--no-probe", "--output", "json", *more]
    status = main(given)
    said = capsys.readouterr()
    for secret in (CODE, TOKEN, UUID):
        assert secret not in said.out + said.err
    return {**json.loads(said.out), "status": status}


def _states(report: dict[str, Any]) -> set[str]:
    return {each["state"] for each in report["boxes"]}


def test_fresh_boxes_of_all_generations_come_in_sync_and_stay_so(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looked = _run("check", shop, tmp_path, capsys)
    assert [each["problems"] for each in looked["boxes"] if each["problems"]] == []
    assert (_states(looked), looked["status"], shop.authority.count) == ({"differs"}, 2, 0)
    assert {each["serial"] for each in looked["boxes"]} != {None}

    changed = _run("reconcile", shop, tmp_path, capsys, "--yes", "--max-changed", "20")
    problems = {each["name"]: each["findings"] for each in changed["boxes"] if each["findings"]}
    assert (problems, _states(changed), changed["status"]) == ({}, {"changed"}, 2)

    starts, asked = shop.starts, shop.authority.count
    again = _run("reconcile", shop, tmp_path, capsys, "--yes")
    checked = _run("check", shop, tmp_path, capsys)
    for report in (again, checked):
        assert (_states(report), report["status"]) == ({"in_sync_as_seen"}, 0)
        assert report["summary"]["in_sync_as_seen"] == len(KINDS)
    assert (shop.starts, shop.authority.count) == (starts, asked)
    (unseen,) = {tuple(sorted(set(each["unseen"]) & {"resolvers", "nginx"})) for each in checked["boxes"]}
    assert unseen == ("nginx", "resolvers")


def test_the_text_says_once_what_was_not_seen(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "-i", str(shop.inventory(tmp_path)), "--no-probe"])
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("Not seen by homepage") <= len({"Linux", "Windows"} | {"newest of both"}) + 1
    assert "file owners, resolvers, nginx configuration, disk space." in said


@pytest.mark.parametrize(
    "case",
    [("box-ro-flat", False), ("box-ro-ini", True), ("box-17-0", True), ("box-19-0", True)],
    ids=lambda each: each[0],
)
def test_a_support_bundle_of_a_box_without_ssh(
    case: tuple[str, bool],
    shop: Shop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box, raised = case
    odoo, levels = shop.boxes[box].box.odoo, []

    async def pass_by(_: float) -> None:
        levels.append(odoo.levels.of_logger("odoo.addons.hw_drivers"))

    monkeypatch.setattr(collecting, "wait", pass_by)
    odoo.print(f"a line with {CODE} and token={TOKEN}, {UUID}\n")
    before, archive = odoo.levels.of_logger("odoo.addons.hw_drivers"), tmp_path / "bundle.tar.gz"

    inventory = str(shop.inventory(tmp_path))
    status = main(["support-bundle", "-i", inventory, box, "--log-level", "debug", "--file", str(archive)])

    said = capsys.readouterr()
    with tarfile.open(archive) as bundle:
        texts = {each.name.rpartition("/")[2]: (bundle.extractfile(each) or io.BytesIO()).read() for each in bundle}
    assert (status, levels) == ((0, ["DEBUG"]) if raised else (4, [])), said.err
    assert odoo.levels.of_logger("odoo.addons.hw_drivers") == before
    assert b"a line with ********" in texts["odoo.log"]
    for secret in (CODE, TOKEN, UUID):
        assert not [name for name, text in texts.items() if secret.encode() in text]
    if not raised:
        assert "set it on the box's homepage" in said.err
    if box[4:6] in ("17", "19"):
        assert b'"system": "windows"' in texts["versions.json"] or b'"image": "W' in texts["versions.json"]
