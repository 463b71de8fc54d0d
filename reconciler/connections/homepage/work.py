"""What the repairs of one run by homepage share, and how each may end."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...codes import CodeName, Variant
from ...model.desired import Request
from ...model.observed import Observed
from ...model.statement import Statement
from ...results.finding import Finding, finding
from ...results.result import Repair, RepairOutcome, RepairStatus
from .clock import TimeLeft
from .look import Looking, PageLook
from .told import Told
from .way import PagesOfBox


@dataclass(slots=True)
class PageWork:
    """The state of one run.

    Args:
        before: the look from which the plan was made.
        wrote: something was stored over which the box restarts itself, and nobody has waited for that yet.
        restarted: Odoo was seen to restart, and has asked www.odoo.com if a certificate is due.
        told: what the status page said last, where asking again could make the box ask again.
    """

    way: PagesOfBox
    looking: Looking
    request: Request
    before: PageLook
    left: TimeLeft
    wrote: bool = False
    restarted: bool = False
    told: Told | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def observed(self) -> Observed:
        """What was seen before."""
        return self.before.observed

    def found(self, code: CodeName, *seen: Statement, variant: Variant | None = None) -> Finding:
        """Add what only a repair can find out, and return it."""
        found = finding(code, *seen, variant=variant)
        self.findings.append(found)
        return found


def ended(
    repair: Repair,
    status: RepairStatus,
    *seen: Statement,
    found: Finding | None = None,
    code: CodeName | None = None,
) -> RepairOutcome:
    """Return how a repair ended.

    Args:
        found: the finding that says why.
        code: whose sentences tell why, where that is no one's whole finding.
    """
    if found is not None:
        return RepairOutcome(repair=repair, status=status, seen=(*seen, *found.seen), code=found.code)
    return RepairOutcome(repair=repair, status=status, seen=seen, code=code)
