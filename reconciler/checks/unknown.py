"""What was not seen. It never counts as in sync, and no other check may judge it."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes import CodeName
from ..model.observed import ChainState, Observed, ResolverOwner
from ..model.part import Part
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from .case import Case
from .validity import real, sound

_Gap = tuple[Part, Statement]


def unseen(observed: Observed, part: Part) -> bool:
    """Tell whether a part, or all that it belongs to, was not observed, whether it failed or could not be."""
    return any(part.is_within(gap) for gap in (*observed.gaps, *observed.unseen))


def unknown_findings(case: Case) -> tuple[Finding, ...]:
    """Return one finding per part that could not be observed, whether the observer said so or just left it out.

    What the way to the box cannot show is no fault of the box: its state tells of that.
    """
    silent = {part: (seen,) for part, seen in _silent(case) if not unseen(case.observed, part)}
    named = {part: (say("gap", part=part), reason) for part, reason in case.observed.gaps.items()}
    return tuple(finding(CodeName.NOT_OBSERVED, *seen) for seen in {**named, **silent}.values())


def _unread(part: Part) -> _Gap:
    return part, say("unread", part=part)


def _silent(case: Case) -> Iterator[_Gap]:
    observed = case.observed
    yield from _disk(observed)
    yield from _resolvers(case)
    yield from _certificates(observed)
    if observed.nginx.running is None:
        yield _unread(Part.NGINX_RUNNING)
    if observed.odoo.answers is None and not observed.odoo.stopped:
        yield _unread(Part.ODOO_ANSWERS)


def _disk(observed: Observed) -> Iterator[_Gap]:
    disk = observed.disk
    sizes = {Part.DISK_LIVE: disk.live_free, Part.DISK_HOME: disk.home_free, Part.DISK_RUN: disk.run_free}
    if observed.layout.bypass is not None:
        sizes[Part.DISK_MIRROR] = disk.mirror_free
    yield from (_unread(part) for part, size in sizes.items() if size is None)


def _resolvers(case: Case) -> Iterator[_Gap]:
    observed, resolvers = case.observed, case.observed.resolvers
    if resolvers.resolves is None:
        yield Part.RESOLVERS_RESOLVE, say("no_lookup", part=Part.RESOLVERS_RESOLVE)
    if case.desired.resolvers is None or resolvers.persistent is not None:
        return
    if resolvers.owner is ResolverOwner.NETWORK_MANAGER:
        yield _unread(Part.RESOLVERS_PERSISTENT)
    if resolvers.owner is ResolverOwner.STATIC and observed.layout.bypass is not None:
        yield _unread(Part.RESOLVERS_PERSISTENT)


def _certificates(observed: Observed) -> Iterator[_Gap]:
    certificates = observed.certificates
    live, mirror = certificates.live, certificates.mirror
    if live.problem is None and live.certificate is None:
        yield _unread(Part.CERTIFICATES_LIVE)
    if real(live) is not None and live.chain is ChainState.NOT_CHECKED:
        yield Part.CERTIFICATES_CHAIN, say("unchecked", part=Part.CERTIFICATES_CHAIN, reason=live.chain_detail)
    if mirror is None and observed.layout.bypass is not None:
        yield _unread(Part.CERTIFICATES_MIRROR)
    if mirror is not None and mirror.problem is None and (mirror.certificate is None or mirror.digest is None):
        yield _unread(Part.CERTIFICATES_MIRROR)
    if sound(live) is not None and live.digest is None and mirror is not None:
        yield _unread(Part.CERTIFICATES_LIVE_DIGEST)
    if certificates.served is None and certificates.serve_error is None and observed.nginx.running is not False:
        yield Part.CERTIFICATES_SERVED, say("no_handshake", part=Part.CERTIFICATES_SERVED)
