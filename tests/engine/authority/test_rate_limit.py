"""How many ask at the same time, by a clock that is set."""

from __future__ import annotations

import pytest

from reconciler.engine.authority.rate_limit import RateLimit


@pytest.mark.parametrize(
    ("now", "has_room", "changes_at"),
    [(100.0, False, 190.0), (189.0, False, 190.0), (190.0, True, 195.0), (195.0, True, None)],
    ids=["both ask", "both still ask", "one counts no longer", "none counts"],
)
def test_a_question_counts_for_a_while(now: float, *, has_room: bool, changes_at: float | None) -> None:
    limit = RateLimit(2, patience=90.0)
    limit.begin("a", 100.0)
    limit.begin("b", 105.0)
    assert (limit.has_room(now), limit.changes_at(now)) == (has_room, changes_at)


def test_who_has_ended_counts_no_longer_and_who_never_asked_makes_no_room() -> None:
    limit = RateLimit(1)
    limit.begin("a", 100.0)
    limit.end("b")
    assert not limit.has_room(100.0)
    limit.end("a")
    assert limit.has_room(100.0)
