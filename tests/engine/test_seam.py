"""The seam between a run and who works on its boxes: data goes down, data comes up, and each order has one end."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

import pytest

from reconciler.codes import CodeName
from reconciler.engine.fan_out import FanOut
from reconciler.engine.journal import Journal
from reconciler.engine.run import Run
from reconciler.engine.seam import (
    ENDS,
    BoxEvent,
    Broken,
    LeftAlone,
    NotBegun,
    NotNoted,
    Order,
    Started,
    Submit,
    Visit,
    Visited,
    Visiting,
)
from reconciler.engine.settings import Settings
from reconciler.engine.stop import Stop
from reconciler.engine.world import World
from reconciler.model import wire
from reconciler.model.desired import Mode, Request
from reconciler.model.marks import Others
from reconciler.model.reveal import reveal
from reconciler.results.events import Event, EventKind
from reconciler.results.fleet import BoxState, FleetReport

from .world import FETCH, NOW, RESOLVERS, Fleet, Nobody, Scene, looked, mended, states, target, targets, unreachable

S = BoxState
LOOK = Request(desired=target("till-1").desired)
REPAIR = Request(desired=target("till-1").desired, mode=Mode.RECONCILE)


@dataclass
class Told:
    """Stands below the seam: notes what is ordered, and tells what a table says of each box."""

    tables: Sequence[Mapping[str, Sequence[BoxEvent]]]
    """One for each time that something is submitted."""
    orders: list[Sequence[Order]] = field(default_factory=list)

    async def submit(self, orders: Sequence[Order]) -> AsyncGenerator[BoxEvent, None]:
        table = self.tables[len(self.orders)]
        self.orders.append(orders)
        for order in orders:
            for event in table[order.target.name]:
                yield event


def run(submit: Submit, boxes: int = 1, tell: list[Event] | None = None) -> Run:
    async def may(_: object) -> str | None:
        return None

    events = [] if tell is None else tell
    world = World(visit=Fleet().visit, may=may, relay=Nobody(), tell=events.append, now=lambda: NOW)
    return Run(targets(boxes), (), Settings(), world, Stop(), submit=submit)


def seen(result: object) -> list[BoxEvent]:
    return [Started("till-1"), Visiting("till-1", 60.0), Visited("till-1", Visit(result), 1.5)]  # type: ignore[arg-type]


WANTS = seen(looked(LOOK, RESOLVERS))


@pytest.mark.parametrize(
    ("events", "state", "code"),
    [
        (seen(looked(LOOK)), S.IN_SYNC, None),
        (WANTS, S.DIFFERS, CodeName.RESOLVERS_DIFFER),
        (seen(unreachable(LOOK)), S.UNREACHABLE, CodeName.CONNECTION_TIMEOUT),
        ([NotBegun("till-1")], S.NOT_ATTEMPTED, None),
        ([Started("till-1"), NotBegun("till-1")], S.NOT_ATTEMPTED, None),
        ([*WANTS[:2], LeftAlone("till-1")], S.FAILED, CodeName.REPLY_CUT_OFF),
        ([*WANTS[:2], Broken("till-1", "KeyError")], S.FAILED, CodeName.NOT_OBSERVED),
    ],
    ids=["in sync", "differs", "away", "not begun", "begun too late", "left alone", "defect"],
)
def test_what_is_told_of_a_box_that_is_looked_at_is_its_report(
    events: list[BoxEvent], state: BoxState, code: CodeName | None
) -> None:
    (box,) = asyncio.run(run(Told([{"till-1": events}]).submit).check()).boxes
    assert (box.state, box.findings[0].code if box.findings else None) == (state, code)


@pytest.mark.parametrize(
    ("events", "state", "code"),
    [
        (seen(mended(REPAIR, RESOLVERS)), S.CHANGED, None),
        (seen(unreachable(REPAIR)), S.DEFERRED, CodeName.CONNECTION_TIMEOUT),
        ([NotBegun("till-1")], S.NOT_ATTEMPTED, CodeName.RESOLVERS_DIFFER),
        ([*WANTS[:2], LeftAlone("till-1")], S.FAILED, CodeName.REPLY_CUT_OFF),
        ([Started("till-1"), NotNoted("till-1", "disk full")], S.NOT_ATTEMPTED, CodeName.RESOLVERS_DIFFER),
    ],
    ids=["changed", "away", "not begun", "left alone", "not noted"],
)
def test_what_is_told_of_a_box_that_is_changed_is_its_report(
    events: list[BoxEvent], state: BoxState, code: CodeName | None
) -> None:
    below = Told([{"till-1": WANTS}, {"till-1": events}])
    (box,) = asyncio.run(run(below.submit).reconcile()).boxes
    assert (box.state, box.findings[0].code if box.findings else None) == (state, code)
    assert [[each.mode for each in orders] for orders in below.orders] == [[Mode.CHECK], [Mode.RECONCILE]]
    assert below.orders[1][0].looked == looked(LOOK, RESOLVERS)


def test_a_box_is_at_work_from_its_visit_to_its_end_and_one_that_was_left_alone_stays() -> None:
    at_work: list[set[str]] = []
    events = [*WANTS, Visiting("till-1", 60.0), LeftAlone("till-1")]

    async def submit(_: Sequence[Order]) -> AsyncGenerator[BoxEvent, None]:
        for event in events:
            yield event
            at_work.append(set(one.at_work()))

    one = run(submit)
    asyncio.run(one.check())
    assert at_work == [set(), {"till-1"}, set(), {"till-1"}, {"till-1"}]


def test_a_defect_over_the_answer_of_one_box_is_told_and_the_others_go_on() -> None:
    class Deaf(list[Event]):
        def append(self, event: Event) -> None:
            if event.kind is EventKind.BOX_CHECKED and event.box == "till-1":
                raise RuntimeError("canary: a secret of the box")
            super().append(event)

    table = {name: [Visited(name, Visit(looked(LOOK)), 1.0)] for name in ("till-1", "till-2")}
    report = asyncio.run(run(Told([table]).submit, 2, Deaf()).check())
    assert states(report) == {"till-1": S.FAILED, "till-2": S.IN_SYNC}
    assert "RuntimeError" in report.boxes[0].findings[0].evidence
    assert "canary" not in str(report)


def worked_on(scene: Scene, orders: Sequence[Order]) -> list[BoxEvent]:
    """What the worker of this process tells of these orders."""

    async def work() -> list[BoxEvent]:
        return [event async for event in scene.worker().submit(orders)]

    return asyncio.run(work())


def repairs(*names: str) -> list[Order]:
    return [Order(target=target(each), mode=Mode.RECONCILE, looked=looked(LOOK, FETCH)) for each in names]


def test_each_order_begins_and_has_one_end() -> None:
    fleet = Fleet(plans=dict.fromkeys("ab", FETCH), broken={"c"}, offline={"d"}, refused={"b"})
    events = worked_on(Scene(fleet, []), repairs(*"abcd"))
    assert Counter(each.box for each in events if isinstance(each, Started)) == Counter("abcd")
    assert Counter(each.box for each in events if isinstance(each, ENDS)) == Counter("abcd")
    for name in "abcd":
        of_one = [type(each) for each in events if each.box == name]
        assert of_one == [Started, Visiting, Broken if name == "c" else Visited]


def test_a_box_is_noted_before_anybody_goes_to_it(tmp_path: Path) -> None:
    noted: list[tuple[str, ...]] = []
    journal = Journal(tmp_path / "j")

    class Watching(Fleet):
        async def visit(self, target: object, request: Request) -> Visit:
            noted.append(Journal(tmp_path / "j").unfinished)
            return await super().visit(target, request)  # type: ignore[arg-type]

    worked_on(Scene(Watching(), [], journal=journal), repairs("a"))
    assert noted == [("a",)]


def test_where_nobody_reads_on_nobody_works_on() -> None:
    async def scene() -> None:
        fleet = Fleet(plans={"a": RESOLVERS})
        fleet.gate, fleet.begun = asyncio.Event(), asyncio.Event()
        others = asyncio.all_tasks()
        async with aclosing(Scene(fleet, []).worker().submit(repairs("a"))) as events:
            assert isinstance(await anext(events), Started)
            await fleet.begun.wait()
        assert asyncio.all_tasks() == others

    asyncio.run(scene())


def test_a_defect_of_the_worker_itself_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(*_: object) -> NoReturn:
        raise RuntimeError("nobody knows of any box")

    monkeypatch.setattr(FanOut, "run", run)
    with pytest.raises(RuntimeError, match="nobody knows"):
        Scene(Fleet(), targets(1)).check()


@pytest.mark.parametrize(("mode", "waits"), [(Mode.CHECK, True), (Mode.DIAGNOSE, True), (Mode.RECONCILE, False)])
def test_looks_are_spread_and_repairs_follow_them(mode: Mode, *, waits: bool) -> None:
    worker = Scene(Fleet(), [], settings=Settings(jitter_seconds=60.0)).worker()
    seconds = worker._delay(Order(target=target("till-1"), mode=mode))
    assert 0 < seconds < 60 if waits else seconds == 0


def test_what_crosses_the_seam_can_go_to_another_process() -> None:
    """It comes out of the wire format as it went in: no functions, tasks or connections."""
    fleet = Fleet(plans={"till-1": FETCH, "till-2": RESOLVERS}, offline={"till-3"}, broken={"till-4"})
    boxes = [replace(each, others=Others(serials=frozenset({"a" * 16, "b" * 16}))) for each in targets(4)]
    scene, crossed = Scene(fleet, boxes), list[object]()

    async def submit(orders: Sequence[Order]) -> AsyncGenerator[BoxEvent, None]:
        crossed.extend(orders)
        async for event in worker.submit(orders):
            crossed.append(event)
            yield event

    async def reconcile() -> FleetReport:
        return await scene.run(submit).reconcile()

    worker = scene.worker()
    assert S.CHANGED in states(asyncio.run(reconcile())).values()
    assert {type(each) for each in crossed} == {Order, Started, Visiting, Visited, Broken}
    for each in crossed:
        sent = json.dumps(wire.encode(each, secret=reveal))
        assert wire.decode(type(each), json.loads(sent)) == each
