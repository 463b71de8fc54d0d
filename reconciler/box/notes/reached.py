"""Note after a run which parts of the box are as desired, so that the next run can tell who moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...checks.manager import revived
from ...codes import CodeName
from ...machine.reason import reason
from ...model.digests import Concern, concern_digest
from ...model.observed import Memory, Observed, Revival
from ...model.repair import RepairKind
from ...model.statement import say
from ...results.finding import Finding, finding
from ...results.result import RepairOutcome, RepairStatus
from ..context import Box
from .memory import remember


def note_progress(
    box: Box, observed: Observed, after: tuple[Finding, ...], *, asked_in_vain: bool, revival: Revival | None
) -> tuple[Finding, ...]:
    """Write the memory if it changed; return a finding when that is not possible.

    Args:
        asked_in_vain: the authority was asked in this run and had nothing that lasts longer.
        revival: restarts for a dead manager, this run's among them.
    """
    if observed.layout.problem is not None or any(each.code == CodeName.WRONG_BOX for each in after):
        return ()
    reached = {
        str(concern): concern_digest(box.desired, concern)
        for concern in Concern
        if not any(_concerns(each, concern) for each in after)
    }
    unchanged_at = box.system.now() if asked_in_vain else observed.memory.unchanged_at
    memory = Memory(applied={**observed.memory.applied, **reached}, unchanged_at=unchanged_at, revival=revival)
    if memory == observed.memory:
        return ()
    try:
        box.system.private_mounts()
        remember(box.disk, box.persistent, memory)
    except OSError as error:
        return (finding(CodeName.REPAIR_FAILED, say("not_noted", reason=reason(error))),)
    return ()


def revival_of(seen: Observed, outcomes: Sequence[RepairOutcome], now: datetime) -> Revival | None:
    """Return what is known after a run of restarts that are to bring the manager back.

    Whether this run's helped, a later one tells: a manager may take minutes to die.
    """
    if any(_revives(each) for each in outcomes):
        return revived(seen, now)
    lives = seen.odoo.answers is True and not seen.odoo.manager_dead
    return None if lives else seen.memory.revival


def _revives(each: RepairOutcome) -> bool:
    is_restart = each.repair.kind is RepairKind.RESTART_ODOO and each.status is RepairStatus.DONE
    return is_restart and CodeName.ODOO_MANAGER_DEAD in each.repair.because


def _concerns(each: Finding, concern: Concern) -> bool:
    return concern in each.entry.concerns or each.code == CodeName.NOT_OBSERVED
