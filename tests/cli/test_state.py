"""What a run keeps on the control machine: its lock, its journal and its events."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.box.paths import LOCK
from reconciler.cli import main
from reconciler.engine.lock import one_run
from reconciler.engine.state_folder import state_directory

from .conftest import Machines
from .hosts import HOSTS, Command, states


def test_second_run_over_the_same_inventory_is_refused(iot_https: Command, inventory: Path) -> None:
    with one_run(state_directory([str(inventory)])):
        status, out, err = iot_https("reconcile", "--yes")
        assert (status, out) == (1, "")
        assert "another run for this inventory is under way" in err
        assert iot_https("check")[0] == 6


@pytest.mark.parametrize(("verb", "status"), [(("check",), 0), (("reconcile", "--yes"), 4)])
def test_a_box_at_which_another_run_is_at_work_is_busy(
    iot_https: Command, machines: Machines, verb: tuple[str, ...], status: int
) -> None:
    iot_https("reconcile", "--yes", "hanoi")
    box = machines.of("hanoi-till-1")
    with box.lock(LOCK):
        ended, out, _ = iot_https(*verb, "hanoi")
    assert ended == status
    assert "1 in sync, 1 busy" in out
    assert "Another run is at work on this box" in out


def test_without_a_place_for_the_state_only_a_check_goes_on(
    iot_https: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    status, out, err = iot_https("reconcile", "--yes")
    assert (status, out, calls) == (1, "", [])
    assert err.startswith(f"iot-https: {tmp_path}/file")
    assert len(err.splitlines()) == 1
    status, out, err = iot_https("check", "--output", "json")
    assert (status, len(states(out))) == (6, 4)
    (warning,) = json.loads(out)["warnings"]
    assert warning.startswith("what earlier runs left is not known: ")
    assert err == f"warning: {warning}\n"


def test_a_journal_that_cannot_be_written_anew_stops_a_reconcile(
    iot_https: Command, inventory: Path, calls: list[str]
) -> None:
    (state_directory([str(inventory)]) / "journal.new").mkdir()
    status, out, err = iot_https("reconcile", "--yes")
    assert (status, out) == (1, "")
    assert "journal.new: Is a directory" in err
    assert set(calls) == {"lock"}


@pytest.mark.parametrize("spelling", ["prod", "prod/", "./prod/../prod", "absolute", "of ansible.cfg", "twice"])
def test_an_inventory_is_the_same_however_it_is_named(
    machines: Machines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spelling: str,
) -> None:
    prod = tmp_path / "prod"
    prod.mkdir()
    (prod / "hosts.yml").write_text(HOSTS)
    monkeypatch.chdir(tmp_path)
    # Ansible reads its configuration once, when it is imported, which some other test may have done
    monkeypatch.setattr("ansible.constants.DEFAULT_HOST_LIST", [str(prod)])
    special = {"absolute": ["-i", str(prod)], "of ansible.cfg": [], "twice": ["-i", "prod", "-i", "prod/"]}
    with one_run(state_directory([str(prod)])):
        assert main(["reconcile", "--yes", *special.get(spelling, ["-i", spelling])]) == 1
    assert "another run for this inventory is under way" in capsys.readouterr().err


def test_events_are_lines_of_json(iot_https: Command, tmp_path: Path) -> None:
    iot_https("reconcile", "--yes", "--events", str(tmp_path / "events"))
    events = [json.loads(line) for line in (tmp_path / "events").read_text().splitlines()]
    assert [events[0]["kind"], events[-1]["kind"]] == ["run_started", "run_finished"]
    assert {each["box"] for each in events if each["kind"] == "box_finished"} == set(
        states(iot_https("check", "--output", "json")[1])
    )


def test_events_that_cannot_be_written_are_a_usage_error(iot_https: Command, tmp_path: Path) -> None:
    status, _, err = iot_https("check", "--events", str(tmp_path / "no" / "events"))
    assert status == 1
    assert "--events" in err
