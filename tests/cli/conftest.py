"""A desired-state file and a box that answers in memory, in place of the machine that the tests run on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.network import SharedWorld
from iotbox_simulator.machine.spec import BoxSpec
from iotbox_simulator.pki import make_authority
from reconciler.box.__main__ import answer
from reconciler.cli import main
from reconciler.connections import local, reply
from reconciler.connections.carrier import message
from reconciler.model.desired import Request
from reconciler.results.result import Result

from .hosts import HOSTS, Command

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VARIABLES = """\
iot_https_server_url: https://db.example
iot_https_token: canary-token
iot_https_db_uuid: 11111111-2222-3333-4444-555555555555
iot_https_enterprise_code: CANARY210101
iot_https_resolvers: [1.1.1.1, 8.8.8.8]
"""


@pytest.fixture(autouse=True)
def _state_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def calls() -> list[str]:
    """Collect the names of all calls by which runs change a box."""
    return []


@dataclass
class Machines:
    """Simulated boxes by name, made when they are first asked for."""

    world: SharedWorld
    calls: list[str]
    boxes: dict[str, SimulatedBox] = field(default_factory=dict)

    def of(self, name: str) -> SimulatedBox:
        """The box of that name."""
        if name not in self.boxes:
            self.boxes[name] = SimulatedBox(BoxSpec(kind="rw_ini", clock=NOW), self.world)
        return self.boxes[name]

    async def run(self, request: Request) -> Result:
        """Answer for the box of the request, over the real wire format."""
        box, raw = self.of(request.desired.name), message(request)
        program = int.from_bytes(raw[:8], "big")
        result = reply.read(b"motd of the box\n" + answer(raw[16 + program :], box), request, NOW)
        self.calls.extend(call.kind for call in box.recorder.calls)
        box.kill()
        return result


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> Machines:
    """Answer every local request from simulated boxes."""
    ca = make_authority("CLI", now=NOW)
    made = Machines(small_world(ca, AuthorityModel(ca)), calls)
    monkeypatch.setattr(local, "run", made.run)
    return made


@pytest.fixture
def box(machines: Machines) -> SimulatedBox:
    """The box that the tests of one box call till-1."""
    return machines.of("till-1")


@pytest.fixture
def desired_file(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a desired-state file nobody else can read."""

    def write(content: str = VARIABLES) -> Path:
        path = tmp_path / "desired.yml"
        path.write_text(content)
        path.chmod(0o600)
        return path

    return write


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """An inventory of two stores."""
    path = tmp_path / "hosts.yml"
    path.write_text(HOSTS)
    return path


@pytest.fixture
def iot_https(
    machines: Machines,
    inventory: Path,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run the command over the inventory; return status, standard output and standard error."""

    def run(verb: str, *options: str) -> tuple[int, str, str]:
        status = main([verb, "-i", str(inventory), *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run
