"""What came of one run on one box: findings, the repairs that were planned and done, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..model.desired import WIRE_VERSION, Mode
from ..model.inquiry import Inquiry
from ..model.marks import Marks
from ..model.observed import Observed
from .finding import Finding


class RepairKind(StrEnum):
    """Every way in which a run may change a box, in the order in which they are done."""

    RESUME_ODOO = "resume Odoo"
    ENABLE_NTP = "switch on time synchronisation"
    SET_RESOLVERS = "set DNS resolvers"
    FETCH_CERTIFICATE = "fetch a certificate"
    COPY_CERTIFICATE = "copy the certificate between live and mirror"
    INSTALL_CERTIFICATE = "put the certificate in place"
    WRITE_STORE = "write link, credentials and subject"
    SET_PERMISSIONS = "give the certificate files back to the box"
    LOAD_NGINX = "make nginx serve the certificate"
    RESTART_ODOO = "restart Odoo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One planned change.

    Args:
        because: the codes that ask for it.
        detail: which part, without secrets.
        diff: lines that start with `-` (now) or `+` (then), secrets masked.
    """

    kind: RepairKind
    because: tuple[str, ...]
    detail: str = ""
    diff: tuple[str, ...] = ()


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
    """What became of one repair. `detail`: what was done, or why not, in one line without secrets."""

    repair: Repair
    status: RepairStatus
    detail: str = ""


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
    version: int = WIRE_VERSION

    @property
    def repaired_in_vain(self) -> bool:
        """Whether a repair failed or was undone."""
        return any(each.status in IN_VAIN for each in self.outcomes)

    @classmethod
    def unobserved(cls, name: str, mode: Mode, started_at: datetime, why: Finding) -> Result:
        """Return the result of a run that did not come to look."""
        return cls(name=name, mode=mode, started_at=started_at, seconds=0.0, before=(why,), after=(why,), failed=True)
