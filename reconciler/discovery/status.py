"""The exit status of a search: what a person must act on rings, what a search is for does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..model.status import DIFFERENCES, FAILED, IN_SYNC, STANDING, UNREACHED
from .found import Search
from .known import InInventory, Relation

OF_RELATIONS: Final[Mapping[Relation, int]] = {
    Relation.KNOWN: IN_SYNC,
    Relation.NEW: DIFFERENCES,
    Relation.MOVED: DIFFERENCES,
    Relation.ADDRESS_KNOWN: DIFFERENCES,
    Relation.EXCHANGED: STANDING,
    Relation.OUTSIDE: STANDING,
}


def exit_status(search: Search, standing: Mapping[str, InInventory] | None) -> int:
    """Return the sum of what was found.

    Args:
        standing: of each box by its address, `None` where there is no inventory to compare with.
    """
    status = FAILED if search.failed or search.left_out else IN_SYNC
    if search.nobody_answers:
        status |= UNREACHED
    if search.same_identifier():
        status |= STANDING
    for each in (standing or {}).values():
        status |= OF_RELATIONS[each.relation]
    return status
