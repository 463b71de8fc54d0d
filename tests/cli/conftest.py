"""A desired-state file and a box that answers in memory, in place of the machine that the tests run on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iotbox_simulator.machine.arrange import small_world
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.box import SimulatedBox
from iotbox_simulator.machine.spec import BoxSpec
from iotbox_simulator.pki import make_authority
from reconciler.box.__main__ import answer
from reconciler.connections import local, reply
from reconciler.connections.carrier import message
from reconciler.model.desired import Request
from reconciler.model.result import Result

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VARIABLES = """\
iot_https_server_url: https://db.example
iot_https_token: canary-token
iot_https_db_uuid: 11111111-2222-3333-4444-555555555555
iot_https_enterprise_code: CANARY210101
iot_https_resolvers: [1.1.1.1, 8.8.8.8]
"""


@pytest.fixture
def calls() -> list[str]:
    """Collect the names of all calls by which runs change a box."""
    return []


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> SimulatedBox:
    """Answer every local request from one simulated box, over the real wire format."""
    ca = make_authority("CLI", now=NOW)
    simulated = SimulatedBox(BoxSpec(kind="rw_ini", clock=NOW), small_world(ca, AuthorityModel(ca)))

    def run(request: Request) -> Result:
        raw = message(request)
        program = int.from_bytes(raw[:8], "big")
        result = reply.read(b"motd of the box\n" + answer(raw[16 + program :], simulated), request, NOW)
        calls.extend(call.name for call in simulated.recorder.calls)
        simulated.kill()
        return result

    monkeypatch.setattr(local, "run", run)
    return simulated


@pytest.fixture
def desired_file(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a desired-state file nobody else can read."""

    def write(content: str = VARIABLES) -> Path:
        path = tmp_path / "desired.yml"
        path.write_text(content)
        path.chmod(0o600)
        return path

    return write
