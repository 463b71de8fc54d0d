"""Why a server refuses a login: what was offered and, where the server tells, what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..codes import CodeName, Variant
from ..model.secret import redact
from ..model.statement import Statement, say
from ..model.target import Ssh
from ..results.finding import Finding, finding
from . import login_table
from .ssh_hops import Hop
from .ssh_keys import Lack

USER_OF_IMAGES: Final = "pi"
_OF_LACK: Final = {
    Lack.MISSING: Variant.KEY_FILE_MISSING,
    Lack.UNUSABLE: Variant.KEY_FILE_UNUSABLE,
    Lack.ENCRYPTED: Variant.KEY_FILE_ENCRYPTED,
}


def refused(hop: Hop, ssh: Ssh, *, gave_up: bool) -> Finding:
    """Say what was offered in vain, and what to do about it.

    Args:
        gave_up: the server ended the login itself, after too many keys.
    """
    variant = _variant(hop, ssh, gave_up=gave_up)
    return finding(CodeName.AUTHENTICATION_FAILED, *_offered(hop, ssh), *hop.keys.problems, variant=variant)


def _offered(hop: Hop, ssh: Ssh) -> Iterator[Statement]:
    files = tuple(each.path for each in hop.keys.files if each.private is not None)
    has_password = hop.is_box and bool(ssh.password)
    if files:
        yield say("offered", login=hop.login, files=files)
    if hop.has_agent:
        yield say("and_agent") if files else say("offered_agent", login=hop.login)
    if has_password:
        yield say("and_password") if files or hop.has_agent else say("offered_password", login=hop.login)
    if not (files or hop.has_agent or has_password):
        yield say("offered_nothing", login=hop.login)


def closed(hop: Hop, greeting: str, ssh: Ssh) -> Finding:
    """Say why a server ended the connection in the middle of a login.

    Args:
        greeting: what it had shown.
    """
    told = login_table.recognised([greeting], None)
    if told is not None:
        return told.finding(ssh.password, ssh.become_password, who=hop.login)
    last = redact((greeting.strip().splitlines() or [""])[-1], ssh.password, ssh.become_password)
    shown = (say("had_shown", last=last),) if last else ()
    ended = say("closed_at_login", login=hop.login)
    return finding(CodeName.CONNECTION_FAILED, ended, *shown, variant=Variant.CLOSED_AT_LOGIN)


def _variant(hop: Hop, ssh: Ssh, *, gave_up: bool) -> Variant | None:
    """Return what is known better; what lies on the control machine first, since it is certain."""
    has_one = any(each.private is not None for each in hop.keys.files)
    lacks = [each.lack for each in hop.keys.files if each.lack is not None]
    if lacks and not has_one:
        return _OF_LACK[lacks[0]]
    if not has_one and not hop.has_agent and not ssh.password:
        return Variant.NO_KEY
    if hop.options.username != USER_OF_IMAGES:
        return Variant.OTHER_USER
    return Variant.TOO_MANY_KEYS if gave_up and hop.has_agent else None
