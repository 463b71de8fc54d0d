"""Visits for real: the box program over the connection that the inventory names, and the look from outside."""

from __future__ import annotations

import asyncio
import functools
import logging
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..codes import CodeName
from ..connections import local
from ..model.desired import Mode, Request
from ..model.inquiry import DnsAnswer
from ..model.part import Part
from ..model.statement import say
from ..model.target import ConnectionKind, Ssh, Target
from ..results.finding import Finding, finding
from ..results.result import Result
from .seam import Visit
from .settings import Settings
from .world import Visitor

if TYPE_CHECKING:
    from ..connections.ssh import Session

_LOG = logging.getLogger(__name__)


def visitor(settings: Settings) -> Visitor:
    """Return how boxes are visited in a run with these settings."""

    async def visit(target: Target, request: Request) -> Visit:
        if target.connection is ConnectionKind.LOCAL or target.ssh is None:
            return Visit(await local.run(request))
        return await _over_ssh(target, target.ssh, request, settings)

    return visit


async def _over_ssh(target: Target, ssh: Ssh, request: Request, settings: Settings) -> Visit:
    from ..connections.ssh import NoConnection
    from ..connections.ssh_retry import lasting_session

    started = datetime.now(UTC)
    try:
        async with lasting_session(ssh, request.deadline_seconds) as (box, seconds):
            result = await box.run(replace(request, deadline_seconds=min(request.deadline_seconds, seconds)))
            if not settings.probe:
                return Visit(result)
            outside, public = await asyncio.gather(
                _outside(box, target, result, settings), _public(request, result, settings)
            )
            return Visit(result, outside, is_probed=result.observed is not None, public=public)
    except NoConnection as failure:
        return Visit(Result.unobserved(target.name, request.mode, started, failure.finding))


async def _public(request: Request, result: Result, settings: Settings) -> DnsAnswer | None:
    """Ask public DNS for the box's name: it is the same from everywhere, also from before a jump host."""
    if request.mode is not Mode.DIAGNOSE or settings.public_dns is None or result.observed is None:
        return None
    from ..probe.public_dns import Dns, ask_public

    try:
        return await ask_public(Dns(settings.public_dns), result.observed)
    except Exception:  # noqa: BLE001 - without this answer the chain only says less
        _LOG.debug("%s", result.name, exc_info=True)
        return None


async def _outside(box: Session, target: Target, result: Result, settings: Settings) -> tuple[Finding, ...]:
    """Look from outside; a defect there must not lose what the box program did and answered."""
    try:
        return await _look(box, target, result, settings)
    except Exception as error:  # noqa: BLE001 - whatever it is, the result is kept
        _LOG.debug("%s", target.name, exc_info=True)
        return (finding(CodeName.NOT_OBSERVED, say("defect_at", part=Part.OUTSIDE, error=type(error).__name__)),)


async def _look(box: Session, target: Target, result: Result, settings: Settings) -> tuple[Finding, ...]:
    """Look from where the box is reached from; behind a jump host this machine's DNS is not the shop's."""
    if result.observed is None:
        return ()
    from ..probe import Observer

    observer = Observer(dial=box.dial, trust=_trust(), seconds=settings.probe_seconds)
    if not box.is_direct:
        observer = replace(observer, resolve=None)
    return await observer.look(box.address, target.desired, result.observed)


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom this machine trusts, `SSL_CERT_FILE` included: made once, which costs more than many handshakes."""
    from ..probe.tls import trusted_here

    return trusted_here()
