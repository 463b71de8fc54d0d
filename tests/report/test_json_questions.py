"""Every question that the docs ask with jq gets the right answer."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iotbox_simulator.fleet import Fleet
from iotbox_simulator.scenario import Customer, Scenario, ScenarioBox
from reconciler.codes import CodeName
from reconciler.engine.run import Run
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.world import World
from reconciler.model.desired import Mode
from reconciler.model.statement import told
from reconciler.model.target import ConnectionKind, Target
from reconciler.report.json_report import render
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxReport, BoxState, FleetReport
from tests.engine.world import Nobody
from tests.support.observed import NOW

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


def real(mode: Mode, authority: Any = "refuse") -> FleetReport:
    """Return what a run says of simulated boxes that lack all that can be lacking.

    Args:
        authority: how www.odoo.com answers, or an HTTP status.
    """
    customer = Customer("Pho 24", "https://pho.example", "aaaaaaaa-2222-3333-4444-555555555555", "M1")
    faults = ((), ("fresh",), ("offline",), ("expired",), ("credentials",), ("nginx_broken",), ("hidden_name",))
    boxes = (ScenarioBox(f"till-{n}", customer, "Hanoi", "rw_ini", each) for n, each in enumerate(faults))
    fleet = Fleet.opened(Scenario(tuple(boxes), ("1.1.1.1", "8.8.8.8"), authority), NOW)
    targets = [Target(desired=fleet.desired(name), connection=ConnectionKind.LOCAL) for name in fleet.boxes]
    nowhere = Target(desired=replace(targets[0].desired, customer=None, store=None), connection=ConnectionKind.LOCAL)

    async def may(_: object) -> str | None:
        return None

    world = World(visit=fleet.visit, may=may, relay=Nobody(), now=lambda: NOW, monotonic=lambda: 0.0)
    run = Run([nowhere, *targets[1:]], (), Settings(max_changed=None), world, Stop())
    return asyncio.run({Mode.CHECK: run.check, Mode.DIAGNOSE: run.diagnose, Mode.RECONCILE: run.reconcile}[mode]())


REAL = {**{mode.value: real(mode) for mode in Mode}, "www.odoo.com down": real(Mode.DIAGNOSE, 503)}


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("words", QUESTIONS, ids=lambda words: words[1])
def test_a_question_about_a_real_report_is_answered_and_never_with_null(words: list[str], name: str) -> None:
    status, answer = ask(words, REAL[name])
    assert status == (1 if words[0] == "-e" else 0)
    assert not re.search(r"\bnull\b", answer)


def test_each_question_is_answered_by_some_real_report() -> None:
    silent = [words[1] for words in QUESTIONS if not any(ask(words, run)[1] for run in REAL.values())]
    assert silent == ['.boxes[] | select(.state == "not_managed") | .name']


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
    "unreachable once": ([FINE, alone(BoxState.UNREACHABLE, missed_runs=1)], {"runs_to_miss": 3}, False, True),
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
