"""The demo checks its own end state, so it must end well here too, and must be able to end badly."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from iotbox_simulator import __main__ as simulator
from iotbox_simulator import demo
from iotbox_simulator.fleet import TOKEN
from iotbox_simulator.scenario import of_the_demo, shipped
from reconciler.cli import main
from reconciler.results.fleet import BoxState
from tests.report.test_width import is_one_word

ROOT = Path(__file__).parents[2]


def test_the_story_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = of_the_demo()
    assert demo.tell(scenario) == 0
    told = capsys.readouterr().out
    assert "IOT_HTTPS_LINKED_ELSEWHERE" in told
    assert "9 in sync, 2 differ, 1 unreachable" in told
    assert "A second reconcile changed nothing." in told
    secrets = {
        TOKEN,
        *(each for box in scenario.boxes for each in (box.customer.db_uuid, box.customer.enterprise_code)),
    }
    assert not [secret for secret in secrets if secret in told]


def test_a_box_that_ends_otherwise_than_told_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = of_the_demo()
    wrong = replace(scenario.boxes[0], ends=BoxState.DIFFERS)
    assert demo.tell(replace(scenario, boxes=(wrong,))) == 1
    assert f"not how the story should end: {wrong.name}" in capsys.readouterr().out


def test_the_verb_tells_it_too() -> None:
    command = [sys.executable, "-m", "reconciler.cli", "demo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "A second reconcile changed nothing." in done.stdout


def story(tmp_path: Path, *faults: str) -> str:
    """Write a scenario of one box; return its path."""
    path = tmp_path / "story.yml"
    customers = "customers: {baker: {server_url: https://baker.example, db_uuid: u-1, enterprise_code: M1}}"
    box = f"{{customer: baker, store: paris, kind: ro_ini, faults: [{', '.join(faults)}]}}"
    path.write_text(f"{customers}\nboxes: {{paris-till: {box}}}\n")
    return str(path)


def test_one_can_tell_another_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulator.main([story(tmp_path, "overdue", "nginx_down")]) == 0
    assert "paris-till" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("homepage", ("Not seen by homepage (3 boxes)", "1 in sync, 3 in sync as seen")),
        ("maintenance", ("ERR_IOT_HTTPS_LOAD_REQUEST_STATUS", "2 in sync, 3 differ")),
        (
            "certificates",
            ("_CERTIFICATE_MALFORMED", "ERR_IOT_HTTPS_CHECK_CERT_READ_EXCEPTION", "1 unsupported"),
        ),
        ("demo", ("9 in sync, 2 differ, 1 unreachable",)),
    ],
)
def test_each_story_that_comes_with_the_program_ends_as_it_says(
    name: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulator.main([name]) == 0
    told = capsys.readouterr().out
    assert [each for each in words if each not in told] == []


def test_every_story_has_a_row() -> None:
    assert set(shipped()) == {"maintenance", "certificates", "homepage", "demo"}


@pytest.mark.parametrize("columns", [40, 60, 100, 200])
def test_the_story_is_as_wide_as_the_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert simulator.main(["certificates"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > columns and not is_one_word(line)] == []


def test_a_story_that_is_not_there_names_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulator.main(["nowhere.yml"]) == 1
    assert capsys.readouterr().err == (
        "nowhere.yml: No such file; give another, or one of certificates, demo, homepage, maintenance\n"
    )


def test_a_fault_of_ssh_is_not_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulator.main([story(tmp_path, "stalls")]) == 1
    assert capsys.readouterr().err == "paris-till: stalls is a fault of SSH, which only `--serve` simulates\n"


def test_without_the_simulator_the_verb_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("reconciler.cli.demo.SIMULATOR", "iotbox_simulator_elsewhere")
    assert main(["demo"]) == 1
    assert "is not installed" in capsys.readouterr().err
