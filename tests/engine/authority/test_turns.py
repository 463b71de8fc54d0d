"""Whose turn it is to ask, told step by step: who is called, at which time, and what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from reconciler.codes import CodeName
from reconciler.engine.authority.turns import Asker, Turns
from reconciler.engine.authority.verdict import NOTHING, Granted, Heard, Verdict
from reconciler.model.desired import Desired, Mode, Refusal
from reconciler.model.statement import told as words

from ..world import target

PATIENCE = 90.0
YES = Heard(verdict=Granted(seen=(words("given"),)))
NO = Heard(verdict=Refusal(code=CodeName.LOAD_REQUEST_NO_RESULT, seen=(words("refused"),)))
BLOCKED = Heard(in_vain=(Refusal(code=CodeName.LOAD_REQUEST_EXCEPTION, seen=(words("timed out"),)),))
SILENT = NOTHING


def box(name: str) -> Desired:
    """A box that is called after its database and its store, one letter, and its number."""
    return target(name, database=name[0], store=f"store {name[0]}").desired


@dataclass
class Queue:
    """Turns with a clock that is set, and who is asking just now."""

    at_once: int = 100
    mode: Mode = Mode.RECONCILE
    now: float = 1000.0
    askers: dict[str, Asker] = field(default_factory=dict)
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self.turns = Turns(self.at_once, PATIENCE)

    def called(self) -> tuple[str, ...]:
        """Names of those who go; one that is told something has that behind its name."""
        return tuple(
            asker.box.name + ("" if verdict is None else "=" + _word(verdict))
            for asker, verdict in self.turns.called(self.now)
        )

    def join(self, names: str, *, from_here: bool = False) -> tuple[str, ...]:
        for name in names.split():
            make = Asker.here if from_here else Asker.at_the_box
            self.askers[name] = make(box(name), self.mode)
            self.turns.join(self.askers[name])
        return self.called()

    def leave(self, name: str, said: Heard) -> tuple[str, ...]:
        self.turns.leave(self.askers.pop(name), said)
        return self.called()

    def wait(self, seconds: float) -> tuple[str, ...]:
        self.now += seconds
        return self.called()


def _word(verdict: Verdict) -> str:
    return "yes" if isinstance(verdict, Granted) else "no"


Steps = Sequence[tuple[str, Heard, tuple[str, ...]]]
"""Who leaves, with what, and who is called then."""


@pytest.mark.parametrize(
    ("mode", "steps"),
    [
        pytest.param(Mode.RECONCILE, [("a1", YES, ("a2", "a3", "a4"))], id="granted: each asks for its own"),
        pytest.param(Mode.DIAGNOSE, [("a1", YES, ("a2=yes", "a3=yes", "a4=yes"))], id="granted: nobody else asks"),
        *(
            pytest.param(mode, [("a1", NO, ("a2",)), ("a2", NO, ("a3=no", "a4=no"))], id=f"{mode}: refused twice")
            for mode in (Mode.RECONCILE, Mode.DIAGNOSE)
        ),
        pytest.param(Mode.RECONCILE, [("a1", NO, ("a2",)), ("a2", YES, ("a3", "a4"))], id="a refusal that is made up"),
        pytest.param(
            Mode.DIAGNOSE, [("a1", NO, ("a2",)), ("a2", YES, ("a3=yes", "a4=yes"))], id="the same in a diagnosis"
        ),
        pytest.param(Mode.RECONCILE, [("a1", SILENT, ("a2", "a3", "a4"))], id="no answer: all the others"),
        pytest.param(
            Mode.DIAGNOSE,
            [("a1", SILENT, ("a2", "a3")), ("a2", SILENT, ("a4",)), ("a3", YES, ())],
            id="no answer: two in its place",
        ),
        pytest.param(
            Mode.RECONCILE, [("a1", NO, ("a2",)), ("a2", SILENT, ("a3", "a4"))], id="no second answer: nobody waits"
        ),
    ],
)
def test_the_first_of_a_database_asks_and_what_it_hears_decides_for_the_others(mode: Mode, steps: Steps) -> None:
    queue = Queue(mode=mode)
    assert queue.join("a1 a2 a3 a4") == ("a1",)
    assert [queue.leave(name, said) for name, said, _ in steps] == [called for _, _, called in steps]


@pytest.mark.parametrize("mode", [Mode.RECONCILE, Mode.DIAGNOSE])
def test_the_bound_is_for_all_databases_together_and_the_first_who_came_is_the_next(mode: Mode) -> None:
    queue = Queue(at_once=2, mode=mode)
    assert queue.join("a1 b1 c1 d1") == ("a1", "b1")
    assert queue.leave("b1", SILENT) == ("c1",)
    assert queue.leave("a1", SILENT) == ("d1",)


def test_who_is_told_takes_no_place_of_those_who_ask() -> None:
    queue = Queue(at_once=1, mode=Mode.DIAGNOSE)
    assert queue.join("a1 b1 a2 a3") == ("a1",)
    assert queue.leave("a1", YES) == ("b1", "a2=yes", "a3=yes")


@pytest.mark.parametrize("answer", [YES, NO])
def test_the_control_machine_asks_once_and_believes_itself(answer: Heard) -> None:
    queue = Queue(mode=Mode.RECONCILE)
    assert queue.join("a1 a2 b1 b2", from_here=True) == ("a1", "b1")
    assert queue.leave("a1", answer) == (f"a2={'yes' if answer is YES else 'no'}",)


def test_boxes_and_the_control_machine_share_the_bound_and_no_answer() -> None:
    queue = Queue(at_once=1)
    assert queue.join("a1", from_here=True) == ("a1",)
    assert queue.join("a2") == ()
    assert queue.leave("a1", NO) == ("a2",)


def test_one_who_takes_its_time_holds_up_its_database_and_the_others_for_a_while_only() -> None:
    queue = Queue(at_once=2)
    assert queue.join("a1 b1 a2 c1 d1") == ("a1", "b1")
    assert queue.turns.changes_at(queue.now) == queue.now + PATIENCE
    assert queue.wait(PATIENCE - 1) == ()
    assert queue.wait(1) == ("a2", "c1")
    assert queue.leave("b1", SILENT) == ()
    assert queue.leave("a2", SILENT) == ("d1",)


def test_where_nobody_waits_time_changes_nothing() -> None:
    queue = Queue()
    assert queue.join("a1") == ("a1",)
    assert queue.turns.changes_at(queue.now) is None


def test_one_who_gives_up_waiting_takes_nothing_from_the_others() -> None:
    queue = Queue()
    queue.join("a1 a2 a3")
    assert queue.leave("a2", SILENT) == ()
    assert queue.leave("a1", YES) == ("a3",)


def test_after_three_questions_in_vain_nobody_of_the_customer_asks_and_a_diagnosis_goes_on() -> None:
    for mode, called in ((Mode.RECONCILE, ("d1=no",)), (Mode.DIAGNOSE, ("d1",))):
        queue = Queue(mode=mode)
        queue.join("a1 b1 c1")
        for name in ("a1", "b1", "c1"):
            queue.leave(name, BLOCKED)
        assert queue.join("d1") == called


def test_what_a_box_reports_that_was_told_counts_for_nobody() -> None:
    """It repeats what it was told, so that its store would stay broken when the authority answers again."""
    queue = Queue()
    queue.join("a1 b1 c1 e1")
    for name in ("a1", "b1", "c1"):
        queue.leave(name, BLOCKED)
    assert queue.join("d1 d2 d3") == ("d1=no", "d2=no", "d3=no")
    for name in ("d1", "d2", "d3"):
        queue.leave(name, BLOCKED)
    queue.leave("e1", YES)
    assert queue.join("d4") == ("d4",)
