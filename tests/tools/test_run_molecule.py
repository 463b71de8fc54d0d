"""A run of Molecule that left something out does not pass, and the scenarios name playbooks that are there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tools.run_molecule import Watch

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "molecule").glob("*/molecule.yml"))
COMMON = yaml.safe_load((ROOT / ".config/molecule/config.yml").read_text())["ansible"]["playbooks"]


def watched(*lines: str) -> Watch:
    """Follow lines that come a second apart."""
    seconds = iter(range(100))
    watch = Watch(lambda: next(seconds))
    for line in lines:
        watch.line(line + "\n")
    return watch


def test_each_scenario_is_timed() -> None:
    watch = watched(
        "INFO     [default > create] Executing",
        "PLAY [Make the boxes] ***",
        "INFO     [default > create] Executed: Successful",
        "INFO     [drift > converge] Executing",
        "INFO     [drift > converge] Executed: Successful",
    )
    assert list(watch.summary()) == [
        "molecule default        1.0 s  1 actions",
        "molecule drift          1.0 s  1 actions",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "WARNING  [drift > verify] Executed: Missing playbook (Remove from test_sequence to suppress)",
        "ERROR    [drift > verify] \x1b[31mExecuted: Failed",
        "ERROR    [drift > verify] Executed: Partial failure",
    ],
)
def test_what_did_not_pass_is_a_problem(line: str) -> None:
    assert len(watched(line).problems) == 1


@pytest.mark.parametrize("how", ["Successful", "Skipped (Skipping, instances already created.)"])
def test_what_passed_is_none(how: str) -> None:
    assert watched(f"INFO     [drift > create] Executed: {how}").problems == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_each_step_has_its_playbook(path: Path) -> None:
    scenario = yaml.safe_load(path.read_text())
    own = {**COMMON, **scenario.get("ansible", {}).get("playbooks", {})}
    for step in scenario["scenario"]["test_sequence"]:
        action, _, playbook = step.partition(" ")
        if action in ("create", "destroy"):
            assert (ROOT / f"molecule/default/{action}.yml").is_file()
            continue
        kind = "converge" if action in ("syntax", "idempotence", "check") else action
        usual = own.get(kind, f"{kind}.yml")
        assert (path.parent / (playbook or usual)).is_file(), step
        assert (path.parent / usual).is_file(), f"{step}: Molecule leaves it out where {usual} is missing"


def test_all_four_are_there() -> None:
    assert [path.parent.name for path in SCENARIOS] == ["check_mode", "default", "drift", "faults"]
