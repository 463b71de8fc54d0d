"""How much a finding matters, and who has to act."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much it matters: `error` stops tills now or soon, `warning` will, `info` is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Its place in a list that begins with what matters most, from 0."""
        return tuple(Severity).index(self)


class FindingClass(StrEnum):
    """Who moved, and so who has to act.

    `drifted`: the box changed. `pending`: the desired state was edited since the last good run. `renewal_due`: time
    passed. `blocked`: only a person can fix it. `unknown`: it could not be observed.
    """

    DRIFTED = "drifted"
    PENDING = "pending"
    RENEWAL_DUE = "renewal_due"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
