"""Which pair a box gets, from where, and what is made equal to what."""

from __future__ import annotations

from collections.abc import Iterator

from ..checks.renewal import BOX_MAY_ASK, fresh
from ..checks.validity import UNCHANGED_FOR, real, sound, valid
from ..codes import CodeName
from ..model.desired import CertificateSource
from ..model.repair import CopyDirection, RepairKind
from ..results.result import Repair
from .case import Judged


def repairs(case: Judged) -> Iterator[Repair]:
    """Prefer the pair that the box has already; where nginx cannot prove a new pair, none is put in place."""
    live, mirror = case.certificates.live, case.certificates.mirror
    good = valid(live, case.given.now)
    if (bad := _bad(case)) and case.nginx_loads:
        settled = good is not None and case.stands({CodeName.NOTHING_NEWER})
        # whatever is put in place goes into both trees
        bad += case.asking_for(RepairKind.COPY_CERTIFICATE)
        placed = (*bad, *case.asking_for(RepairKind.LOAD_NGINX))  # and nginx is brought to present it
        if fresh(case.given.desired, mirror, case.given.now):
            yield Repair(kind=RepairKind.COPY_CERTIFICATE, because=placed, direction=CopyDirection.MIRROR_TO_LIVE)
            return
        if case.can_fetch and not settled:
            yield Repair(kind=RepairKind.FETCH_CERTIFICATE, because=bad)
            yield Repair(kind=RepairKind.INSTALL_CERTIFICATE, because=placed)
            return
        if good is None and valid(mirror, case.given.now):
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


def _bad(case: Judged) -> tuple[str, ...]:
    """Return what is wrong with the live pair that another pair mends."""
    bad = case.asking_for(RepairKind.INSTALL_CERTIFICATE)
    not_for_it = CodeName.CHECK_CERT_READ_EXCEPTION if case.only_vendor_cannot_read else None
    return tuple(code for code in bad if code != not_for_it)


def _asks_before_restart(case: Judged) -> tuple[str, ...]:
    """Return the dead manager whose program would ask the authority at its start, where a bad answer ends it again.

    A certificate that is put in place before leaves it nothing to ask for.
    """
    leaf, asked = real(case.certificates.live), case.given.observed.memory.unchanged_at
    just_asked = asked is not None and abs(case.given.now - asked) < UNCHANGED_FOR
    direct = case.given.desired.certificate_source is CertificateSource.DIRECT
    if leaf is None or not direct or not case.can_fetch or not case.nginx_loads or just_asked:
        return ()
    if leaf.not_after - BOX_MAY_ASK > case.given.now or case.because({CodeName.NOT_PERSISTED}):
        return ()
    return case.because({CodeName.ODOO_MANAGER_DEAD})
