"""Why a server refuses a login: what was offered and, where the server tells, what it refuses."""

from __future__ import annotations

from typing import Final

from ..codes import CodeName, Variant
from ..model.secret import redact
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
    offered = [each.path for each in hop.keys.files if each.private is not None]
    if hop.has_agent:
        offered.append("the agent's keys")
    if hop.is_box and ssh.password:
        offered.append("a password")
    said = f"was offered {', '.join(offered)}" if offered else "was offered nothing, there is no usable key"
    evidence = "; ".join((f"{hop.login} {said}", *hop.keys.problems))
    return finding(CodeName.AUTHENTICATION_FAILED, evidence, variant=_variant(hop, ssh, gave_up=gave_up))


def closed(hop: Hop, greeting: str, ssh: Ssh) -> Finding:
    """Say why a server ended the connection in the middle of a login.

    Args:
        greeting: what it had shown.
    """
    told = login_table.told([greeting], None)
    if told is not None:
        return told.finding(ssh.password, ssh.become_password, who=hop.login)
    last = redact((greeting.strip().splitlines() or [""])[-1], ssh.password, ssh.become_password)
    shown = f"; it had shown: {last}" if last else ""
    evidence = f"{hop.login}: the server ended the connection during the login{shown}"
    return finding(CodeName.CONNECTION_FAILED, evidence, variant=Variant.CLOSED_AT_LOGIN)


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
