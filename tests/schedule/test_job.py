"""What cannot run with nobody there is refused when it is scheduled, not at three in the morning."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from reconciler.model.desired import Mode
from reconciler.schedule.job import ScheduleError, check, check_name, default_user, own_program

from .machine import job

HOME = Path(pwd.getpwuid(os.geteuid()).pw_dir)
"""Of who runs the tests, as the job is."""


def test_a_right_job_is_taken() -> None:
    check(job())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prompts": ("--vault-id prod@prompt",)}, "nobody is there to answer --vault-id prod@prompt: use a file"),
        (
            {"arguments": ("-i", "/tmp/hosts")},
            "/tmp/hosts is not seen by a service, which gets a private /tmp: move it out",
        ),
        ({"arguments": ("-e", "iot_https_token=canary")}, "an argument holds a secret"),
        ({"arguments": ("a\nb",)}, "a control character"),
        ({"program": ("iot-https",)}, "must be an absolute path"),
        ({"directory": Path("relative")}, "is not a folder"),
        ({"user": "nobody-of-that-name"}, "there is no user"),
        ({"calendar": " "}, "the calendar is empty"),
        ({"on_failure": "alarm"}, "is not the name of a unit"),
        ({"splay_seconds": -1}, "the splay must be 0"),
        ({"run_seconds": 1}, "the run time must be 60"),
        ({"name": "a/b"}, "cannot name a schedule"),
        ({"writable": (HOME,)}, "would open all of it to the service: keep it in a folder of its own"),
        ({"writable": (Path("/"),)}, "would open all of it to the service"),
        ({"writable": (Path("/nowhere/at/all"),)}, "there is no folder /nowhere/at/all to write to: make it first"),
    ],
)
def test_refusal(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        check(job(**changes))
    assert words in str(refused.value)
    assert "canary" not in str(refused.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ScheduleError) as refused:
        check(job(prompts=("-J",), run_seconds=1))
    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.parametrize("name", ["", "-x", "a b", "../x", "x" * 61])
def test_names_that_no_unit_can_have(name: str) -> None:
    with pytest.raises(ScheduleError):
        check_name(name)


@pytest.mark.parametrize(
    ("verb", "arguments", "command"),
    [
        (Mode.RECONCILE, ("-i", "x"), "reconcile --yes --missed-runs 3 -i x"),
        (Mode.RECONCILE, ("--yes", "-i", "x"), "reconcile --missed-runs 3 --yes -i x"),
        (Mode.CHECK, ("-i", "x"), "check --missed-runs 3 -i x"),
    ],
)
def test_a_run_that_nobody_watches_does_not_ask(verb: Mode, arguments: tuple[str, ...], command: str) -> None:
    assert " ".join(job(verb=verb, arguments=arguments).command) == f"/usr/bin/iot-https {command}"


def test_behind_sudo_the_schedule_is_of_who_called_it() -> None:
    assert default_user({"SUDO_USER": "carla"}, uid=0) == "carla"
    assert default_user({"SUDO_USER": "carla"}, uid=1) != "carla"


def test_the_program_is_this_very_installation(tmp_path: Path) -> None:
    script = tmp_path / "iot-https"
    script.write_text("")
    script.chmod(0o755)
    assert own_program([str(script)]) == (str(script),)
    assert own_program(["/usr/lib/pytest"], "/usr/bin/python3") == ("/usr/bin/python3", "-m", "iot_https")
