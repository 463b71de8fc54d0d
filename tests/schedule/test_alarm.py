"""What rings is chosen in words, and the service fails for exactly that."""

from __future__ import annotations

import pytest

from reconciler.model.status import BITS, DIFFERENCES, FAILED, REPORT_LOST, STANDING, UNREACHED, USAGE
from reconciler.schedule.alarm import DEFAULT, DEFAULT_WORDS, WORDS, Alarm, read
from reconciler.schedule.errors import ScheduleError
from reconciler.schedule.units import render

from .machine import job

EVERY_STATUS = (0, USAGE, *range(2, sum(BITS) + 1, 2))


@pytest.mark.parametrize(
    ("words", "bits", "missed"),
    [
        (DEFAULT_WORDS, FAILED | STANDING | UNREACHED | REPORT_LOST, 3),
        ("failed", FAILED, 1),
        ("differences, unreached", DIFFERENCES | UNREACHED, 1),
        ("unreached=7", UNREACHED, 7),
        (",".join(WORDS), sum(BITS), 1),
    ],
)
def test_words(words: str, bits: int, missed: int) -> None:
    assert read(words) == Alarm(bits=bits, runs_to_miss=missed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "'' is nothing that rings: give some of differences, failed, standing, unreached, lost"),
        ("failed,,lost", "'' is nothing that rings"),
        ("everything", "'everything' is nothing that rings"),
        ("faild", "'faild' is nothing that rings: did you mean failed?"),
        ("failed=3", "failed rings at once: only unreached takes a number of runs, as in unreached=3"),
        ("unreached=", "unreached takes a number of runs from 1 to 1000"),
        ("unreached=0", "unreached takes a number of runs"),
        ("unreached=1001", "unreached takes a number of runs"),
        ("unreached=-1", "unreached takes a number of runs"),
        ("unreached=\u0663", "unreached takes a number of runs"),
    ],
)
def test_words_that_mean_nothing(words: str, said: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        read(words)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize("words", [DEFAULT_WORDS, "failed", "lost", ",".join(WORDS)])
def test_the_service_fails_for_these_bits_and_for_no_other(words: str) -> None:
    alarm = read(words)
    unit = render(job(alarm=alarm))["iot-https-night.service"]
    (line,) = (line for line in unit.splitlines() if line.startswith("SuccessExitStatus="))
    well = {0, *map(int, line.partition("=")[2].split())}
    for status in EVERY_STATUS:
        rings = status == USAGE or bool(status & alarm.bits)
        assert (status not in well) is alarm.rings(status) is rings


@pytest.mark.parametrize(
    ("alarm", "changes", "given"),
    [
        (DEFAULT, {}, ("--missed-runs", "3")),
        (DEFAULT, {"counts_missed": False}, ()),
        (read("failed"), {}, ()),
        (read("unreached"), {}, ()),
        (read("unreached=2"), {}, ("--missed-runs", "2")),
    ],
)
def test_boxes_are_counted_where_that_decides(alarm: Alarm, changes: dict[str, object], given: tuple[str, ...]) -> None:
    command = job(alarm=alarm, arguments=("-i", "x"), **changes).command
    assert command == ("/usr/bin/iot-https", "reconcile", "--yes", *given, "-i", "x")
