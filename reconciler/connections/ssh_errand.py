"""An errand over an SSH connection: the box program as for a run, and files behind its reply, within bounds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import asyncssh

from ..codes import CodeName
from ..model import framing
from ..model.desired import Request
from ..model.errand import MOST_CARRIED, Errand
from ..model.statement import say
from ..model.target import Ssh, Target
from ..results.finding import finding
from . import carrier, errand_reply, ssh_ended, ssh_run
from .errand_reply import Carried, ErrandFailed
from .ssh import LoginTerms
from .ssh_exchange import Exchange
from .ssh_retry import lasting_session
from .threads import in_daemon_thread


async def run(target: Target, errand: Errand) -> Carried:
    """Go to a box and run an errand there.

    Raises:
        Unreached: there is no connection.
        ErrandFailed: nothing came of it.
    """
    if target.ssh is None:
        raise ValueError(f"{target.name}: reached over SSH, and nothing says how")
    terms = LoginTerms(carries=MOST_CARRIED)
    async with lasting_session(target.ssh, errand.deadline_seconds, terms=terms) as (session, left):
        exchange = Exchange(MOST_CARRIED)
        bounded = replace(errand, deadline_seconds=left)
        try:
            ended = await _ended(session.connection, session.ssh, bounded, exchange)
        except (OSError, asyncssh.Error) as error:
            raise ErrandFailed(ssh_ended.not_begun(error, session.ssh)) from None
    if exchange.is_flooded or framing.find(exchange.output) is None:
        raise ErrandFailed(ended.result().after[0])
    return await in_daemon_thread(lambda: errand_reply.read(exchange.output, errand))


async def _ended(
    connection: asyncssh.SSHClientConnection, ssh: Ssh, errand: Errand, exchange: Exchange
) -> ssh_ended.EndedCall:
    started, sudo = datetime.now(UTC), ssh_run.sudo_of(connection, ssh)
    limit = errand.deadline_seconds + ssh_run.GRACE_SECONDS
    try:
        async with asyncio.timeout(limit):
            channel, _ = await connection.create_session(
                lambda: exchange, ssh_run.command(connection, ssh, sudo).text, encoding=None, request_pty=False
            )
            try:
                if sudo is None or await sudo.opened(channel, exchange):
                    ssh_run.send(channel, carrier.message(replace(errand, sent_at=datetime.now(UTC))))
                await exchange.until_over()
            finally:
                channel.close()
    except TimeoutError:
        raise ErrandFailed(finding(CodeName.DEADLINE, say("no_answer", seconds=limit))) from None
    return ssh_ended.EndedCall(
        exchange,
        ssh,
        Request(desired=errand.desired),
        started,
        who=ssh_run.who(connection, ssh),
        password_refused=sudo is not None and sudo.has_refused,
    )
