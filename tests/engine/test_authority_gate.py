"""Few ask the authority at once, the first of a database alone, and none after a refusal."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from reconciler.codes import CodeName
from reconciler.engine.authority.breaker import CircuitBreaker
from reconciler.engine.authority.gate import Gate
from reconciler.engine.authority.verdict import Verdict, heard
from reconciler.engine.seam import Visit
from reconciler.engine.settings import Settings
from reconciler.model.desired import Mode, Request
from reconciler.results.fleet import BoxState

from .world import FETCH, Fleet, Nobody, Scene, left, states, target, targets


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
    boxes = [target("a1"), target("a2"), target("a3"), target("b1", database="b")]
    scene = Scene(Fleet(plans={each.name: FETCH for each in boxes}, refused={"a1", "a2", "a3"}), boxes)
    found = reconcile(scene)
    assert {found[name] for name in ("a1", "a2", "a3")} == {BoxState.DIFFERS}
    assert found["b1"] is BoxState.CHANGED
    assert sorted(asked(scene)) == ["a1", "a2", "b1"]


@pytest.mark.parametrize("liar", ["a1", "a2", "a4"])
def test_a_refusal_that_one_box_makes_up_keeps_no_other_from_its_certificate(liar: str) -> None:
    boxes = [target(f"a{each}") for each in range(1, 5)]
    scene = Scene(Fleet(plans={each.name: FETCH for each in boxes}, refused={liar}), boxes)
    found = reconcile(scene)
    assert {name for name, state in found.items() if state is not BoxState.CHANGED} == {liar}


def test_customers_that_share_a_database_do_not_keep_each_other_from_asking() -> None:
    boxes = [*targets(2), *(target(f"shared-{each}", customer="Butcher") for each in (1, 2))]
    scene = Scene(Fleet(plans={each.name: FETCH for each in boxes}, refused={"till-1", "till-2"}), boxes)
    reconcile(scene)
    assert {"shared-1", "shared-2"} <= set(asked(scene))


def test_when_the_first_does_not_come_to_ask_the_others_do_within_the_bound() -> None:
    boxes = targets(4)
    fleet = Fleet(
        plans={each.name: FETCH for each in boxes},
        silent={"till-1": CodeName.CONNECTION_TIMEOUT},
        refused={"till-2", "till-3", "till-4"},
    )
    scene = Scene(fleet, boxes, settings=Settings(authority_at_once=2))
    report = scene.reconcile()
    assert states(report)["till-1"] is BoxState.DEFERRED
    assert asked(scene) == ["till-1", "till-2", "till-3"]
    assert report.boxes[3].findings[0].code == CodeName.LOAD_REQUEST_NO_RESULT


@pytest.mark.parametrize("unmanaged", [{"database": None}, {"enterprise_code": None}])
def test_boxes_without_managed_credentials_are_each_for_themselves(unmanaged: dict[str, None]) -> None:
    boxes = targets(2, server_url="https://bakery.example", **unmanaged)
    scene = Scene(Fleet(plans={each.name: FETCH for each in boxes}, refused={"till-1"}), boxes)
    assert reconcile(scene) == {"till-1": BoxState.DIFFERS, "till-2": BoxState.CHANGED}


def outage(stores: dict[str, int], code: CodeName = CodeName.LOAD_REQUEST_STATUS, works: str = "") -> Scene:
    """So many boxes of each store; www.odoo.com answers none of them but those of the store that `works`."""
    boxes = [
        target(f"{store}-{each}", store=store, customer=f"owner of {store}", database=store[0])
        for store, number in stores.items()
        for each in range(1, number + 1)
    ]
    fails = {each.name: code for each in boxes if each.desired.store != works}
    fleet = Fleet(plans={each.name: FETCH for each in boxes}, fails=fails)
    return Scene(fleet, boxes, settings=Settings(authority_at_once=2, max_changed=None))


def test_after_an_attempt_in_vain_boxes_of_a_database_try_side_by_side() -> None:
    scene = outage({"a": 3})
    reconcile(scene)
    assert asked(scene) == ["a-1", "a-2", "a-3"]
    assert scene.fleet.most_asking == 2


@pytest.mark.parametrize(
    "code", [CodeName.LOAD_REQUEST_STATUS, CodeName.LOAD_REQUEST_EXCEPTION, CodeName.ANSWER_NOT_FROM_ODOO]
)
def test_after_three_attempts_in_vain_nobody_of_the_store_asks_any_more(code: CodeName) -> None:
    scene = outage({"a": 9}, code)
    report = scene.reconcile()
    assert asked(scene) == ["a-1", "a-2", "a-3"]
    last = report.boxes[-1].findings[0]
    assert (last.code, last.evidence) == (code, "not asked, since a-1, a-2, a-3 got: a-3 asked")


def test_a_store_that_cannot_ask_takes_nothing_from_another() -> None:
    scene = outage({"a": 9, "b": 9}, works="b")
    found = reconcile(scene)
    assert [name for name in asked(scene) if name.startswith("a")] == ["a-1", "a-2", "a-3"]
    assert {found[f"b-{each}"] for each in range(1, 10)} == {BoxState.CHANGED}


def test_after_three_stores_in_vain_no_other_store_asks() -> None:
    scene = outage(dict.fromkeys("abcdefgh", 4))
    reconcile(scene)
    assert {name[0] for name in asked(scene)} <= set("abcd")
    assert len(scene.fleet.mended()) == 32


def of_one_customer(stores: dict[str, int], works: str = "") -> Scene:
    """The same, where all but the first store are one customer's."""
    scene = outage(stores, works=works)
    scene.boxes = [
        replace(each, desired=replace(each.desired, customer="Chain"))
        if each.desired.store != next(iter(stores))
        else each
        for each in scene.boxes
    ]
    return scene


def test_stores_of_one_customer_keep_no_box_of_another_from_asking() -> None:
    """However many of them its customer has, and whatever they make up."""
    scene = of_one_customer({"z": 1, **dict.fromkeys("abcdef", 1)})
    scene.boxes = [*scene.boxes[1:], scene.boxes[0]]
    scene.settings = Settings(authority_at_once=1)
    reconcile(scene)
    assert asked(scene) == ["a-1", "b-1", "c-1", "z-1"]


def test_what_another_customers_boxes_met_is_told_to_no_box() -> None:
    scene = outage(dict.fromkeys("abcd", 1))
    scene.settings = Settings(authority_at_once=1)
    report = scene.reconcile()
    last = report.boxes[-1].findings[0]
    assert (last.code, last.evidence) == (
        CodeName.LOAD_REQUEST_STATUS,
        "not asked, since boxes of 3 customers got this",
    )


def test_one_box_counts_once_whatever_it_sends() -> None:
    known, desired = CircuitBreaker(), target("till-1").desired
    result = left(Request(desired=desired), CodeName.LOAD_REQUEST_STATUS)
    known.learn(desired, heard("till-1", Mode.RECONCILE, replace(result, after=result.after * 3)))
    assert known.reason_for(target("till-2").desired) is None


def test_as_long_as_one_store_is_answered_each_asks_for_itself() -> None:
    scene = outage(dict.fromkeys("wabcdef", 1), works="w")
    reconcile(scene)
    assert len(asked(scene)) == 7


def test_boxes_that_never_answer_hold_up_the_others_for_a_while_only() -> None:
    """Neither of their database, where the first goes alone, nor of others, where few ask at once."""

    async def run() -> None:
        gate, is_over, mended = Gate(2, Nobody(), patience=0.01), asyncio.Event(), set[str]()

        async def never(_: Verdict | None) -> Visit | None:
            await is_over.wait()
            return None

        async def mend(box: str) -> None:
            async def at_once(_: Verdict | None) -> Visit | None:
                mended.add(box)
                return None

            await gate.through(target(box, database=box[0]), Mode.RECONCILE, at_once)

        boxes = [target(f"{each}-slow", database=each) for each in "abcd"]
        slow = [asyncio.create_task(gate.through(each, Mode.RECONCILE, never)) for each in boxes]
        await asyncio.sleep(0)
        await asyncio.gather(*map(mend, ("a1", "a2", "b1", "e1")))
        assert mended == {"a1", "a2", "b1", "e1"}
        assert not any(each.done() for each in slow)
        is_over.set()
        await asyncio.gather(*slow)

    asyncio.run(run())
