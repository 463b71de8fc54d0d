"""Visits for real: the box program over the connection that the inventory names, and the look from outside."""

from __future__ import annotations

import asyncio
import functools
import logging
import ssl
from dataclasses import replace
from datetime import UTC, datetime

from ..codes import CodeName
from ..connections.kinds import OPENERS
from ..connections.reached import Standpoint, Unreached
from ..model.desired import Mode, Request
from ..model.inquiry import DnsAnswer
from ..model.part import Part
from ..model.statement import say
from ..model.target import Target
from ..results.finding import Finding, finding
from ..results.result import Result
from .seam import Visit
from .settings import Settings
from .world import Visitor

_LOG = logging.getLogger(__name__)


def visitor(settings: Settings) -> Visitor:
    """Return how boxes are visited in a run with these settings."""

    async def visit(target: Target, request: Request) -> Visit:
        started = datetime.now(UTC)
        try:
            async with OPENERS[target.connection](target, request.deadline_seconds) as (box, seconds):
                bounded = replace(request, deadline_seconds=min(request.deadline_seconds, seconds))
                result = await box.run(bounded)
                if box.standpoint is None or not settings.probe:
                    return Visit(result)
                return await _seen(target, box.standpoint, result, request.mode, settings)
        except Unreached as failure:
            return Visit(Result.unobserved(target.name, request.mode, started, failure.finding))

    return visit


async def _seen(target: Target, place: Standpoint, result: Result, mode: Mode, settings: Settings) -> Visit:
    """Add what is seen from outside."""
    outside, public = await asyncio.gather(_outside(place, target, result, settings), _public(mode, result, settings))
    return Visit(result, outside, is_probed=result.observed is not None, public=public)


async def _public(mode: Mode, result: Result, settings: Settings) -> DnsAnswer | None:
    """Ask public DNS for the box's name: it is the same from everywhere, also from before a jump host."""
    if mode is not Mode.DIAGNOSE or settings.public_dns is None or result.observed is None:
        return None
    from ..probe.public_dns import Dns, ask_public

    try:
        return await ask_public(Dns(settings.public_dns), result.observed)
    except Exception:  # noqa: BLE001 - without this answer the chain only says less
        _LOG.debug("%s", result.name, exc_info=True)
        return None


async def _outside(place: Standpoint, target: Target, result: Result, settings: Settings) -> tuple[Finding, ...]:
    """Look from outside; a defect there must not lose what the box program did and answered."""
    try:
        return await _look(place, target, result, settings)
    except Exception as error:  # noqa: BLE001 - whatever it is, the result is kept
        _LOG.debug("%s", target.name, exc_info=True)
        return (finding(CodeName.NOT_OBSERVED, say("defect_at", part=Part.OUTSIDE, error=type(error).__name__)),)


async def _look(place: Standpoint, target: Target, result: Result, settings: Settings) -> tuple[Finding, ...]:
    """Look from where the box is reached from; behind a jump host this machine's DNS is not the shop's."""
    if result.observed is None:
        return ()
    from ..probe import Observer

    observer = Observer(dial=place.dial, trust=_trust(), seconds=settings.probe_seconds)
    if not place.is_direct:
        observer = replace(observer, resolve=None)
    return await observer.look(place.address, target.desired, result.observed)


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom this machine trusts, `SSL_CERT_FILE` included: made once, which costs more than many handshakes."""
    from ..net.tls import trusted_here

    return trusted_here()
