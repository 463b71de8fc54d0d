"""What came of one run on one box: findings, the repairs that were planned and done, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..codes import CATALOGUE
from ..codes.repairs import REPAIRS, RepairEntry
from ..codes.writing import words
from ..codes.writing.sentences import line
from ..model.admission import Admitted
from ..model.code_name import CodeName
from ..model.desired import WIRE_VERSION, Mode
from ..model.inquiry import Inquiry
from ..model.marks import Marks
from ..model.observed import Observed
from ..model.repair import CopyDirection, RepairKind, RestartCondition, StoreKey
from ..model.statement import Statement
from .finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One planned change.

    Args:
        because: the codes that ask for it.
        keys: the values that are written into the store, in order.
        direction: which tree a copy goes into.
        condition: what a restart depends on; `None` for one that is sure.
        resolvers: the DNS servers that are set, in order.
        diff: lines that start with `-` (now) or `+` (then), secrets masked.
    """

    kind: RepairKind
    because: tuple[str, ...]
    keys: tuple[StoreKey, ...] = ()
    direction: CopyDirection | None = None
    condition: RestartCondition | None = None
    resolvers: tuple[str, ...] = ()
    diff: tuple[str, ...] = ()

    @property
    def entry(self) -> RepairEntry:
        """What is known of its kind."""
        return REPAIRS[self.kind]

    @property
    def title(self) -> str:
        """What it does, in words."""
        return self.entry.does

    @property
    def detail(self) -> str:
        """Which part of a box it is about and when it is done, empty where the title says all."""
        parts = [*map(str, self.keys), *self.resolvers]
        if self.direction is not None:
            parts.append(words.DIRECTION[self.direction])
        if self.condition is not None:
            parts.append(words.CONDITION[self.condition])
        return ", ".join(parts)

    @property
    def in_full(self) -> str:
        """What it does, with the detail."""
        return f"{self.title} ({self.detail})" if self.detail else self.title

    @property
    def in_a_question(self) -> str:
        """What it does as a shop sees it: the same for all boxes that are changed in the same way."""
        return self.title if self.condition is None else f"{self.title} {words.CONDITION_OF_A_SHOP[self.condition]}"


class RepairStatus(StrEnum):
    """How a repair ended."""

    DONE = "done"
    UNCHANGED = "unchanged"
    UNDONE = "undone"
    FAILED = "failed"
    SKIPPED = "skipped"


IN_VAIN: Final = frozenset({RepairStatus.FAILED, RepairStatus.UNDONE})
"""How repairs end that were tried and did not come about; one of these makes a box fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOutcome:
    """What became of one repair.

    Args:
        seen: what was done, or why not, without secrets.
        code: that of the finding which says the same, where there is one; its sentences may be used.
    """

    repair: Repair
    status: RepairStatus
    seen: tuple[Statement, ...] = ()
    code: CodeName | None = None

    @property
    def sentences(self) -> Mapping[str, str]:
        """Those that may be used."""
        of_kind = self.repair.entry.sentences
        return of_kind if self.code is None else {**CATALOGUE[self.code].sentences, **of_kind}

    @property
    def detail(self) -> str:
        """What was done, or why not, in one printable line without secrets."""
        return line(self.seen, self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The box program's answer.

    Args:
        before: findings of the first look.
        plan: the repairs that the findings ask for, also in check mode.
        outcomes: what was done, empty in check mode.
        after: findings that remain; the same as `before` in check mode.
        changed: whether anything on the box was changed.
        failed: the box could not be judged or a repair failed.
        inquiry: what was asked beyond the look, for a diagnosis.
        marks: what the box shows of whose it is.
        awaits_judgement: it was only looked at, since these marks have to be judged first.
        admitted: what came of a key, where one was to be let in or no longer.
        sealed: its credentials, readable with the key of the request alone; `None` where they were not asked for.
    """

    name: str
    mode: Mode
    started_at: datetime
    seconds: float
    before: tuple[Finding, ...]
    plan: tuple[Repair, ...] = ()
    outcomes: tuple[RepairOutcome, ...] = ()
    after: tuple[Finding, ...]
    observed: Observed | None = None
    changed: bool = False
    failed: bool = False
    inquiry: Inquiry | None = None
    marks: Marks | None = None
    awaits_judgement: bool = False
    admitted: Admitted | None = None
    sealed: str | None = None
    version: int = WIRE_VERSION

    @property
    def repaired_in_vain(self) -> bool:
        """Whether a repair failed or was undone."""
        return any(each.status in IN_VAIN for each in self.outcomes)

    @classmethod
    def unobserved(cls, name: str, mode: Mode, started_at: datetime, why: Finding) -> Result:
        """Return the result of a run that did not come to look."""
        return cls(name=name, mode=mode, started_at=started_at, seconds=0.0, before=(why,), after=(why,), failed=True)
