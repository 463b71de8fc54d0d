"""Make a box's own software change it: store link and credentials, restart, fetch a certificate.

Each is idempotent and one request, so that a run that is killed anywhere leaves a box of which the next look tells what
is still to be done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ...codes import CodeName
from ...homepage import orders
from ...homepage.answer import NoAnswer
from ...homepage.orders import PageOrder
from ...machine.deadline import DeadlinePassed
from ...model.repair import RepairKind, RestartCondition, RestartWay, StoreKey, Undertaking
from ...model.reveal import reveal
from ...model.secret import Secret
from ...model.statement import say
from ...results.finding import Finding
from ...results.result import Repair, RepairOutcome, RepairStatus
from . import fetch
from .awaited import LONGEST, Awaiting, RestartSeen
from .told import told_by
from .work import PageWork, ended

_COMES_BACK_SOON: Final = 10.0
"""Seconds: nothing is written where less than the longest wait for a restart and this is left."""
_FAILED: Final = "page_failed"
"""The box said that it did not do it; any other end of a request that was sent leaves that open."""


def carried_out(work: PageWork, repair: Repair) -> RepairOutcome:
    """Do one repair. Whatever the box answers ends it, and only it."""
    if repair.condition is RestartCondition.STATUS_SHOWS or not work.before.is_whole:
        return _without_knowing(work, repair)
    try:
        return _EXECUTORS[repair.kind](work, repair)
    except DeadlinePassed as error:
        seen = say("not_begun", what=error.what, left=error.left, needed=error.needed)
        work.found(CodeName.DEADLINE, say("repair", repair=repair.kind), seen)
        return ended(repair, RepairStatus.SKIPPED, seen, code=CodeName.DEADLINE)
    except NoAnswer as why:
        return _failed(work, repair, why)


def _without_knowing(work: PageWork, repair: Repair) -> RepairOutcome:
    """Leave a repair out: nothing is done to a box of which nobody knows which one it is."""
    if work.request.refusal is not None and repair.kind is RepairKind.FETCH_CERTIFICATE:
        return fetch.refused(work, repair)
    return ended(repair, RepairStatus.SKIPPED, say("page_not_read"))


def _write_store(work: PageWork, repair: Repair) -> RepairOutcome:
    _require(work)
    order = _link(work) if StoreKey.SERVER_URL in repair.keys else _credentials(work)
    try:
        orders.carry_out(work.way.page, order)
    except NoAnswer as why:
        if not why.sent or why.statement.says == _FAILED:
            return _failed(work, repair, why)
    work.wrote = True
    return ended(repair, RepairStatus.DONE, say("wrote", keys=tuple(map(str, repair.keys))))


def _link(work: PageWork) -> PageOrder:
    desired, store = work.request.desired, work.observed.store
    return orders.link(
        work.looking.entry,
        desired.server_url or "",
        token=desired.token,
        db_uuid=_plain(desired.db_uuid or store.db_uuid),
        enterprise_code=desired.enterprise_code or store.enterprise_code,
        db_name=desired.db_name,
    )


def _credentials(work: PageWork) -> PageOrder:
    desired, store = work.request.desired, work.observed.store
    code = desired.enterprise_code or store.enterprise_code
    return orders.save_credentials(work.looking.entry, _plain(desired.db_uuid or store.db_uuid), code)


def _plain(secret: Secret | None) -> str:
    return reveal(secret) if secret else ""


def _restart(work: PageWork, repair: Repair) -> RepairOutcome:
    """Wait for the restart that a write brings with it, or ask for one."""
    way, told_at = RestartWay.BY_WRITE, work.way.timing.monotonic()
    if not work.wrote:
        if work.request.refusal is not None and work.looking.entry.check_certificate is None:
            return ended(repair, RepairStatus.SKIPPED, say("not_to_ask"))
        route = work.looking.entry.restart
        if route is None:
            return ended(repair, RepairStatus.SKIPPED, say("no_route"))
        _require(work)
        orders.carry_out(work.way.page, PageOrder(route))
        way = RestartWay.BY_HOMEPAGE
    work.wrote = False
    match Awaiting(work.way.page.is_alive, work.left, lambda: _began_after(work, told_at)).restart():
        case RestartSeen.DONE:
            work.restarted = True
            return ended(repair, RepairStatus.DONE, say("restarted", way=way))
        case RestartSeen.NOT_BACK:
            silent = work.found(CodeName.ODOO_DOWN_AFTER_REPAIR, say("port_silent", port=work.way.page.port))
            return ended(repair, RepairStatus.FAILED, found=silent)
        case _:
            seen = say("no_restart", seconds=LONGEST)
            work.found(CodeName.REPAIR_FAILED, say("repair", repair=repair.kind), seen)
            return ended(repair, RepairStatus.FAILED, seen, code=CodeName.REPAIR_FAILED)


def _began_after(work: PageWork, told_at: float) -> bool:
    """Tell whether Odoo has been up for less time than has passed, on branches whose status is a mere look."""
    if not work.looking.entry.status.reads:
        return False
    try:
        up = told_by(work.way.page, work.looking.seen).uptime
    except NoAnswer:
        return False
    return up is not None and up < work.way.timing.monotonic() - told_at


def _require(work: PageWork) -> None:
    """Refuse to begin what ends in a restart where too little time is left to see it through.

    Raises:
        DeadlinePassed: and nothing was sent.
    """
    needed = LONGEST + _COMES_BACK_SOON
    if work.left.seconds < needed:
        raise DeadlinePassed(Undertaking.RESTART, work.left.seconds, needed)


def _failed(work: PageWork, repair: Repair, why: NoAnswer) -> RepairOutcome:
    page = work.way.page
    seen = say("unanswered", host=page.address, port=page.port, reason=why.statement)
    found: Finding = work.found(CodeName.REPAIR_FAILED, say("repair", repair=repair.kind), seen)
    return ended(repair, RepairStatus.FAILED, seen, code=found.code)


_EXECUTORS: Final[Mapping[RepairKind, Callable[[PageWork, Repair], RepairOutcome]]] = MappingProxyType(
    {
        RepairKind.WRITE_STORE: _write_store,
        RepairKind.RESTART_ODOO: _restart,
        RepairKind.FETCH_CERTIFICATE: fetch.fetched,
    }
)
