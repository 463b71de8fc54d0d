"""Whether Odoo is restarted, and whether only once more is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..checks.link import store_known
from ..checks.odoo_options import cut_off
from ..checks.validity import real, sound
from ..codes import CodeName
from ..model.repair import RepairKind, RestartCondition, StoreKey
from ..results.result import Repair
from .case import Judged, changes_live


def repairs(case: Judged, planned: Sequence[Repair]) -> Iterator[Repair]:
    """At most one restart, and none where the vendor's program could not read its files, or answer, afterwards."""
    if not store_known(case.given.observed) or cut_off(case.given):
        return
    sure = [*case.because({CodeName.ODOO_DOWN, CodeName.ODOO_RESTART_PENDING})]
    dead = () if _manager_would_die_again(case, planned) else case.because({CodeName.ODOO_MANAGER_DEAD})
    asks = any(repair.kind is RepairKind.FETCH_CERTIFICATE for repair in planned)
    maybe: list[str] = []
    for repair in planned:
        if repair.kind is RepairKind.WRITE_STORE:
            (maybe if _only_perhaps(case, repair) else sure).extend(_restart_causes(case, repair))
        if repair.kind is RepairKind.SET_RESOLVERS and _database_was_out_of_reach(case):
            sure += repair.because
        if repair.kind is RepairKind.RESUME_ODOO and _pair_comes_first(case, planned):
            sure += repair.because
    if sure or (dead and not asks):
        yield Repair(kind=RepairKind.RESTART_ODOO, because=tuple(dict.fromkeys((*sure, *dead))))
    elif dead or maybe:
        condition = RestartCondition.ANSWER_ALLOWS if dead else RestartCondition.SUBJECT_CHANGES
        yield Repair(kind=RepairKind.RESTART_ODOO, because=tuple(dict.fromkeys(dead or maybe)), condition=condition)


def _restart_causes(case: Judged, repair: Repair) -> tuple[str, ...]:
    """Return why a write needs a restart: the branch reads a value only at its start, or keeps all in memory."""
    layout = case.given.observed.layout
    read_at_start = {StoreKey.SERVER_URL, StoreKey.DB_NAME, StoreKey.TOKEN}
    if layout.reads_subject_at_start:
        read_at_start.add(StoreKey.SUBJECT)
    return repair.because if layout.keeps_values_in_memory or read_at_start & {*repair.keys} else ()


def _only_perhaps(case: Judged, repair: Repair) -> bool:
    """Tell whether all that is written is the subject of a certificate yet to come, like as not the same again."""
    renewed = real(case.certificates.live)
    same = renewed is not None and renewed.name == case.given.observed.store.subject
    return repair.keys == (StoreKey.SUBJECT,) and same and CodeName.SUBJECT_MISMATCH not in repair.because


def _manager_would_die_again(case: Judged, planned: Sequence[Repair]) -> bool:
    """Tell whether what killed the manager is still there: a pair that nginx or the branch cannot read, no database."""
    loadable = sound(case.certificates.live) is not None or any(map(changes_live, planned))
    resolving = any(repair.kind is RepairKind.SET_RESOLVERS for repair in planned)
    layout = case.given.observed.layout
    unreached = case.given.observed.resolvers.resolves is False or case.given.observed.odoo.database_error is not None
    deaf = layout.looks_database_up_at_start and unreached and not resolving
    locked = case.only_vendor_cannot_read and not any(map(_gives_back, planned))
    live = real(case.certificates.live)
    unread = layout.needs_common_name and live is not None and live.subject_cn is None
    return deaf or (locked and layout.dies_of_unreadable_certificate) or unread or not loadable or not case.nginx_loads


def _gives_back(repair: Repair) -> bool:
    return repair.kind is RepairKind.SET_PERMISSIONS or changes_live(repair)


def _pair_comes_first(case: Judged, planned: Sequence[Repair]) -> bool:
    """Tell whether a restart of the vendor's program must wait: it starts nginx, which needs the pair to be mended."""
    return sound(case.certificates.live) is None and any(map(changes_live, planned))


def _database_was_out_of_reach(case: Judged) -> bool:
    """Tell whether a branch that gives up for good when it cannot look its database up at its start did so."""
    observed = case.given.observed
    unresolved = observed.resolvers.resolves is False and bool(observed.store.server_url)
    return observed.layout.looks_database_up_at_start and unresolved
