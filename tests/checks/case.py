"""One row of a table: what is wrong with an otherwise healthy box, and what a check has to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.checks import Check
from reconciler.codes import CodeName
from reconciler.model.observed import StoreFormat
from reconciler.model.severity import FindingClass


@dataclass(frozen=True)
class Case:
    """`code=None`: the check must find nothing, though it looks as if it might."""

    title: str
    check: Check
    code: CodeName | None
    observed: Mapping[str, object] = field(default_factory=dict)
    desired: Mapping[str, object] = field(default_factory=dict)
    kind: FindingClass | None = None
    repairable: bool | None = None
    evidence: str = ""
    store_format: StoreFormat = StoreFormat.INI_RAW
