"""What was not seen. It never counts as in sync, and no other check may judge it."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes import CodeName
from ..model.observed import ChainState, Observed, ResolverOwner
from ..results.finding import Finding, finding
from .case import Case
from .validity import real, sound

UNREAD = "was not read"


def unseen(observed: Observed, part: str) -> bool:
    """Tell whether a part, such as `store` or `certificates.mirror`, or all that it belongs to, was not observed."""
    return any(part == gap or part.startswith(f"{gap}.") for gap in observed.gaps)


def unknown_findings(case: Case) -> tuple[Finding, ...]:
    """Return one finding per part that could not be observed, whether the observer said so or just left it out."""
    silent = {part: reason for part, reason in _silent(case) if not unseen(case.observed, part)}
    reasons = {**case.observed.gaps, **silent}
    return tuple(finding(CodeName.NOT_OBSERVED, f"{part}: {reason}") for part, reason in reasons.items())


def _silent(case: Case) -> Iterator[tuple[str, str]]:
    observed = case.observed
    yield from _disk(observed)
    yield from _resolvers(case)
    yield from _certificates(observed)
    if observed.nginx.running is None:
        yield "nginx.running", UNREAD
    if observed.odoo.answers is None and not observed.odoo.stopped:
        yield "odoo.answers", UNREAD


def _disk(observed: Observed) -> Iterator[tuple[str, str]]:
    sizes = {"live_free": observed.disk.live_free, "home_free": observed.disk.home_free}
    sizes["run_free"] = observed.disk.run_free
    if observed.layout.bypass is not None:
        sizes["mirror_free"] = observed.disk.mirror_free
    for name, size in sizes.items():
        if size is None:
            yield f"disk.{name}", UNREAD


def _resolvers(case: Case) -> Iterator[tuple[str, str]]:
    observed, resolvers = case.observed, case.observed.resolvers
    if resolvers.resolves is None:
        yield "resolvers.resolves", "no lookup was tried"
    if case.desired.resolvers is None or resolvers.persistent is not None:
        return
    if resolvers.owner is ResolverOwner.NETWORK_MANAGER:
        yield "resolvers.persistent", UNREAD
    if resolvers.owner is ResolverOwner.STATIC and observed.layout.bypass is not None:
        yield "resolvers.persistent", UNREAD


def _certificates(observed: Observed) -> Iterator[tuple[str, str]]:
    certificates = observed.certificates
    live, mirror = certificates.live, certificates.mirror
    if live.problem is None and live.certificate is None:
        yield "certificates.live", UNREAD
    if real(live) is not None and live.chain is ChainState.NOT_CHECKED:
        yield "certificates.chain", live.chain_detail or "was not checked"
    if mirror is None and observed.layout.bypass is not None:
        yield "certificates.mirror", UNREAD
    if mirror is not None and mirror.problem is None and (mirror.certificate is None or mirror.digest is None):
        yield "certificates.mirror", UNREAD
    if sound(live) is not None and live.digest is None and mirror is not None:
        yield "certificates.live.digest", UNREAD
    if certificates.served is None and certificates.serve_error is None and observed.nginx.running is not False:
        yield "certificates.served", "no handshake was tried"
