"""What is done to a box that is reached by its homepage alone: its own software is made to do it.

It takes link and credentials, restarts over them, and fetches for itself; nothing can be put into its files. What it is
linked to may be known only once something else is due, since asking may change it: that is planned as a perhaps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..checks.link import is_linked
from ..checks.unknown import unseen
from ..codes import CodeName
from ..model.part import Part
from ..model.repair import RepairKind, RestartCondition, StoreKey
from ..results.result import Repair
from .case import Judged

_BOX_AGREES: Final = frozenset(
    {
        CodeName.TEMPORARY_CERTIFICATE,
        CodeName.EXPIRED,
        CodeName.RENEWAL_DUE,
        CodeName.RENEWAL_OVERDUE,
    }
)
"""For which the box's own software asks for another certificate: for no other fault it does."""
_BY_START: Final = frozenset({CodeName.NOT_SERVED})
"""What a start of Odoo ends, which starts nginx, too."""
_DECLARED: Final = {
    StoreKey.SERVER_URL: Part.STORE_SERVER_URL,
    StoreKey.TOKEN: Part.STORE_SERVER_URL,
    StoreKey.DB_UUID: Part.STORE_DB_UUID,
    StoreKey.ENTERPRISE_CODE: Part.STORE_ENTERPRISE_CODE,
}
"""What may have to be written, and without what it is not known whether it has to: a token goes with the link."""


def repairs(case: Judged, writes: Sequence[Repair]) -> Iterator[Repair]:
    """Return them in the order in which they are done: a box asks with what is written first.

    Args:
        writes: the values that are known to differ.
    """
    asks = case.because(_BOX_AGREES | _may_be_due(case)) if _can_ask(case) else ()
    perhaps = () if writes or not asks else tuple(_perhaps(case, asks))
    yield from writes or perhaps
    yield from _restart(case, writes, perhaps, asks)
    if asks:
        yield Repair(kind=RepairKind.FETCH_CERTIFICATE, because=asks)


def _may_be_due(case: Judged) -> frozenset[CodeName]:
    """Return for what else it may ask: a start of Odoo, and reading who the box is, where that is no mere look."""
    pages = case.given.observed.by_homepage
    return _BY_START if pages is not None and pages.restarts and pages.unverified else frozenset()


def _can_ask(case: Judged) -> bool:
    """Tell whether the box may have, by then, what its own software asks with: a link and a database."""
    linked = is_linked(case.given.observed) or unseen(case.given.observed, Part.STORE_SERVER_URL)
    return (linked or bool(case.because({CodeName.CHECK_NO_SERVER}))) and (
        case.can_fetch or unseen(case.given.observed, Part.STORE_DB_UUID)
    )


def _perhaps(case: Judged, asks: tuple[str, ...]) -> Iterator[Repair]:
    """Plan to write what is declared and was not read."""
    keys = tuple(
        key
        for key, part in _DECLARED.items()
        if getattr(case.given.desired, key) is not None and unseen(case.given.observed, part)
    )
    if StoreKey.SERVER_URL in keys and case.given.desired.token is None:
        keys = tuple(key for key in keys if key is not StoreKey.SERVER_URL)
    if keys:
        condition = RestartCondition.STATUS_SHOWS
        yield Repair(kind=RepairKind.WRITE_STORE, because=asks, keys=keys, condition=condition)


def _restart(
    case: Judged, writes: Sequence[Repair], perhaps: Sequence[Repair], asks: tuple[str, ...]
) -> Iterator[Repair]:
    """Plan the one restart: that which a write brings with it, or one for its own sake."""
    pages = case.given.observed.by_homepage
    down = case.because(_BY_START) if pages is not None and pages.restarts else ()
    at_start = asks if pages is not None and pages.asks_at_start_only else ()
    causes = (*(cause for each in writes for cause in each.because), *down, *at_start)
    if causes:
        yield Repair(kind=RepairKind.RESTART_ODOO, because=tuple(dict.fromkeys(causes)))
    elif perhaps:
        yield Repair(kind=RepairKind.RESTART_ODOO, because=asks, condition=RestartCondition.STATUS_SHOWS)
