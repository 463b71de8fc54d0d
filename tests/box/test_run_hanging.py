"""Each program that a reconcile runs on a box hangs, or is missing, in its turn: nothing is lost or half done."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.codes import CodeName
from reconciler.machine.reason import RanTooLong
from reconciler.machine.system import Completed
from reconciler.model.repair import RepairKind
from reconciler.results.result import RepairStatus, Result

from ..support import runs
from ..support.tally import count

Fails = Callable[[tuple[str, ...]], OSError]
FAILURES: dict[str, Fails] = {
    "hangs": lambda arguments: RanTooLong(arguments[0], 15.0),
    "is missing": lambda arguments: FileNotFoundError(errno.ENOENT, "No such file or directory", arguments[0]),
}
KINDS: tuple[LayoutKind, ...] = ("ro_flat", "rw_newest")
RUNS: dict[str, runs.Arrange] = {"first reconcile": runs.fresh, "renewal": runs.due}
CASES = [
    pytest.param(how, run, kind, marks=() if (i + j + k) % 2 == 0 else pytest.mark.soak)
    for i, how in enumerate(FAILURES)
    for j, run in enumerate(RUNS)
    for k, kind in enumerate(KINDS)
]
"""Any two of a failure, a run and a kind of box meet in one of four; the long form has all eight."""


class Sabotage:
    """Lets the program of one number fail, counted from 1; 0 only counts."""

    def __init__(self, box: SimulatedBox, fails: Fails, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        self.victim = ""
        self._real = box.run
        self._fails = fails
        self._wanted = number
        monkeypatch.setattr(box, "run", self._run)

    def _run(self, arguments: tuple[str, ...], timeout: float) -> Completed:
        self.number += 1
        if self.number == self._wanted:
            self.victim = " ".join(arguments)
            raise self._fails(arguments)
        return self._real(arguments, timeout)


@pytest.mark.parametrize(("how", "arranged", "kind"), CASES)
def test_a_program_that_fails_costs_one_repair_at_most(
    how: str, arranged: str, kind: LayoutKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = RUNS[arranged](kind)
    counted = start.box.clone()
    with monkeypatch.context() as patch:
        calls = Sabotage(counted, FAILURES[how], 0, patch)
        planned = runs.reconcile(counted).plan
    assert calls.number > 10
    for number in range(1, calls.number + 1):
        fleet = runs.Fleet(start.box.clone(), start.authority)
        with monkeypatch.context() as patch:
            sabotage = Sabotage(fleet.box, FAILURES[how], number, patch)
            result = runs.reconcile(fleet.box)
        assert sabotage.victim
        problems = [*_of_result(result, planned), *_of_box(fleet.box, result)]
        assert not problems, f"{number}: {sabotage.victim}: {problems}"
        fleet.box.sleep(90)
        runs.reconcile(fleet.box)
        assert runs.codes(runs.reconcile(fleet.box)) == [], sabotage.victim
        count("hanging or missing programs")


def _of_result(result: Result, planned: tuple[object, ...]) -> list[str]:
    problems = []
    if result.observed is None:
        problems.append("the box was not looked at")
    if len(result.outcomes) != len(result.plan):
        problems.append(f"{len(result.plan)} repairs planned, {len(result.outcomes)} told of")
    texts = [*(each.evidence for each in result.after), *(each.detail for each in result.outcomes)]
    problems += [text for text in texts if "None" in text or not text.strip()]
    failed = [each for each in result.outcomes if each.status in (RepairStatus.FAILED, RepairStatus.UNDONE)]
    if failed and not result.after:
        problems.append("a repair failed, and no finding says so")
    return problems


def _of_box(box: SimulatedBox, result: Result) -> list[str]:
    problems = [f"{tree or 'live'} is mixed" for tree in ("", BYPASS) if not runs.is_loadable(box, tree)]
    if not box.nginx.running:
        problems.append("nginx is down")
    if box.odoo.stopped:
        problems.append("Odoo is stopped")
    installed = [each for each in result.outcomes if each.repair.kind is RepairKind.INSTALL_CERTIFICATE]
    told = any(each.code == CodeName.NOT_SERVED for each in result.after)
    if any(each.status is RepairStatus.DONE for each in installed) and not told and not _serves_what_is_there(box):
        problems.append("INSTALL is told to be done, and nginx serves another certificate")
    return problems


def _serves_what_is_there(box: SimulatedBox) -> bool:
    box.sleep(1)
    served = box.nginx.served
    return served is not None and hashlib.sha256(served).hexdigest() == runs.leaf_of(box, "")
