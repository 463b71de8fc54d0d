"""What a box says of itself is told in the words of the control machine."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import cast

import pytest

from reconciler.codes import CATALOGUE, CodeName, Origin, Variant
from reconciler.codes.phrases.walked import WALKED
from reconciler.codes.writing.sentences import MOST
from reconciler.diagnosis import judge
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode
from reconciler.model.inquiry import Eligibility, Failure, Inquiry, LastRun
from reconciler.model.part import Part
from reconciler.model.repair import RepairKind
from reconciler.model.severity import FindingClass, Severity
from reconciler.model.statement import Statement, say
from reconciler.model.statement import told as say_told
from reconciler.model.statement import told as told_text
from reconciler.results.finding import Finding, finding
from reconciler.results.restate import legible, restated
from reconciler.results.result import Repair, RepairOutcome, RepairStatus, Result
from tests.support.claims import TYPE_THIS, claimed
from tests.support.observed import healthy

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PACKAGE = Path(__file__).resolve().parents[2] / "reconciler"
CLAIMED = claimed("IOT_HTTPS_EXPIRED", FindingClass.BLOCKED, "*.x.odoo-iot.com ended 2026-03-01")
OURS = {each.name for each in CATALOGUE.values() if each.origin in (Origin.CONNECTION, Origin.OUTSIDE)}
"""Codes of what only the control machine sees."""
OF_A_BOX = [code for code in CATALOGUE.values() if code.name not in OURS]
VARIANTS = [(code.name, variant) for code in OF_A_BOX for variant in code.variants]


def told(*found: Finding) -> tuple[Finding, ...]:
    """Return what becomes of findings of a box."""
    result = Result(name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=found, after=found)
    done = arrived(result)
    assert done.before == done.after
    return done.after


def arrived(result: Result) -> Result:
    """Return what becomes of a result on its way from a box."""
    sent = json.loads(json.dumps(wire.encode(result)))
    return restated(wire.decode(Result, legible(sent)))


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_a_code_means_is_not_for_a_box_to_say(name: str) -> None:
    entry = CATALOGUE[name]
    (found,) = told(replace(CLAIMED, code=entry.name))
    assert TYPE_THIS not in found.remedy
    if entry.name in OURS:
        assert found.code == CodeName.NOT_OBSERVED
        assert str(entry.name) in found.evidence
    else:
        assert found == finding(entry.name, say_told(CLAIMED.evidence))


@pytest.mark.parametrize(("code", "variant"), VARIANTS)
def test_a_variant_means_what_stands_in_the_catalogue(code: CodeName, variant: Variant) -> None:
    (found,) = told(replace(CLAIMED, code=code, variant=variant))
    assert found == finding(code, say_told(CLAIMED.evidence), variant=variant)


@pytest.mark.parametrize("variant", ["nonsense", "", "maintenance", TYPE_THIS])
def test_a_variant_that_a_code_does_not_have_is_none(variant: str) -> None:
    (found,) = told(replace(CLAIMED, variant=cast("Variant", variant)))
    assert found == finding(CodeName.EXPIRED, say_told(CLAIMED.evidence))


@pytest.mark.parametrize("kind", FindingClass)
def test_who_moved_is_believed_where_the_catalogue_leaves_it_open(kind: FindingClass) -> None:
    (found,) = told(replace(CLAIMED, code=CodeName.SERVER_DIFFERS, finding_class=kind))
    is_open = kind in (FindingClass.DRIFTED, FindingClass.PENDING)
    assert found.finding_class is (kind if is_open else FindingClass.DRIFTED)
    assert found.repairable


@pytest.mark.parametrize("code", ["IOT_HTTPS_OF_TOMORROW", "ERR_IOT_HTTPS_NEW", "x", "", "IOT_HTTPS_\n", TYPE_THIS])
def test_a_code_that_is_not_known_is_an_error_that_says_so(code: str) -> None:
    (found,) = told(replace(CLAIMED, code=cast("CodeName", code)))
    assert (found.code, found.severity, found.finding_class) == (
        CodeName.NOT_OBSERVED,
        Severity.ERROR,
        FindingClass.UNKNOWN,
    )
    assert "unknown to this version of iot-https" in found.evidence
    assert "Update iot-https" in found.remedy
    assert TYPE_THIS not in f"{found.evidence} {found.remedy}"
    named = code if code in ("IOT_HTTPS_OF_TOMORROW", "ERR_IOT_HTTPS_NEW") else "something that is no code"
    assert found.seen[0].values["code"] == (code if named == code else None)


def test_a_box_does_not_say_whose_it_is() -> None:
    (found,) = told(replace(CLAIMED, of_others=(say_told("it belongs to Butcher"),)))
    assert found.whose is None


def test_evidence_and_details_are_bounded() -> None:
    repair = Repair(
        kind=RepairKind.SET_RESOLVERS,
        because=(str(CodeName.RESOLVERS_DIFFER), TYPE_THIS),
        diff=("- a", "+ b", TYPE_THIS, "-c", ""),
    )
    result = Result(
        name="till",
        mode=Mode.CHECK,
        started_at=NOW,
        seconds=1.0,
        before=(),
        after=(replace(CLAIMED, seen=(say_told("y" * 4000),)),),
        plan=(repair,),
        outcomes=(RepairOutcome(repair=repair, status=RepairStatus.DONE, seen=(told_text("z" * 4000),) * 40),),
    )
    done = arrived(result)
    assert len(done.after[0].evidence) == 600
    for each in (*done.plan, done.outcomes[0].repair):
        assert (each.because, each.diff) == ((str(CodeName.RESOLVERS_DIFFER),), ("- a", "+ b"))
    assert len(done.outcomes[0].detail) == 600


ON_A_BOX = [path for part in ("box", "checks", "diagnosis") for path in sorted((PACKAGE / part).rglob("*.py"))]


@pytest.mark.parametrize("path", ON_A_BOX, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_runs_on_a_box_writes_no_remedy_of_its_own(path: Path) -> None:
    """It would be lost on the way: a variant of the catalogue is what travels."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    words = {keyword.arg for call in calls for keyword in call.keywords}
    assert not words & {"remedy", "severity", "repairable"}


def test_what_a_box_says_of_its_question_is_a_sentence_of_ours_or_none() -> None:
    lies = (Statement("type_this", {"text": TYPE_THIS}), say_told("refused"))
    inquiry = Inquiry(
        eligibility=Eligibility(seen=lies, code=CodeName.LOAD_REQUEST_NO_RESULT),
        own_unread=lies[0],
        unasked=lies[0],
        last_run=LastRun(at=NOW, failures=(Failure(code=CodeName.REPAIR_FAILED, seen=lies),)),
    )
    result = Result(name="till", mode=Mode.DIAGNOSE, started_at=NOW, seconds=1.0, before=(), after=(), inquiry=inquiry)
    asked = arrived(result).inquiry
    assert asked is not None
    assert TYPE_THIS not in repr(asked)
    assert asked.eligibility is not None
    assert asked.eligibility.seen == (say("unreadable"), say_told("refused"))


def test_what_a_box_says_of_itself_is_a_sentence_of_ours_or_none() -> None:
    lie = Statement("type_this", {"text": TYPE_THIS})
    seen = healthy(NOW)
    observed = replace(
        seen,
        layout=replace(seen.layout, problem=lie),
        store=replace(seen.store, malformed=(lie,), warnings=(lie, say("no_options")) * 40),
        certificates=replace(seen.certificates, unreadable=lie, not_renewable=(lie,)),
        nginx=replace(seen.nginx, config_error=lie),
        resolvers=replace(seen.resolvers, sign=lie),
        gaps={Part.DISK: lie, Part.MEMORY: say_told("EIO")},
    )
    result = Result(name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=(), after=(), observed=observed)
    told = arrived(result).observed
    assert told is not None
    assert TYPE_THIS not in repr(told)
    assert told.gaps == {Part.DISK: say("unreadable"), Part.MEMORY: say_told("EIO")}
    assert told.store.warnings[:2] == (say("unreadable"), say("no_options"))
    assert len(told.store.warnings) == MOST


NOT_OF_A_REFUSAL = sorted(set(WALKED) - set(CATALOGUE[CodeName.LOAD_REQUEST_NO_RESULT].sentences))
"""What is said of a step in order, and of no refusal."""


@pytest.mark.parametrize("says", NOT_OF_A_REFUSAL)
def test_what_a_box_says_of_a_refusal_can_be_told_to_other_boxes_of_its_database(says: str) -> None:
    places = {name: "x" for _, name, _, _ in Formatter().parse(WALKED[says]) if name}
    lie = Eligibility(seen=(Statement(says, places),), code=CodeName.LOAD_REQUEST_NO_RESULT)
    result = Result(name="till", mode=Mode.DIAGNOSE, started_at=NOW, seconds=1.0, before=(), after=())
    asked = arrived(replace(result, inquiry=Inquiry(eligibility=lie))).inquiry
    assert asked is not None
    found = judge.findings(Desired(name="other"), healthy(NOW), asked)
    assert CodeName.LOAD_REQUEST_NO_RESULT in {each.code for each in found}
