"""What the repairs of one run share: the box, what was seen, what was prepared, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ...checks.clock import MOST_SKEW_SECONDS
from ...codes import CodeName, Variant
from ...model.desired import Refusal, Relayed
from ...model.observed import Observed
from ...model.repair import RepairKind
from ...model.statement import Statement
from ...results.finding import Finding, finding
from ...results.result import Repair, RepairOutcome, RepairStatus
from ..context import Box
from ..pair.generations import PairFiles
from ..pair.parse import PemPair
from ..services.odoo_hold import Hold


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pair that passed every test and waits to be put in place.

    Args:
        names: per tree, live first, the generation that holds it.
    """

    pair: PemPair
    files: PairFiles
    names: tuple[str, ...]


@dataclass(slots=True)
class Work:
    """The state of one run.

    Args:
        step: tells whoever watches what is done next, in a few words.
        now: the time by which dates are judged, the control machine's where the box's clock is wrong.
        refusal: why the authority is not to be asked.
        relayed: what the control machine brought from the authority.
        deadly: the vendor's program would lose its manager to what the authority answered, if it asked at a start.
        restart: something was written that the vendor's program reads at its start.
        resolvers_set: it may reach now what it could not reach at its start.
    """

    box: Box
    observed: Observed
    plan: tuple[Repair, ...]
    step: Callable[[str], None]
    now: Callable[[], datetime]
    refusal: Refusal | None = None
    relayed: Relayed | None = None
    prepared: Prepared | None = None
    deadly: bool = False
    restart: bool = False
    resolvers_set: bool = False
    findings: list[Finding] = field(default_factory=list)
    hold: Hold = field(init=False)

    def __post_init__(self) -> None:
        self.hold = Hold(self.box)

    def plans(self, kind: RepairKind) -> bool:
        """Say whether a repair of this kind is part of the run."""
        return any(repair.kind is kind for repair in self.plan)

    @property
    def restarts_for_sure(self) -> bool:
        """Say whether this run ends with a restart of Odoo, whatever the repairs before it meet."""
        return any(repair.kind is RepairKind.RESTART_ODOO and repair.condition is None for repair in self.plan)

    @property
    def clock_is_wrong(self) -> bool:
        """Say whether the box's clock is wrong still."""
        return abs((self.box.system.now() - self.now()).total_seconds()) > MOST_SKEW_SECONDS

    def found(self, code: CodeName, *seen: Statement, variant: Variant | None = None) -> Finding:
        """Add what only a repair can find out, and return it."""
        found = finding(code, *seen, variant=variant)
        self.findings.append(found)
        return found


def done(repair: Repair, *seen: Statement) -> RepairOutcome:
    """The box is changed."""
    return RepairOutcome(repair=repair, status=RepairStatus.DONE, seen=seen)


def unchanged(repair: Repair, *seen: Statement, found: Finding | None = None) -> RepairOutcome:
    """There was nothing to do after all."""
    return _ended(repair, RepairStatus.UNCHANGED, seen, found)


def failed(
    repair: Repair, *seen: Statement, found: Finding | None = None, code: CodeName | None = None
) -> RepairOutcome:
    """It did not work; the box is as it was.

    Args:
        found: the finding that says why.
        code: whose sentences tell why, where that is no one's whole finding.
    """
    if code is not None:
        return RepairOutcome(repair=repair, status=RepairStatus.FAILED, seen=seen, code=code)
    return _ended(repair, RepairStatus.FAILED, seen, found)


def undone(repair: Repair, *seen: Statement) -> RepairOutcome:
    """It was done, made things worse, and was taken back."""
    return RepairOutcome(repair=repair, status=RepairStatus.UNDONE, seen=seen)


def skipped(repair: Repair, *seen: Statement, code: CodeName | None = None) -> RepairOutcome:
    """It was not begun. `code`: whose sentences tell why."""
    return RepairOutcome(repair=repair, status=RepairStatus.SKIPPED, seen=seen, code=code)


def _ended(repair: Repair, status: RepairStatus, seen: tuple[Statement, ...], found: Finding | None) -> RepairOutcome:
    if found is None:
        return RepairOutcome(repair=repair, status=status, seen=seen)
    return RepairOutcome(repair=repair, status=status, seen=(*seen, *found.seen), code=found.code)
