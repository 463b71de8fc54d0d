"""Findings of many boxes become one entry per cause."""

from __future__ import annotations

from reconciler.codes import CodeName, Variant
from reconciler.model.statement import told
from reconciler.outcome.remedies import MENDED
from reconciler.report.causes import causes, problems
from reconciler.results.finding import Finding, finding
from reconciler.results.fleet import BoxReport, BoxState

from .fleet import box, dns, expired, looked, mended, name_unknown, observed, offline


def differing(name: str, *findings: Finding) -> BoxReport:
    return box(name, BoxState.DIFFERS, looked(name, observed(days=-2), *findings))


def test_the_same_code_is_one_cause() -> None:
    (cause,) = causes([differing("a", expired()), differing("b", expired())])
    assert (cause.code, cause.boxes) == ("IOT_HTTPS_EXPIRED", 2)


def test_errors_come_first_and_then_what_most_boxes_have() -> None:
    boxes = [
        differing("a", dns(), name_unknown()),
        differing("b", name_unknown()),
        differing("c", expired()),
        box("d", BoxState.UNREACHABLE, findings=(offline(1),)),
        box("e", BoxState.UNREACHABLE, findings=(offline(2),)),
    ]
    assert [cause.code.removeprefix("IOT_HTTPS_") for cause in causes(boxes)] == [
        "CONNECTION_TIMEOUT",
        "EXPIRED",
        "NAME_NOT_RESOLVED",
        "RESOLVERS_DIFFER",
    ]


def test_equal_evidence_is_told_once() -> None:
    (cause,) = causes([differing("a", dns()), differing("b", dns())])
    (seen,) = cause.remedies[0].seen
    assert seen.boxes == ("a", "b")


def test_different_evidence_stands_beside_its_box() -> None:
    boxes = [box(f"box-{number}", BoxState.UNREACHABLE, findings=(offline(number),)) for number in (1, 2)]
    (cause,) = causes(boxes)
    assert [seen.boxes for seen in cause.remedies[0].seen] == [("box-1",), ("box-2",)]


def test_box_that_has_a_code_twice_counts_once() -> None:
    twice = [finding(CodeName.NOT_OBSERVED, told(part)) for part in ("disk", "clock")]
    (cause,) = causes([differing("a", *twice)])
    assert (cause.boxes, len(cause.remedies[0].seen)) == (1, 2)


def test_what_reconcile_will_mend_has_no_homework() -> None:
    (cause,) = causes([differing("a", expired())])
    assert [remedy.text for remedy in cause.remedies] == [MENDED]


def test_what_reconcile_has_not_mended_has() -> None:
    looked_at = looked("a", observed(days=-2), expired())
    (cause,) = causes([box("a", BoxState.DIFFERS, mended(looked_at, expired()))])
    assert [remedy.text for remedy in cause.remedies] == [expired().remedy]


def test_boxes_with_another_remedy_are_told_apart() -> None:
    code = CodeName.LOAD_REQUEST_STATUS
    known = finding(code, told("404"), variant=Variant.NO_MAINTENANCE)
    (cause,) = causes([differing("a", known), differing("b", finding(code, told("404")))])
    assert [len(remedy.seen) for remedy in cause.remedies] == [1, 1]
    assert cause.boxes == 2


def test_equal_problems_of_entries_are_told_once() -> None:
    boxes = [box(name, BoxState.INVALID, problems=("iot_https_x: unknown",)) for name in ("a", "b")]
    (seen,) = problems(boxes)
    assert (seen.evidence, seen.boxes) == ("iot_https_x: unknown", ("a", "b"))


def test_foreign_text_cannot_command_a_terminal() -> None:
    (cause,) = causes([differing("a", finding(CodeName.NOT_OBSERVED, told("x\x1b[2Jy")))])
    assert cause.remedies[0].seen[0].evidence == "x [2Jy"
