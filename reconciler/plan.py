"""From findings to repairs: the fewest changes that mend a box, in the order in which they are safe.

Pure, so that a plan can be shown before anybody is asked, and tested without a box. What a repair needs at the moment
of doing (is the store still as it was read?) is asked again by whoever does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .checks.case import Case
from .checks.certificate import PROBLEMS
from .checks.link import credentials_to_write, db_name_differs, store_known
from .checks.odoo_options import cut_off
from .checks.renewal import BOX_MAY_ASK, fresh
from .checks.validity import UNCHANGED_FOR, real, sound, valid
from .codes import Blocks, CodeName
from .model.desired import CertificateSource, Desired
from .model.observed import Observed, StoreFormat
from .model.repair import CopyDirection, RepairKind, RestartCondition, StoreKey
from .results.finding import Finding
from .results.result import Repair

_BAD_LIVE: Final = frozenset(
    {
        *PROBLEMS.values(),
        CodeName.TEMPORARY_CERTIFICATE,
        CodeName.EXPIRED,
        CodeName.NOT_YET_VALID,
        CodeName.RENEWAL_OVERDUE,
        CodeName.RENEWAL_DUE,
        CodeName.CHAIN_INCOMPLETE,
        CodeName.CERTIFICATE_REFUSED,
    }
)
_LINK: Final = frozenset({CodeName.CHECK_NO_SERVER, CodeName.SERVER_DIFFERS, CodeName.DB_NAME_DIFFERS})
_CREDENTIALS: Final = frozenset({CodeName.LOAD_NO_CREDENTIAL, CodeName.CREDENTIALS_DIFFER})
_RESOLVERS: Final = frozenset(
    {CodeName.RESOLVERS_DIFFER, CodeName.RESOLVERS_NOT_PERSISTED, CodeName.RESOLVERS_DO_NOT_WORK}
)
_LOADED: Final = frozenset({CodeName.NOT_SERVED, CodeName.NGINX_DOWN})
_ORDER: Final = {kind: place for place, kind in enumerate(RepairKind)}


def plan(
    findings: Sequence[Finding], desired: Desired, observed: Observed, *, now: datetime | None = None
) -> tuple[Repair, ...]:
    """Return the repairs that the findings ask for, in the order in which they are done.

    Args:
        findings: what the checks found in `observed`.
        now: by which the checks judged dates; without it, the time of the look.
    """
    case = _Case(tuple(findings), desired, observed, now or observed.observed_at)
    if any(each.entry.blocks is not Blocks.NOTHING for each in findings):
        return ()
    repairs = [*_simple(case), *_certificate(case)]
    repairs += _store(case, repairs)
    repairs = [repair for repair in repairs if case.has_space or not repair.kind.entry.needs_space]
    repairs += _load(case, repairs)
    repairs += _restart(case, repairs)
    return tuple(sorted(repairs, key=lambda repair: _ORDER[repair.kind]))


@dataclass(frozen=True, slots=True)
class _Case:
    findings: tuple[Finding, ...]
    desired: Desired
    observed: Observed
    now: datetime

    def because(self, codes: Iterable[CodeName]) -> tuple[str, ...]:
        """Return which of the codes were found and can be mended, in the order of the findings."""
        wanted = frozenset(codes)
        found = (each.code for each in self.findings if each.repairable and each.code in wanted)
        return tuple(dict.fromkeys(found))

    def stands(self, codes: Iterable[CodeName]) -> bool:
        wanted = frozenset(codes)
        return any(each.code in wanted for each in self.findings)

    @property
    def given(self) -> Case:
        """What the checks judged."""
        return Case(self.desired, self.observed, self.now)

    @property
    def has_space(self) -> bool:
        return not self.stands({CodeName.DISK_FULL})

    @property
    def nginx_loads(self) -> bool:
        return not self.stands({CodeName.NGINX_CONFIG_BROKEN, CodeName.NGINX_OTHER_CERTIFICATE})

    @property
    def only_vendor_cannot_read(self) -> bool:
        """Whether the certificate is fine, but its own user cannot read it: that takes no new one."""
        return self.observed.certificates.live.problem is None and self.observed.certificates.unreadable is not None

    @property
    def bad(self) -> tuple[str, ...]:
        """What is wrong with the live pair that another pair mends."""
        return self.because(
            _BAD_LIVE - {CodeName.CHECK_CERT_READ_EXCEPTION} if self.only_vendor_cannot_read else _BAD_LIVE
        )

    @property
    def can_fetch(self) -> bool:
        return bool(self.desired.db_uuid or self.observed.store.db_uuid)


def _simple(case: _Case) -> Iterator[Repair]:
    permissions = {CodeName.NOT_RENEWABLE, CodeName.KEY_EXPOSED}
    if case.only_vendor_cannot_read:
        permissions.add(CodeName.CHECK_CERT_READ_EXCEPTION)
    causes: dict[RepairKind, Iterable[CodeName]] = {
        RepairKind.RESUME_ODOO: {CodeName.ODOO_STOPPED},
        RepairKind.ENABLE_NTP: {CodeName.WRONG_CLOCK},
        RepairKind.SET_RESOLVERS: _RESOLVERS,
        RepairKind.SET_PERMISSIONS: permissions,
    }
    for kind, codes in causes.items():
        if because := case.because(codes):
            resolvers = (case.desired.resolvers or ()) if kind is RepairKind.SET_RESOLVERS else ()
            yield Repair(kind=kind, because=because, resolvers=resolvers)


def _certificate(case: _Case) -> Iterator[Repair]:
    """Prefer the pair that the box has already; where nginx cannot prove a new pair, none is put in place."""
    live, mirror = case.observed.certificates.live, case.observed.certificates.mirror
    good = valid(live, case.now)
    if (bad := case.bad) and case.nginx_loads:
        settled = good is not None and case.stands({CodeName.NOTHING_NEWER})
        # whatever is put in place goes into both trees
        bad += case.because({CodeName.NOT_PERSISTED, CodeName.FOREIGN_LINK})
        placed = (*bad, *case.because(_LOADED))  # and nginx is brought to present it
        if fresh(case.desired, mirror, case.now):
            yield Repair(kind=RepairKind.COPY_CERTIFICATE, because=placed, direction=CopyDirection.MIRROR_TO_LIVE)
            return
        if case.can_fetch and not settled:
            yield Repair(kind=RepairKind.FETCH_CERTIFICATE, because=bad)
            yield Repair(kind=RepairKind.INSTALL_CERTIFICATE, because=placed)
            return
        if good is None and valid(mirror, case.now):
            yield Repair(kind=RepairKind.COPY_CERTIFICATE, because=placed, direction=CopyDirection.MIRROR_TO_LIVE)
            return
    if not bad and (dead := _asks_before_restart(case)):
        yield Repair(kind=RepairKind.FETCH_CERTIFICATE, because=dead)
        yield Repair(kind=RepairKind.INSTALL_CERTIFICATE, because=dead)
        return
    # Even a temporary pair is better on the disk than one with which nginx does not start.
    loadable = sound(live) is not None and mirror is not None and mirror.problem is not None
    kept = case.because({CodeName.NOT_PERSISTED})
    if kept and (good or loadable):
        yield Repair(
            kind=RepairKind.COPY_CERTIFICATE,
            because=(*kept, *case.because({CodeName.FOREIGN_LINK})),
            direction=CopyDirection.LIVE_TO_MIRROR,
        )


def _asks_before_restart(case: _Case) -> tuple[str, ...]:
    """Return the dead manager whose program would ask the authority at its start, where a bad answer ends it again.

    A certificate that is put in place before leaves it nothing to ask for.
    """
    leaf, asked = real(case.observed.certificates.live), case.observed.memory.unchanged_at
    just_asked = asked is not None and abs(case.now - asked) < UNCHANGED_FOR
    direct = case.desired.certificate_source is CertificateSource.DIRECT
    if leaf is None or not direct or not case.can_fetch or not case.nginx_loads or just_asked:
        return ()
    if leaf.not_after - BOX_MAY_ASK > case.now or case.because({CodeName.NOT_PERSISTED}):
        return ()
    return case.because({CodeName.ODOO_MANAGER_DEAD})


def _store(case: _Case, repairs: Sequence[Repair]) -> Iterator[Repair]:
    """Write only what differs; the subject also where a new certificate may bring another one."""
    if not store_known(case.observed):
        return
    keys, because = _keys_to_write(case)
    causes = [*because]
    for repair in repairs:
        if repair.kind is RepairKind.FETCH_CERTIFICATE or _brings_other_subject(case, repair):
            keys.add(StoreKey.SUBJECT)
            causes += repair.because
    if keys:
        in_order = tuple(key for key in StoreKey if key in keys)
        yield Repair(kind=RepairKind.WRITE_STORE, because=tuple(dict.fromkeys(causes)), keys=in_order)


def _keys_to_write(case: _Case) -> tuple[set[StoreKey], tuple[str, ...]]:
    keys: set[StoreKey] = set()
    link = case.because(_LINK)
    if set(link) & {CodeName.CHECK_NO_SERVER, CodeName.SERVER_DIFFERS}:
        keys.add(StoreKey.SERVER_URL)
        if case.desired.token is not None:
            keys.add(StoreKey.TOKEN)
    if link and db_name_differs(case.desired, case.observed):
        keys.add(StoreKey.DB_NAME)
    credentials = case.because(_CREDENTIALS)
    if credentials:
        keys.update(credentials_to_write(case.desired, case.observed))
    subject = case.because({CodeName.SUBJECT_MISMATCH})
    if subject:
        keys.add(StoreKey.SUBJECT)
    return keys, (*link, *credentials, *subject)


def _brings_other_subject(case: _Case, repair: Repair) -> bool:
    if repair.direction is not CopyDirection.MIRROR_TO_LIVE:
        return False
    leaf = sound(case.observed.certificates.mirror)
    return leaf is not None and leaf.name != case.observed.store.subject


def _load(case: _Case, repairs: Sequence[Repair]) -> Iterator[Repair]:
    """Reload where that is all that is missing: putting a pair in place loads it and proves that it is served."""
    asked = case.because(_LOADED)
    if asked and case.nginx_loads and sound(case.observed.certificates.live) and not any(map(_changes_live, repairs)):
        yield Repair(kind=RepairKind.LOAD_NGINX, because=asked)


def _changes_live(repair: Repair) -> bool:
    return repair.kind is RepairKind.INSTALL_CERTIFICATE or repair.direction is CopyDirection.MIRROR_TO_LIVE


def _restart(case: _Case, repairs: Sequence[Repair]) -> Iterator[Repair]:
    """At most one restart, and none where the vendor's program could not read its files, or answer, afterwards."""
    if not store_known(case.observed) or cut_off(case.given):
        return
    sure = [*case.because({CodeName.ODOO_DOWN, CodeName.ODOO_RESTART_PENDING})]
    dead = () if _manager_would_die_again(case, repairs) else case.because({CodeName.ODOO_MANAGER_DEAD})
    asks = any(repair.kind is RepairKind.FETCH_CERTIFICATE for repair in repairs)
    maybe: list[str] = []
    for repair in repairs:
        if repair.kind is RepairKind.WRITE_STORE:
            (maybe if _only_perhaps(case, repair) else sure).extend(_restart_causes(case, repair))
        if repair.kind is RepairKind.SET_RESOLVERS and _database_was_out_of_reach(case):
            sure += repair.because
        if repair.kind is RepairKind.RESUME_ODOO and _pair_comes_first(case, repairs):
            sure += repair.because
    if sure or (dead and not asks):
        yield Repair(kind=RepairKind.RESTART_ODOO, because=tuple(dict.fromkeys((*sure, *dead))))
    elif dead or maybe:
        condition = RestartCondition.ANSWER_ALLOWS if dead else RestartCondition.SUBJECT_CHANGES
        yield Repair(kind=RepairKind.RESTART_ODOO, because=tuple(dict.fromkeys(dead or maybe)), condition=condition)


def _restart_causes(case: _Case, repair: Repair) -> tuple[str, ...]:
    """Return why a write needs a restart: the branch reads a value only at its start, or keeps all in memory."""
    form = case.observed.layout.store_format
    read_at_start = {StoreKey.SERVER_URL, StoreKey.DB_NAME, StoreKey.TOKEN}
    if form is not StoreFormat.INI_RAW:
        read_at_start.add(StoreKey.SUBJECT)
    return repair.because if form is StoreFormat.INI_INTERPOLATED or read_at_start & {*repair.keys} else ()


def _only_perhaps(case: _Case, repair: Repair) -> bool:
    """Tell whether all that is written is the subject of a certificate yet to come, like as not the same again."""
    renewed = real(case.observed.certificates.live)
    same = renewed is not None and renewed.name == case.observed.store.subject
    return repair.keys == (StoreKey.SUBJECT,) and same and CodeName.SUBJECT_MISMATCH not in repair.because


def _manager_would_die_again(case: _Case, repairs: Sequence[Repair]) -> bool:
    """Tell whether what killed the manager is still there: a pair that nginx or the branch cannot read, no database."""
    loadable = sound(case.observed.certificates.live) is not None or any(map(_changes_live, repairs))
    resolving = any(repair.kind is RepairKind.SET_RESOLVERS for repair in repairs)
    raw = case.observed.layout.store_format is StoreFormat.INI_RAW
    unreached = case.observed.resolvers.resolves is False or case.observed.odoo.database_error is not None
    deaf = raw and unreached and not resolving
    locked = raw and case.only_vendor_cannot_read and not any(map(_gives_back, repairs))
    live = real(case.observed.certificates.live)
    unread = case.observed.layout.needs_common_name and live is not None and live.subject_cn is None
    return deaf or locked or unread or not loadable or not case.nginx_loads


def _gives_back(repair: Repair) -> bool:
    return repair.kind is RepairKind.SET_PERMISSIONS or _changes_live(repair)


def _pair_comes_first(case: _Case, repairs: Sequence[Repair]) -> bool:
    """Tell whether a restart of the vendor's program must wait: it starts nginx, which needs the pair to be mended."""
    return sound(case.observed.certificates.live) is None and any(map(_changes_live, repairs))


def _database_was_out_of_reach(case: _Case) -> bool:
    """Tell whether a branch that gives up for good when it cannot look its database up at its start did so."""
    raw = case.observed.layout.store_format is StoreFormat.INI_RAW
    return raw and case.observed.resolvers.resolves is False and bool(case.observed.store.server_url)
