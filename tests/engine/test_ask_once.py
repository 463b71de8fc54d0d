"""A diagnosis asks the authority once per database; others are told what the first was told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from reconciler.codes import CodeName
from reconciler.engine.authority.gate import Gate, Go
from reconciler.engine.authority.rate_limit import PATIENCE
from reconciler.engine.authority.verdict import Granted, Verdict, heard
from reconciler.engine.seam import Visit
from reconciler.model.desired import CertificateSource, Mode, Refusal, Request
from reconciler.model.inquiry import Eligibility, Inquiry
from reconciler.model.statement import say
from reconciler.model.statement import told as words
from reconciler.results.result import Result

from .world import Fleet, Nobody, Scene, looked, target, targets

GRANTED = Eligibility(seen=(say("granted"),))
REFUSED = Eligibility(code=CodeName.LOAD_REQUEST_NO_RESULT, seen=(words("refused: no subscription"),))
GIVEN = Granted(seen=(say("granted_to", box="till-0"),))
BLOCKED = Eligibility(code=CodeName.LOAD_REQUEST_EXCEPTION, seen=(words("timed out"),))


def told(what: Eligibility | None) -> Result:
    return replace(looked(Request(desired=target("till-1").desired)), inquiry=Inquiry(eligibility=what))


@dataclass
class Asked:
    """Collects what each box knew when it was visited."""

    what: Eligibility
    known: list[Verdict | None] = field(default_factory=list)

    async def __call__(self, known: Verdict | None) -> Visit:
        self.known.append(known)
        return Visit(told(self.what if known is None else replace(self.what, asked=False)))


def gate_for_all(patience: float = PATIENCE) -> Gate:
    """A gate at which the bound of all databases together holds up nobody."""
    return Gate(100, Nobody(), patience)


async def through(gate: Gate, number: int, visit: Go, database: str = "a") -> Visit | None:
    return await gate.through(target(f"till-{number}", database=database), Mode.DIAGNOSE, visit)


def ask(what: Eligibility, databases: str) -> list[Verdict | None]:
    async def run() -> list[Verdict | None]:
        gate, asked = gate_for_all(), Asked(what)
        await asyncio.gather(*(through(gate, at, asked, each) for at, each in enumerate(databases)))
        return asked.known

    return asyncio.run(run())


def test_a_grant_is_asked_for_once_for_each_database() -> None:
    known = ask(GRANTED, "aaabb")
    assert known.count(None) == 2
    assert GIVEN in known


def test_a_refusal_counts_when_two_boxes_have_met_it() -> None:
    known = ask(REFUSED, "aaaa")
    assert known.count(None) == 2
    assert all(
        isinstance(each, Refusal) and each.seen[0] == say("not_again", boxes=("till-0", "till-1"))
        for each in known
        if each is not None
    )


def test_a_refusal_that_one_box_makes_up_keeps_no_other_from_asking() -> None:
    async def run() -> list[Verdict | None]:
        gate, lie, truth = gate_for_all(), Asked(REFUSED), Asked(GRANTED)
        asked = [lie, truth, truth, truth]
        await asyncio.gather(*(through(gate, at, each) for at, each in enumerate(asked)))
        return [*lie.known, *truth.known]

    assert asyncio.run(run()) == [
        None,
        None,
        *[Granted(seen=(say("granted_to", box="till-1"),))] * 2,
    ]


def test_where_there_was_no_verdict_the_next_box_asks_for_itself() -> None:
    assert ask(BLOCKED, "aaa") == [None] * 3


def test_boxes_without_a_verdict_do_not_wait_for_each_other() -> None:
    waves: list[int] = []

    async def run() -> None:
        gate, at_once = gate_for_all(), 0

        async def silent(_: Verdict | None) -> Visit:
            nonlocal at_once
            at_once += 1
            waves.append(at_once)
            for _turn in range(5):
                await asyncio.sleep(0)
            at_once -= 1
            return Visit(told(None))

        await asyncio.gather(*(through(gate, at, silent) for at in range(31)))

    asyncio.run(run())
    assert waves[0] == 1
    assert max(waves) >= 8


@pytest.mark.parametrize("what", [None, replace(GRANTED, asked=False)])
def test_what_was_not_asked_says_nothing(what: Eligibility | None) -> None:
    assert heard("till-1", Mode.DIAGNOSE, told(what)).verdict is None


def test_a_diagnosis_visits_each_box_once_and_changes_none() -> None:
    scene = Scene(Fleet(), targets(3))
    report = scene.diagnose()
    assert [each.mode for each in scene.fleet.requests] == [Mode.DIAGNOSE] * 3
    assert report.mode is Mode.DIAGNOSE
    assert all(each.diagnosis is not None for each in report.boxes)


def test_where_the_control_machine_relays_it_asks_and_the_box_does_not() -> None:
    class Refusing:
        def verdict(self, *_: object) -> Refusal:
            return Refusal(code=CodeName.LOAD_REQUEST_NO_RESULT, seen=(words("refused"),))

    boxes = [target("till-1", certificate_source=CertificateSource.RELAY)]
    scene = Scene(Fleet(), boxes, relay=Refusing())  # type: ignore[arg-type]  # the one method that is used
    scene.diagnose()
    assert scene.fleet.requests[0].refusal is not None


def test_a_box_that_never_answers_holds_up_the_others_of_its_database_for_a_while_only() -> None:
    async def run() -> None:
        gate, is_over = gate_for_all(patience=0.01), asyncio.Event()

        async def never(_: Verdict | None) -> Visit | None:
            await is_over.wait()
            return None

        slow = asyncio.create_task(gate.through(target("slow"), Mode.DIAGNOSE, never))
        await asyncio.sleep(0)
        asked = Asked(GRANTED)
        await asyncio.gather(*(through(gate, at, asked) for at in range(3)))
        assert asked.known == [None, GIVEN, GIVEN]
        assert not slow.done()
        is_over.set()
        await slow

    asyncio.run(run())
