"""What an earlier run has noted on the box."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revival:
    """Restarts that were to bring the vendor's manager back, since it was last seen alive.

    Args:
        at: the last of them.
        tries: how many, all in the same state.
        state: digest of what a start depends on.
    """

    at: datetime
    tries: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What earlier runs left on the box.

    Args:
        applied: digest per concern (`link`, `credentials`, `resolvers`) of the desired state last reached.
        unchanged_at: when the authority last returned the certificate that the box already had.
        revival: restarts for a dead manager.
    """

    applied: dict[str, str]
    unchanged_at: datetime | None = None
    revival: Revival | None = None
