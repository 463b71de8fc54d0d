"""Few ask the authority at once, the first of a database alone, and none after a refusal."""

from __future__ import annotations

from reconciler.codes import CodeName
from reconciler.engine.settings import Settings
from reconciler.model.desired import Mode
from reconciler.model.fleet import BoxState

from .world import FETCH, Fleet, Scene, states, target, targets


def reconcile(scene: Scene) -> dict[str, BoxState]:
    return states(scene.reconcile())


def asked(scene: Scene) -> list[str]:
    return [each.desired.name for each in scene.fleet.requests if each.mode is Mode.RECONCILE and not each.refusal]


def test_after_the_first_grant_the_others_ask_side_by_side_within_the_bound() -> None:
    plans = {f"till-{each}": FETCH for each in range(1, 9)}
    scene = Scene(Fleet(plans=plans), targets(8), settings=Settings(authority_at_once=3))
    assert set(reconcile(scene).values()) == {BoxState.CHANGED}
    assert scene.fleet.most_asking == 3


def test_databases_do_not_wait_for_each_other() -> None:
    boxes = [target(f"till-{each}", database=each) for each in "abcd"]
    scene = Scene(Fleet(plans={each.name: FETCH for each in boxes}), boxes)
    reconcile(scene)
    assert scene.fleet.most_asking == 4


def test_a_refusal_is_for_its_own_database_only() -> None:
    boxes = [target("a1"), target("a2"), target("b1", database="b")]
    scene = Scene(Fleet(plans={each.name: FETCH for each in boxes}, refused={"a1", "a2"}), boxes)
    assert reconcile(scene) == {"a1": BoxState.DIFFERS, "a2": BoxState.DIFFERS, "b1": BoxState.CHANGED}
    assert sorted(asked(scene)) == ["a1", "b1"]


def test_when_the_first_does_not_come_to_ask_the_next_is_the_first() -> None:
    boxes = targets(3)
    fleet = Fleet(plans={each.name: FETCH for each in boxes}, offline_later={"till-1"}, refused={"till-2", "till-3"})
    scene = Scene(fleet, boxes)
    report = scene.reconcile()
    assert states(report)["till-1"] is BoxState.DEFERRED
    assert asked(scene) == ["till-1", "till-2"]
    assert report.boxes[2].findings[0].code == CodeName.LOAD_REQUEST_NO_RESULT


def test_boxes_without_managed_credentials_are_each_for_themselves() -> None:
    boxes = targets(2, database=None)
    scene = Scene(Fleet(plans={each.name: FETCH for each in boxes}, refused={"till-1"}), boxes)
    assert reconcile(scene) == {"till-1": BoxState.DIFFERS, "till-2": BoxState.CHANGED}
