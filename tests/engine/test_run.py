"""The order of a run: look at all, count, ask, change; and no box is any other box's business."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from reconciler.codes import CodeName
from reconciler.engine.journal import Journal
from reconciler.engine.seam import Visit
from reconciler.engine.settings import Settings
from reconciler.engine.state_folder import StateUnusable
from reconciler.model.desired import Mode, Request
from reconciler.model.target import Invalid, Target
from reconciler.results.events import EventKind
from reconciler.results.fleet import BoxState, FleetReport
from reconciler.results.result import Repair

from .world import FETCH, RESOLVERS, Fleet, Scene, states, targets

S = BoxState
ONE_AT_ONCE = Settings(forks=1)


def test_a_check_visits_each_box_once_and_changes_none() -> None:
    scene = Scene(Fleet(plans={"till-2": RESOLVERS}), targets(3))
    report = scene.check()
    assert states(report) == {"till-1": S.IN_SYNC, "till-2": S.DIFFERS, "till-3": S.IN_SYNC}
    assert [each.mode for each in scene.fleet.requests] == [Mode.CHECK] * 3


def test_a_reconcile_changes_those_that_want_it_and_no_other() -> None:
    scene = Scene(Fleet(plans={"till-2": RESOLVERS}), targets(3))
    report = scene.reconcile()
    assert states(report) == {"till-1": S.IN_SYNC, "till-2": S.CHANGED, "till-3": S.IN_SYNC}
    assert scene.asked_for == ["till-2"]
    assert scene.fleet.mended() == ["till-2"]


def test_nobody_is_asked_where_nothing_is_wanted() -> None:
    scene = Scene(Fleet(), targets(2), answer="no")
    assert scene.reconcile().held_back is None
    assert scene.asked_for == []


def test_a_no_changes_nothing_and_is_in_the_report() -> None:
    scene = Scene(Fleet(plans={"till-1": RESOLVERS}), targets(2), answer="the answer was no")
    report = scene.reconcile()
    assert report.held_back == "the answer was no"
    assert states(report)["till-1"] is S.DIFFERS
    assert scene.fleet.mended() == []


@pytest.mark.parametrize(("most", "changed"), [(2, 0), (3, 3), (None, 3)])
def test_more_boxes_than_allowed_want_changes_and_none_is_changed(most: int | None, changed: int) -> None:
    plans = {f"till-{each}": RESOLVERS for each in range(1, 4)}
    scene = Scene(Fleet(plans=plans), targets(5), settings=Settings(max_changed=most))
    report = scene.reconcile()
    assert len(scene.fleet.mended()) == changed
    assert (report.held_back is None) is bool(changed)
    assert changed or "3 boxes want changes, --max-changed allows 2" in str(report.held_back)


def test_an_entry_that_cannot_be_used_is_reported_and_the_others_go_on() -> None:
    bad = Invalid(name="till-9", problems=("iot_https_serial is empty",), customer="Bakery")
    report = Scene(Fleet(), targets(1), invalid=(bad,)).check()
    assert states(report) == {"till-1": S.IN_SYNC, "till-9": S.INVALID}
    assert report.boxes[1].problems == bad.problems


def test_a_defect_at_one_box_is_told_without_its_text_and_the_others_go_on() -> None:
    report = Scene(Fleet(broken={"till-2"}), targets(3)).check()
    assert states(report) == {"till-1": S.IN_SYNC, "till-2": S.FAILED, "till-3": S.IN_SYNC}
    assert "RuntimeError" in report.boxes[1].findings[0].evidence
    assert "canary" not in str(report)


def test_a_box_that_is_away_is_unreachable_and_one_that_left_before_its_repair_is_deferred() -> None:
    fleet = Fleet(plans={"till-2": RESOLVERS}, offline={"till-1"}, silent={"till-2": CodeName.CONNECTION_TIMEOUT})
    assert states(Scene(fleet, targets(2)).reconcile()) == {"till-1": S.UNREACHABLE, "till-2": S.DEFERRED}


def test_no_more_boxes_are_visited_at_once_than_allowed() -> None:
    scene = Scene(Fleet(), targets(20), settings=Settings(forks=3))
    scene.check()
    assert scene.fleet.most_at_once == 3


@pytest.mark.parametrize(
    ("settings", "deadlines"),
    [
        (Settings(forks=1), [240] * 5),
        (Settings(forks=1, run_seconds=100), [100, 65, 30]),
        (Settings(forks=1, run_seconds=99), [99, 64]),
        (Settings(forks=1, run_seconds=100, box_seconds=40), [40, 40, 30]),
        (Settings(forks=1, run_seconds=115, box_seconds=10), [10] * 4),
    ],
)
def test_no_box_is_begun_that_cannot_have_its_least_time_before_the_end(
    settings: Settings, deadlines: list[float]
) -> None:
    scene = Scene(Fleet(seconds=35), targets(5), settings=settings)
    report = scene.check()
    assert [each.deadline_seconds for each in scene.fleet.requests] == deadlines
    begun = len(deadlines)
    assert list(states(report).values()) == [S.IN_SYNC] * begun + [S.NOT_ATTEMPTED] * (5 - begun)
    assert report.interrupted is (begun < 5)


def test_a_box_that_was_looked_at_is_not_mended_when_the_time_is_short(tmp_path: Path) -> None:
    plans = {f"till-{each}": RESOLVERS for each in (1, 2)}
    settings, journal = Settings(forks=1, run_seconds=120), Journal(tmp_path / "j")
    report = Scene(Fleet(plans=plans, seconds=35), targets(2), settings=settings, journal=journal).reconcile()
    assert states(report) == {"till-1": S.CHANGED, "till-2": S.NOT_ATTEMPTED}
    assert report.boxes[1].findings[0].code == CodeName.RESOLVERS_DIFFER
    assert journal.unfinished == ()


@pytest.mark.parametrize(
    ("code", "unfinished"),
    [
        (CodeName.DEADLINE, True),
        (CodeName.NOT_OBSERVED, True),
        (CodeName.REPLY_CUT_OFF, True),
        (CodeName.BUSY, True),
        (CodeName.CONNECTION_TIMEOUT, False),
        (CodeName.HOST_KEY_CHANGED, False),
        (CodeName.SUDO_REFUSED, False),
    ],
)
def test_a_box_whose_end_was_not_seen_stays_unfinished(tmp_path: Path, code: CodeName, *, unfinished: bool) -> None:
    fleet = Fleet(plans={"till-1": RESOLVERS}, silent={"till-1": code})
    Scene(fleet, targets(1), journal=Journal(tmp_path / "j")).reconcile()
    assert Journal(tmp_path / "j").unfinished == (("till-1",) if unfinished else ())


class FullDisk(Journal):
    """A journal that cannot be written after so many lines."""

    def __init__(self, path: Path, lines: int) -> None:
        super().__init__(path)
        self._lines = lines

    def _append(self, name: str, what: str, *, durable: bool) -> None:
        if self._lines == 0:
            raise StateUnusable("journal: No space left on device")
        self._lines -= 1
        super()._append(name, what, durable=durable)


def test_a_box_of_which_no_note_can_be_made_is_not_changed(tmp_path: Path) -> None:
    scene = Scene(Fleet(plans={"till-1": RESOLVERS}), targets(1), journal=FullDisk(tmp_path / "j", 0))
    (box,) = scene.reconcile().boxes
    assert (box.state, scene.fleet.mended()) == (S.NOT_ATTEMPTED, [])
    assert box.findings[-1].evidence.endswith("No space left on device")


def test_a_box_whose_end_cannot_be_noted_is_changed_all_the_same(tmp_path: Path) -> None:
    scene = Scene(Fleet(plans={"till-1": RESOLVERS}), targets(1), journal=FullDisk(tmp_path / "j", 1))
    assert states(scene.reconcile()) == {"till-1": S.CHANGED}
    assert [each.detail for each in scene.events if each.kind is EventKind.WARNING] == [
        "journal: No space left on device"
    ]
    assert Journal(tmp_path / "j").unfinished == ("till-1",)


def test_a_reconcile_forgets_boxes_that_earlier_ones_have_ended(tmp_path: Path) -> None:
    for _ in range(2):
        Scene(Fleet(plans={"till-1": RESOLVERS}), targets(1), journal=Journal(tmp_path / "j")).reconcile()
    assert (tmp_path / "j").read_text().count('"began"') == 1


def test_a_box_that_leaves_before_it_is_taken_up_again_stays_unfinished(tmp_path: Path) -> None:
    fleet = Fleet(plans={"till-1": RESOLVERS}, silent={"till-1": CodeName.DEADLINE})
    for code in (CodeName.DEADLINE, CodeName.CONNECTION_TIMEOUT):
        fleet.silent = {"till-1": code}
        Scene(fleet, targets(1), journal=Journal(tmp_path / "j")).reconcile()
    assert Journal(tmp_path / "j").unfinished == ("till-1",)


def test_events_tell_each_box_once_and_the_run_around_them() -> None:
    scene = Scene(Fleet(plans={"till-2": RESOLVERS}), targets(2))
    scene.reconcile()
    kinds = [each.kind for each in scene.events]
    assert (kinds[0], kinds[-1]) == (EventKind.RUN_STARTED, EventKind.RUN_FINISHED)
    assert scene.events[0].total == 2
    finished = {each.box: each.state for each in scene.events if each.kind is EventKind.BOX_FINISHED}
    assert finished == {"till-1": S.IN_SYNC, "till-2": S.CHANGED}
    assert kinds.count(EventKind.BOX_FINISHED) == 2


class Interrupted:
    """A run whose boxes hang while they are mended, and that is told to end then."""

    def __init__(
        self,
        times: int,
        *,
        plan: tuple[Repair, ...] = RESOLVERS,
        settings: Settings = ONE_AT_ONCE,
        journal: Journal | None = None,
    ) -> None:
        self.fleet = Fleet(plans=dict.fromkeys(("till-1", "till-2"), plan))
        self.scene = Scene(self.fleet, targets(3), settings=settings, journal=journal)
        self._times = times

    def reconcile(self) -> FleetReport:
        return asyncio.run(self._reconcile())

    async def _reconcile(self) -> FleetReport:
        self.fleet.gate, self.fleet.begun = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(self.scene.run().reconcile())
        await self.fleet.begun.wait()
        for _ in range(self._times):
            self.scene.stop.ask("interrupted by SIGINT")
        if self._times == 1:
            self.fleet.gate.set()
        return await running


IN_EACH_QUEUE = pytest.mark.parametrize(
    ("plan", "settings"), [(RESOLVERS, ONE_AT_ONCE), (FETCH, Settings(forks=3, authority_at_once=1))]
)
"""Boxes wait for their turn among all, and for their turn to ask the authority."""


@IN_EACH_QUEUE
def test_asked_once_to_end_a_run_waits_for_what_has_begun_and_begins_nothing(
    plan: tuple[Repair, ...], settings: Settings, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "j")
    report = Interrupted(1, plan=plan, settings=settings, journal=journal).reconcile()
    assert states(report) == {"till-1": S.CHANGED, "till-2": S.NOT_ATTEMPTED, "till-3": S.IN_SYNC}
    assert report.interrupted
    assert journal.unfinished == ()


@IN_EACH_QUEUE
def test_asked_twice_it_leaves_boxes_to_themselves_and_says_so(
    plan: tuple[Repair, ...], settings: Settings, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "j")
    report = Interrupted(2, plan=plan, settings=settings, journal=journal).reconcile()
    assert states(report) == {"till-1": S.FAILED, "till-2": S.NOT_ATTEMPTED, "till-3": S.IN_SYNC}
    assert report.boxes[0].findings[0].code == CodeName.REPLY_CUT_OFF
    assert journal.unfinished == ("till-1",)


def test_a_box_is_left_alone_also_where_leaving_it_goes_wrong(tmp_path: Path) -> None:
    class Clumsy(Fleet):
        async def visit(self, target: Target, request: Request) -> Visit:
            try:
                return await super().visit(target, request)
            except asyncio.CancelledError:
                raise RuntimeError("the connection was closed in the middle of a message") from None

    run = Interrupted(2, journal=Journal(tmp_path / "j"))
    run.fleet = run.scene.fleet = Clumsy(plans={"till-1": RESOLVERS})
    (box, *_) = run.reconcile().boxes
    assert (box.state, box.findings[0].code, box.is_left_alone) == (S.FAILED, CodeName.REPLY_CUT_OFF, True)
    assert Journal(tmp_path / "j").unfinished == ("till-1",)


def test_a_run_that_was_cut_off_leaves_a_note_and_the_next_one_finishes(tmp_path: Path) -> None:
    Interrupted(2, journal=Journal(tmp_path / "j")).reconcile()
    # the program on the box finished alone, so that the next look finds nothing to do
    scene = Scene(Fleet(), targets(3), journal=Journal(tmp_path / "j"))
    report = scene.reconcile()
    assert report.resumed == ("till-1",)
    assert scene.fleet.mended() == ["till-1"]
    assert Journal(tmp_path / "j").unfinished == ()


def test_a_box_that_cannot_be_reached_stays_unfinished(tmp_path: Path) -> None:
    Interrupted(2, journal=Journal(tmp_path / "j")).reconcile()
    report = Scene(Fleet(offline={"till-1"}), targets(3), journal=Journal(tmp_path / "j")).reconcile()
    assert states(report)["till-1"] is S.DEFERRED
    assert Journal(tmp_path / "j").unfinished == ("till-1",)


def test_boxes_of_a_refused_database_do_not_ask_again() -> None:
    plans = {f"till-{each}": FETCH for each in range(1, 5)}
    scene = Scene(Fleet(plans=plans, refused=set(plans)), targets(4))
    report = scene.reconcile()
    asked = [each for each in scene.fleet.requests if each.mode is Mode.RECONCILE and each.refusal is None]
    assert [each.desired.name for each in asked] == ["till-1", "till-2"]
    assert "till-1 and till-2 of the same database got: refused" in report.boxes[3].findings[0].evidence


def test_boxes_at_work_are_told_with_the_time_that_they_can_still_take() -> None:
    async def scene() -> None:
        fleet = Fleet(plans={"till-1": RESOLVERS})
        fleet.gate, fleet.begun = asyncio.Event(), asyncio.Event()
        run = Scene(fleet, targets(2), settings=Settings(forks=1)).run()
        assert run.at_work() == {}
        running = asyncio.create_task(run.reconcile())
        await fleet.begun.wait()
        assert run.at_work() == {"till-1": 240 + 30}
        fleet.gate.set()
        await running
        assert run.at_work() == {}

    asyncio.run(scene())
