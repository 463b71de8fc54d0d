"""Every question that the docs ask with jq gets the right answer."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from reconciler.codes import CodeName
from reconciler.model.desired import Mode
from reconciler.model.statement import told
from reconciler.report.json_report import render
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxReport, BoxState, FleetReport

from .fleet import box, every_state, expired, held, looked, mended, name_unknown, observed, report

DOCS = (Path(__file__).parents[2] / "docs/json.md").read_text()
QUESTIONS = [shlex.split(line)[1:-1] for line in re.findall(r"^\$ (jq .+ run\.json)$", DOCS, re.MULTILINE)]
IN_ORDER, NOBODY_TO_CALL = (words for words in QUESTIONS if words[0] == "-e")
pytestmark = pytest.mark.skipif(not shutil.which("jq"), reason="needs jq (Debian: jq)")

FINE = box("fine", BoxState.IN_SYNC, looked("fine", observed(), name_unknown()))
DUE = looked("due", observed(days=-2), expired())
FULL = looked("full", observed(), finding(CodeName.DISK_FULL, told("/etc has 0.0 MiB free")))


def ask(words: list[str], run: FleetReport) -> tuple[int, str]:
    done = subprocess.run(["jq", *words], input=render(run), capture_output=True, text=True, check=False, timeout=100)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("words", QUESTIONS, ids=lambda words: words[1])
def test_a_question_is_understood(words: list[str]) -> None:
    status, _ = ask(words, every_state())
    assert status == (1 if words[0] == "-e" else 0)


def test_boxes_without_a_certificate_are_not_among_those_that_end_soon() -> None:
    (soon,) = (words for words in QUESTIONS if "days_left < 10" in words[1])
    _, answer = ask(soon, every_state())
    assert [line.split(" ")[0] for line in answer.splitlines()] == ["hanoi-2", "hanoi-3", "hue-2", "kitchen"]


def alone(state: BoxState, **more: object) -> BoxReport:
    return box("till", state, **more)  # type: ignore[arg-type]


HEALTH: dict[str, tuple[list[BoxReport], dict[str, object], bool, bool]] = {
    "all in sync": ([FINE], {}, True, True),
    "changed, and nothing is left": ([FINE, box("due", BoxState.CHANGED, mended(DUE))], {}, True, True),
    "expired, and reconcile would fix it": ([FINE, box("due", BoxState.DIFFERS, DUE)], {}, False, True),
    "a full disk": ([FINE, box("full", BoxState.DIFFERS, FULL)], {}, False, False),
    "a refused certificate": (
        [box("due", BoxState.FAILED, looked("due", observed(days=-2), expired(), mode=Mode.RECONCILE, failed=True))],
        {"mode": Mode.RECONCILE},
        False,
        False,
    ),
    "held back": ([box("due", BoxState.DIFFERS, DUE)], {"held_back": "too many"}, False, False),
    "said no": ([box("due", BoxState.DIFFERS, DUE)], {"held_back": "no", "declined": True}, False, True),
    "failed": ([FINE, alone(BoxState.FAILED)], {}, False, False),
    "unreachable": ([FINE, alone(BoxState.UNREACHABLE)], {}, False, False),
    "unreachable once": ([FINE, alone(BoxState.UNREACHABLE, missed_runs=1)], {"missed_runs": 3}, False, True),
    "deferred": ([FINE, alone(BoxState.DEFERRED)], {}, False, False),
    "invalid": ([FINE, alone(BoxState.INVALID)], {}, False, False),
    "not attempted": ([FINE, alone(BoxState.NOT_ATTEMPTED)], {}, False, False),
    "busy": ([FINE, alone(BoxState.BUSY, findings=(held(),))], {}, False, True),
    "no box": ([], {}, False, True),
}
"""Boxes, what else of the run, whether every box is as it should be, whether nobody has to be called."""


@pytest.mark.parametrize("name", HEALTH)
def test_questions_about_health(name: str) -> None:
    boxes, more, in_order, nobody = HEALTH[name]
    run = report(boxes, **more)
    assert (ask(IN_ORDER, run)[0] == 0, ask(NOBODY_TO_CALL, run)[0] == 0) == (in_order, nobody)
