"""Single flight: one box of a database asks the authority, and the others wait for its answer.

What comes of it decides for the others: a verdict that counts is told to them, so that they do not ask. One that says
nothing (the box is offline, or its network is in the way) lets others go in its place.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from .quorum import OF_BOXES, OF_THIS_MACHINE, Quorum
from .rate_limit import PATIENCE
from .verdict import Granted, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an answer means for the others of the database.

    Args:
        shares_grants: a grant is told to them; otherwise each asks, since it needs a certificate of its own.
        quorum: how many must report a refusal before it is told to them.
        opens: how many more may ask side by side after an answer that says nothing.
        breaks: asked in vain often enough, the circuit breaker keeps them from asking.
    """

    shares_grants: bool
    quorum: int = OF_BOXES
    opens: int = 1
    breaks: bool = False


REPAIR: Final = Policy(shares_grants=False, opens=sys.maxsize, breaks=True)
"""Each box asks for itself, unless it would be refused or ask in vain."""
DIAGNOSIS: Final = Policy(shares_grants=True)
"""One question for each database is enough; why a box cannot ask is what it is asked for, so no breaker."""
FROM_HERE: Final = Policy(shares_grants=True, quorum=OF_THIS_MACHINE)
"""The control machine asks, and believes itself."""


@dataclass(slots=True, eq=False)
class Flight:
    """One database. Times are seconds that never go back.

    Args:
        patience: seconds after which one that is still asking counts as an answer that says nothing.
    """

    policy: Policy
    patience: float = PATIENCE
    _room: int = 1
    _granted: Granted | None = None
    _refusals: Quorum = field(init=False)
    _asking: set[Hashable] = field(default_factory=set)
    _waited_for_until: dict[Hashable, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin without a verdict."""
        self._refusals = Quorum(self.policy.quorum)

    @property
    def verdict(self) -> Verdict | None:
        """What the others are told, `None` where they ask; a grant stands, whatever others meet."""
        if self._granted is not None:
            return self._granted if self.policy.shares_grants else None
        return self._refusals.agreed

    def has_room(self, now: float) -> bool:
        """Tell whether one more may ask."""
        for asker in [each for each, until in self._waited_for_until.items() if until <= now]:
            del self._waited_for_until[asker]
            self._open()
        return self._granted is not None or len(self._asking) < self._room

    def begin(self, asker: Hashable, now: float) -> None:
        """Let one ask."""
        self._asking.add(asker)
        self._waited_for_until[asker] = now + self.patience

    def end(self, asker: Hashable, box: str, verdict: Verdict | None) -> bool:
        """Note what came of it, and return whether it has asked; what one reports that was told counts for nothing.

        Args:
            box: who reports it.
        """
        if asker not in self._asking:
            return False
        self._asking.remove(asker)
        is_waited_for = self._waited_for_until.pop(asker, None) is not None
        match verdict:
            case Granted():
                self._granted = self._granted or verdict
            case None:
                if is_waited_for:
                    self._open()
            case refusal:
                self._refusals.add(box, refusal)
        return True

    def changes_at(self) -> float | None:
        """Return when there is more room although nobody has ended, `None` for never."""
        return min(self._waited_for_until.values(), default=None)

    def _open(self) -> None:
        self._room = min(self._room + self.policy.opens, sys.maxsize)
