"""What the report says of a box to which Ansible had no connection; the words are those of OpenSSH."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ..codes import CodeName
from ..connections import login_table
from ..model.desired import Mode
from ..model.statement import say, told
from ..results.finding import Reader, finding
from ..results.fleet import BoxReport, BoxState, FleetReport

_BY_OPENSSH: Final = re.compile(r"Failed to connect to the host via \w+: ?")
"""How Ansible begins where it quotes what its ssh client printed on standard error."""
_DEBUG: Final = re.compile(r"debug\d: .*")
_MEANING: Final = tuple(
    (re.compile(line), code)
    for line, code in (
        (r"ssh: Could not resolve hostname \S+: [\w ,]+", CodeName.ADDRESS_NOT_FOUND),
        (r"ssh: connect to host \S+ port \d+: Connection refused", CodeName.CONNECTION_REFUSED),
        (r"ssh: connect to host \S+ port \d+: (Connection|Operation) timed out", CodeName.CONNECTION_TIMEOUT),
        (r"ssh: connect to host \S+ port \d+: No route to host", CodeName.CONNECTION_TIMEOUT),
        (r"ssh: connect to host \S+ port \d+: Network is unreachable", CodeName.CONNECTION_TIMEOUT),
        (r"Connection timed out during banner exchange", CodeName.CONNECTION_TIMEOUT),
        (r"Connection to \S+ port \d+ timed out", CodeName.CONNECTION_TIMEOUT),
        (r"Connection closed by UNKNOWN port 65535", CodeName.JUMP_HOST_FAILED),
        (r"\S+@\S+: Permission denied \([\w,@.-]+\)\.", CodeName.AUTHENTICATION_FAILED),
        (r"Host key verification failed\.", CodeName.HOST_KEY_UNKNOWN),
    )
)
"""The last line of OpenSSH 8 to 10, its client's own, as a whole. Lines before it may be a server's: what it shows
before a login is printed as it is, so those are not looked at."""
_CHANGED: Final = re.compile(r"@ +WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! +@")
"""Before `Host key verification failed.`, when a server can have shown nothing yet."""


def report(
    name: str,
    *,
    customer: str | None,
    store: str | None,
    mode: Mode,
    started_at: datetime,
    seconds: float,
    said: str,
    refused: bool = False,
) -> FleetReport:
    """Return the report of a run over this one box.

    Args:
        seconds: how long it was waited for.
        said: Ansible's message, of which the last line tells the reason.
        refused: Ansible says by the kind of its error that the login was refused.
    """
    begin = _BY_OPENSSH.match(said)
    quoted = said[begin.end() :] if begin else said
    lines = [line for each in quoted.splitlines() if (line := each.strip()) and not _DEBUG.fullmatch(line)]
    code = CodeName.AUTHENTICATION_FAILED if refused else _code(lines if begin else [])
    # what a server says of itself counts where its client says no more than that it closed
    known = login_table.recognised([quoted], None) if begin and code is CodeName.CONNECTION_FAILED else None
    seen = told(lines[-1]) if lines else say("no_connection")
    box = BoxReport(
        name=name,
        state=BoxState.UNREACHABLE,
        customer=customer,
        store=store,
        findings=(known.finding() if known else finding(code, seen),),
        seconds=seconds,
    )
    return FleetReport(mode=mode, started_at=started_at, seconds=seconds, boxes=(box,), reader=Reader.PLAY)


def _code(lines: Sequence[str]) -> CodeName:
    """Return what the last line of OpenSSH means, `CONNECTION_FAILED` for any that is not its own."""
    last = lines[-1] if lines else ""
    code = next((code for line, code in _MEANING if line.fullmatch(last)), CodeName.CONNECTION_FAILED)
    if code is CodeName.HOST_KEY_UNKNOWN and any(map(_CHANGED.fullmatch, lines)):
        return CodeName.HOST_KEY_CHANGED
    return code
