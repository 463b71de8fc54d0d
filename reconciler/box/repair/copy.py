"""Bring both trees to the pair that the plan prefers of the two that the box has."""

from __future__ import annotations

from ...machine.reading import read
from ...model.repair import CopyDirection
from ...model.statement import say
from ...results.result import Repair, RepairOutcome
from ..pair.parse import BadPair, parse_pair
from ..paths import CERTIFICATE, KEY
from .install import put_in_place
from .staging import staged
from .work import Work, failed


def copy_certificate(work: Work, repair: Repair) -> RepairOutcome:
    """Read that pair once more, stage it in both trees, and put it in place."""
    outcome = _staged(work, repair)
    return outcome if work.prepared is None else put_in_place(work, repair, work.prepared)


def _staged(work: Work, repair: Repair) -> RepairOutcome:
    source = work.box.persistent if repair.direction is CopyDirection.MIRROR_TO_LIVE else work.box.live
    contents = [read(work.box.system, source.path(path))[0] for path in (CERTIFICATE, KEY)]
    if contents[0] is None or contents[1] is None:
        return failed(repair, say("vanished", tree=source.name))
    try:
        pair = parse_pair(contents[0], contents[1])
    except BadPair as error:
        return failed(repair, say("changed_meanwhile", tree=source.name, problem=error.problem))
    return staged(work, repair, pair, say("staged", tree=source.name))
