"""Short words: times, states, codes, certificates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reconciler.codes import CodeName
from reconciler.model.observed import PairProblem
from reconciler.report import facts, words
from reconciler.results.fleet import BoxState
from tests.support.observed import NOW, certificate, pair, temporary

from .fleet import box, looked, observed


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (42.4, "42 s"),
        (74.0, "1 min 14 s"),
        (3599.6, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_duration(seconds: float, shown: str) -> None:
    assert words.duration(seconds) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (CodeName.RENEWAL_DUE, "renewal due"),
        (CodeName.CHECK_NO_SERVER, "no server"),
        (CodeName.LOAD_REQUEST_STATUS, "request status"),
        ("SOMETHING_ELSE", "SOMETHING_ELSE"),
    ],
)
def test_code(name: str, shown: str) -> None:
    assert words.code(name) == shown


def test_codes_are_still_told_apart_when_short() -> None:
    assert len({words.code(name) for name in CodeName}) == len(CodeName)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "2026-05-01 (60 d)"),
        ({"certificates.live": pair(certificate(NOW, 0.5))}, "2026-03-03 (12 h)"),
        ({"certificates.live": pair(certificate(NOW, -0.1))}, "2026-03-02 (past)"),
        ({"certificates.live": pair(temporary())}, "temporary"),
        ({"certificates.live.problem": PairProblem.KEY_MISMATCH}, "unusable"),
        ({"certificates.live.certificate": None}, "-"),
    ],
)
def test_certificate(changes: dict[str, object], shown: str) -> None:
    assert words.certificate(box("till", BoxState.IN_SYNC, looked("till", observed(**changes)))) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(("number", "shown"), [(1, "1 differs"), (0, "0 differ"), (2, "2 differ")])
def test_numbers_agree_with_their_verb(number: int, shown: str) -> None:
    assert words.counted_state(BoxState.DIFFERS, number) == shown


@pytest.mark.parametrize(("hours", "days"), [(25, 1), (24, 1), (23, 0), (0, -1), (-1, -1), (-25, -1), (-49, -2)])
def test_days_left_are_whole_and_never_flatter(hours: int, days: int) -> None:
    seen = observed(**{"certificates.live": pair(certificate(NOW + timedelta(hours=hours), 0))})  # type: ignore[arg-type]
    assert facts.days_left(box("till", BoxState.IN_SYNC, looked("till", seen))) == days


@pytest.mark.parametrize(("served", "shown"), [("ab" * 32, True), ("cd" * 32, False), (None, None)])
def test_served(*, served: str | None, shown: bool | None) -> None:
    seen = observed(**{"certificates.served": served})  # type: ignore[arg-type]
    assert facts.is_served(box("till", BoxState.IN_SYNC, looked("till", seen))) is shown


def test_nothing_is_known_of_a_box_that_was_not_looked_at() -> None:
    blank = box("till", BoxState.UNREACHABLE)
    known = (facts.address, facts.serial, facts.layout, facts.certificate, facts.pair_problem, facts.is_served)
    assert [about(blank) for about in known] == [None] * 6
