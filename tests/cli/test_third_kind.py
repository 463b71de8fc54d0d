"""A third kind of connection goes from the inventory to the report without a word of its own anywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.codes import CodeName
from reconciler.connections.kinds import OPENERS
from reconciler.engine.settings import ANSWER_SECONDS, Settings
from reconciler.inventory import load
from reconciler.model.desired import Desired
from reconciler.model.target import CONNECT_SECONDS, ConnectionKind, Target

from ..support.third_kind import VARIABLE, Roof, opener, pigeons
from .conftest import Machines

HOSTS = """
boxes:
  vars:
    iot_https_connection: pigeon
    iot_https_server_url: https://db.example
    ansible_port: "{{ a variable that is nowhere }}"
  hosts:
    till-1: {}
"""


@pytest.fixture
def roof() -> Roof:
    """From where the boxes are looked at."""
    return Roof()


@pytest.fixture
def kind(machines: Machines, roof: Roof) -> Iterator[ConnectionKind]:
    """The third kind, by which boxes in memory are reached."""
    with pigeons(opener(machines.run, roof)) as third:
        yield third


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """An inventory with one box that is reached by it, and a setting of SSH that nobody can read."""
    path = tmp_path / "hosts.yml"
    path.write_text(HOSTS)
    return path


def test_it_is_read_from_the_inventory_and_needs_no_settings_of_ssh(kind: ConnectionKind, inventory: Path) -> None:
    read = load([str(inventory)])
    assert read.invalid == ()
    (target,) = read.targets
    assert (target.connection, target.ssh) == (kind, None)


def test_a_visit_by_it_has_time_for_the_way_and_for_the_look_from_outside(kind: ConnectionKind) -> None:
    target = Target(desired=Desired(name="till-1"), connection=kind)
    assert Settings().longest_visit(target, 100) == CONNECT_SECONDS + 100 + ANSWER_SECONDS + Settings().probe_seconds


@pytest.mark.usefixtures("kind")
def test_a_box_is_reached_looked_at_from_outside_and_reported(
    inventory: Path, roof: Roof, machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "-i", str(inventory), "--output", "json"])
    (box,) = json.loads(capsys.readouterr().out)["boxes"]
    assert box["name"] == "till-1"
    assert list(machines.boxes) == ["till-1"]
    assert {host for host, _ in roof.dialled} == {roof.address}
    assert CodeName.HTTPS_UNREACHABLE in {each["code"] for each in box["findings"]}


def test_each_kind_can_be_chosen_and_is_reached_by_somebody() -> None:
    assert set(VARIABLE.choices) == set(ConnectionKind) == set(OPENERS)
