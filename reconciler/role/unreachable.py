"""What the report says of a box to which Ansible had no connection; the words are those of OpenSSH."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ..codes import CodeName, finding
from ..connections import login_table
from ..model.desired import Mode
from ..model.fleet import BoxReport, BoxState, FleetReport

_OF_ANSIBLE: Final = "Failed to connect to the host via ssh: "
_MEANING: Final = (
    ("Could not resolve hostname", CodeName.ADDRESS_NOT_FOUND),
    ("Connection refused", CodeName.CONNECTION_REFUSED),
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", CodeName.HOST_KEY_CHANGED),
    ("Host key verification failed", CodeName.HOST_KEY_UNKNOWN),
    ("Permission denied", CodeName.AUTHENTICATION_FAILED),
    ("timed out", CodeName.CONNECTION_TIMEOUT),
    ("No route to host", CodeName.CONNECTION_TIMEOUT),
)
"""What stands in a message of OpenSSH 8 to 10, the more telling ones first."""


def report(
    name: str, *, customer: str | None, store: str | None, mode: Mode, started_at: datetime, seconds: float, said: str
) -> FleetReport:
    """Return the report of a run over this one box.

    Args:
        seconds: how long it was waited for.
        said: Ansible's message, of which the last line tells the reason.
    """
    told = login_table.told([said.removeprefix(_OF_ANSIBLE)], None)
    code = next((code for words, code in _MEANING if words in said), CodeName.CONNECTION_FAILED)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    box = BoxReport(
        name=name,
        state=BoxState.UNREACHABLE,
        customer=customer,
        store=store,
        findings=(told.finding() if told else finding(code, lines[-1] if lines else "there was no connection"),),
        seconds=seconds,
    )
    return FleetReport(mode=mode, started_at=started_at, seconds=seconds, boxes=(box,))
