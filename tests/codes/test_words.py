"""Every value of an observation or a repair that stands in a sentence has words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from reconciler.codes.writing import words
from reconciler.model.observed import PairProblem, ResolverOwner
from reconciler.model.repair import CopyDirection, NginxLoad, RestartCondition, RestartWay, Undertaking

TABLES: tuple[tuple[Mapping[StrEnum, str], type[StrEnum]], ...] = (  # type: ignore[assignment]
    (words.PAIR_PROBLEM, PairProblem),
    (words.RESOLVER_OWNER, ResolverOwner),
    (words.DIRECTION, CopyDirection),
    (words.CONDITION, RestartCondition),
    (words.CONDITION_OF_A_SHOP, RestartCondition),
    (words.RESTART_WAY, RestartWay),
    (words.NGINX_LOAD, NginxLoad),
    (words.UNDERTAKING, Undertaking),
)


@pytest.mark.parametrize(("table", "enumeration"), TABLES, ids=lambda each: getattr(each, "__name__", ""))
def test_each_value_has_words_that_no_other_has(table: Mapping[StrEnum, str], enumeration: type[StrEnum]) -> None:
    assert set(table) == set(enumeration)
    assert len(set(table.values())) == len(table)
