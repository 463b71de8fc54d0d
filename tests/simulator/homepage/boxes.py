"""Boxes whose homepage is asked, in the states in which real ones were recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from iotbox_simulator.boxes.arrange import NAMES, link, small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.boxes.windows import WindowsBox
from iotbox_simulator.homepage import ports
from iotbox_simulator.machine.authority import AuthorityModel, Mode
from iotbox_simulator.machine.image import LOG
from iotbox_simulator.machine.spec import BoxSpec, LayoutKind
from iotbox_simulator.machine.web import HOMEPAGE_PORT, WebReply, WebRequest
from iotbox_simulator.pki import make_authority

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CA = make_authority("Simulated", now=NOW - timedelta(days=400))
DB_UUID = "11111111-2222-3333-4444-555555555555"
LINK = {"remote_server": "https://db.example", "token": "1234567890"}
CREDENTIALS = {"db_uuid": DB_UUID, "enterprise_code": "M210101"}
ONE_NAME_LESS = {name: found for name, found in NAMES.items() if name != "www.odoo.com"}
MODES: dict[str, Mode | int] = {
    "ok": "ok",
    "refuse": "refuse",
    "err": "error",
    "noresult": "noresult",
    "null": "null",
    "garbage": "garbage",
    "status_404": 404,
    "status_503": 503,
}


@dataclass(frozen=True)
class Lab:
    """A box, and the authority that it asks."""

    box: SimulatedBox
    authority: AuthorityModel

    def get(self, path: str) -> WebReply:
        return ask(self.box, "GET", path)

    def call(self, path: str, **params: object) -> Any:
        """Call a JSON-RPC route and return its whole reply."""
        return json.loads(call(self.box, path, params).body)

    def log(self) -> list[str]:
        return self.box.host.read(LOG).decode().splitlines()


def lab(
    kind: LayoutKind, values: Mapping[str, str] | None = None, *, tends: bool = True, branch: str | None = None
) -> Lab:
    """Return a box that has just been switched on, linked if there are values, and has not looked at them yet."""
    authority = AuthorityModel(CA)
    spec = BoxSpec(kind=kind, clock=NOW, tends_certificate=tends, branch=branch)
    box = SimulatedBox(spec, small_world(CA, authority))
    if values:
        link(box, values)
    return Lab(box, authority)


def in_state(kind: LayoutKind, state: str) -> Lab:
    """Return a box after a restart in a recorded state."""
    values = {"no_server": {}, "no_credential": LINK}.get(state, {**LINK, **CREDENTIALS})
    made = lab(kind, values)
    if state == "unresolvable":
        for server in made.box.world.dns.values():
            server.names = ONE_NAME_LESS
    made.authority.mode = MODES.get(state, "ok")
    made.box.vendor.restarts()
    made.box.sleep(10)
    return made


def ask(box: SimulatedBox | WindowsBox, method: str, path: str, *, port: int = HOMEPAGE_PORT) -> WebReply:
    return ports.answer(box, port, WebRequest(method, path))


def call(box: SimulatedBox | WindowsBox, path: str, params: Mapping[str, object]) -> WebReply:
    body = json.dumps({"params": params}).encode()
    request = WebRequest("POST", path, {"content-type": "application/json"}, body)
    return ports.answer(box, HOMEPAGE_PORT, request)
