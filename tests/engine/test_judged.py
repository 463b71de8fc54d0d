"""A box that shows something else than is declared is judged here before anything is changed or asked with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from reconciler.codes import CodeName
from reconciler.engine.seam import Visit
from reconciler.model.desired import Mode, Request
from reconciler.model.marks import Marks, Others
from reconciler.model.target import Target
from reconciler.results.result import Result

from .world import RESOLVERS, Fleet, Scene, target

SHOWN = Marks(database="a" * 16)


@dataclass
class Showing(Fleet):
    """Boxes that show another database than is declared, and wait for leave as the real program does."""

    async def _result(self, name: str, request: Request) -> Result:
        waits = request.judged != SHOWN
        answered = replace(request, mode=Mode.CHECK) if waits else request
        found = await super()._result(name, answered)
        return replace(found, mode=request.mode, marks=SHOWN, awaits_judgement=waits)


def box(databases: frozenset[str]) -> Target:
    return replace(target("till"), others=Others(databases=databases))


STRANGER, OURS = frozenset({"a" * 16}), frozenset({"b" * 16})


def visits(scene: Scene) -> list[tuple[Mode, bool]]:
    assert isinstance(scene.fleet, Showing)
    return [(each.mode, each.judged is not None) for each in scene.fleet.requests]


def test_a_reconcile_gives_leave_for_what_it_has_looked_at() -> None:
    scene = Scene(Showing(plans={"till": RESOLVERS}), [box(OURS)])
    (report,) = scene.reconcile().boxes
    assert visits(scene) == [(Mode.CHECK, False), (Mode.RECONCILE, True)]
    assert report.result is not None
    assert report.result.changed


@pytest.mark.parametrize("verb", ["check", "reconcile", "diagnose"])
def test_a_box_of_somebody_else_is_looked_at_once_and_gets_no_leave(verb: str) -> None:
    scene = Scene(Showing(plans={"till": RESOLVERS}), [box(STRANGER)])
    (report,) = getattr(scene, verb)().boxes
    assert len(scene.fleet.requests) == 1
    assert not any(given for _, given in visits(scene))
    assert [each.code for each in report.findings] == [CodeName.LINKED_ELSEWHERE]
    assert scene.asked_for == []


def test_a_diagnosis_asks_on_at_the_second_visit() -> None:
    scene = Scene(Showing(), [box(OURS)])
    scene.diagnose()
    assert visits(scene) == [(Mode.DIAGNOSE, False), (Mode.DIAGNOSE, True)]


def test_a_box_that_shows_something_else_when_it_is_to_be_changed_is_judged_anew() -> None:
    """Its address was handed on between look and change."""
    shown = [SHOWN, Marks(database="c" * 16)]

    @dataclass
    class Moved(Fleet):
        async def visit(self, target: Target, request: Request) -> Visit:
            now = shown[min(len(self.requests), 1)]
            waits = request.judged != now
            visit = await super().visit(target, replace(request, mode=Mode.CHECK) if waits else request)
            return Visit(replace(visit.result, marks=now, awaits_judgement=waits))

    scene = Scene(Moved(plans={"till": RESOLVERS}), [box(frozenset({"c" * 16}))])
    (report,) = scene.reconcile().boxes
    assert [each.code for each in report.findings] == [CodeName.LINKED_ELSEWHERE]
    assert report.result is not None
    assert not report.result.changed
