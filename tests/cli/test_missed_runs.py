"""A box that does not answer for a night is nobody's business, one that is missed again and again is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.codes import CodeName
from reconciler.connections import local
from reconciler.engine.missed import FILE
from reconciler.engine.state_folder import state_directory
from reconciler.model.desired import Request
from reconciler.model.statement import told
from reconciler.results.finding import finding
from reconciler.results.result import Result
from tests.support import runs

from .conftest import NOW, Machines

HOSTS = """\
all:
  vars: {iot_https_connection: local, iot_https_resolvers: [1.1.1.1, 8.8.8.8]}
  hosts: {till-1: {}, till-2: {}}
"""
Night = Callable[..., int]


@pytest.fixture
def off() -> set[str]:
    """Names of the boxes that are switched off."""
    return {"till-2"}


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    path = tmp_path / "hosts.yml"
    path.write_text(HOSTS)
    return path


@pytest.fixture
def night(machines: Machines, inventory: Path, off: set[str], monkeypatch: pytest.MonkeyPatch) -> Night:
    """Run the command over the inventory, in which two boxes are in order."""
    answers = local.run
    for name in ("till-1", "till-2"):
        machines.boxes[name] = runs.managed("rw_ini").box

    async def some(request: Request) -> Result:
        if request.desired.name not in off:
            return await answers(request)
        found = finding(CodeName.CONNECTION_TIMEOUT, told("no answer within 10 s"))
        return Result.unobserved(request.desired.name, request.mode, NOW, found)

    monkeypatch.setattr(local, "run", some)
    return lambda *options: main(["check", "-i", str(inventory), *options])


def memory(inventory: Path) -> Path:
    return state_directory([str(inventory)]) / FILE


def test_the_third_night_in_a_row_counts(night: Night, off: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert [night("--missed-runs", "3") for _ in range(4)] == [0, 0, 16, 16]
    out = " ".join(capsys.readouterr().out.split())
    assert "connection timeout, missed 2 runs" in out
    assert out.count("Did not answer, and not yet 3 runs in a row: 1 box.") == 2
    off.clear()
    assert night("--missed-runs", "3") == 0
    off.add("till-2")
    assert night("--missed-runs", "3") == 0


def test_runs_that_do_not_ask_for_it_count_nothing(night: Night, inventory: Path) -> None:
    assert night() == 16
    assert not memory(inventory).exists()
    night("--missed-runs", "3")
    assert night() == 16
    assert night("--missed-runs", "3") == 0


def test_json_has_the_same(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    night("--missed-runs", "3", "--output", "json")
    run = json.loads(capsys.readouterr().out)
    assert (run["exit_status"], run["missed_runs"]) == (0, 3)
    assert [box["missed_runs"] for box in run["boxes"]] == [0, 1]
    night("--output", "json")
    run = json.loads(capsys.readouterr().out)
    assert (run["missed_runs"], [box["missed_runs"] for box in run["boxes"]]) == (1, [None, None])


def test_a_box_that_left_the_inventory_is_forgotten_and_one_outside_the_limit_is_not(
    night: Night, inventory: Path
) -> None:
    night("--missed-runs", "3")
    night("--missed-runs", "3", "--limit", "till-1")
    assert json.loads(memory(inventory).read_text())["boxes"] == {"till-2": 1}
    inventory.write_text(HOSTS.replace(", till-2: {}", ""))
    night("--missed-runs", "3")
    assert json.loads(memory(inventory).read_text())["boxes"] == {}


def test_a_memory_that_cannot_be_understood_is_one_warning(
    night: Night, inventory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory(inventory).write_text("{")
    assert night("--missed-runs", "3") == 0
    assert [line.startswith("warning: ") for line in capsys.readouterr().err.splitlines()] == [True]
    assert night("--missed-runs", "2") == 16


def test_without_a_memory_every_box_that_does_not_answer_counts(
    night: Night, inventory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory(inventory).mkdir()
    assert night("--missed-runs", "3") == 16
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("warning: how many runs a box has missed is not known, so each that does not answer counts")


def test_this_machine_cannot_be_missed(desired_file: Callable[[], Path], capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["check", "--connection", "local", "--desired", str(desired_file()), "--missed-runs", "2"])
    assert status == 1
    assert "--missed-runs is for an inventory" in capsys.readouterr().err
