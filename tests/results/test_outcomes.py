"""How a repair ended is said in sentences of its kind, or of the finding that says the same."""

from __future__ import annotations

from string import Formatter

import pytest

from reconciler.codes import CATALOGUE, CodeName
from reconciler.codes.repairs import REPAIRS, SENTENCES
from reconciler.model.observed import PairProblem
from reconciler.model.repair import NginxLoad, RepairKind, RestartWay
from reconciler.model.statement import Statement, Value, say, told
from reconciler.results.finding import finding
from reconciler.results.result import Repair, RepairOutcome, RepairStatus

ALL = [(kind, name) for kind, entry in REPAIRS.items() for name in entry.sentences]
ENUMERATED: dict[str, Value] = {
    "way": RestartWay.AT_ONCE,
    "how": NginxLoad.RELOADED,
    "problem": PairProblem.KEY_MISMATCH,
}


def outcome(kind: RepairKind, *seen: Statement, code: CodeName | None = None) -> RepairOutcome:
    repair = Repair(kind=kind, because=())
    return RepairOutcome(repair=repair, status=RepairStatus.FAILED, seen=seen, code=code)


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_each_sentence_of_a_kind_can_be_said(kind: RepairKind, name: str) -> None:
    places = {place for _, place, _, _ in Formatter().parse(REPAIRS[kind].sentences[name]) if place}
    said = outcome(kind, say(name, **{place: ENUMERATED.get(place, f"<{place}>") for place in places})).detail
    assert said
    assert all(f"<{place}>"[:10] in said for place in places - ENUMERATED.keys())


def test_a_name_says_the_same_of_each_kind() -> None:
    assert all(SENTENCES[name] == REPAIRS[kind].sentences[name] for kind, name in ALL)


@pytest.mark.parametrize("kind", RepairKind)
def test_no_sentence_of_a_kind_hides_one_of_a_code(kind: RepairKind) -> None:
    own = REPAIRS[kind].sentences
    hidden = {
        (str(code.name), name)
        for code in CATALOGUE.values()
        for name, text in code.sentences.items()
        if name in own and own[name] != text
    }
    assert hidden == set()


def test_what_a_finding_says_is_said_of_the_repair_that_met_it() -> None:
    found = finding(CodeName.LOAD_REQUEST_STATUS, say("status", status=503, reason="Service Unavailable"))
    said = outcome(RepairKind.FETCH_CERTIFICATE, say("found", code=found.code), *found.seen, code=found.code)
    assert said.detail == "ERR_IOT_HTTPS_LOAD_REQUEST_STATUS: 503 Service Unavailable"


def test_what_others_say_is_one_bounded_line() -> None:
    assert outcome(RepairKind.LOAD_NGINX, told("a\nb\x1b[2J")).detail == "a b [2J"
    assert len(outcome(RepairKind.LOAD_NGINX, told("x" * 4000)).detail) == 600
