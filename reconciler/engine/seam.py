"""The seam (a port, in the field's words) between who decides what is done to which box and who goes there to do it.

Above it are a run's decisions: looking, mending and the ledger. They know no task, thread, process or connection.
Below it is who works on boxes: one worker in this process, for now. Waves, several processes and workers elsewhere
stand on the same seam, so what crosses it is data that `model.wire` can write: orders down, events up.

For each order there is `Started`, unless it is not begun at all, perhaps `Visiting`, and at last exactly one of
`ENDS`. Events of one box come in the order in which they happen; events of different boxes come in any. What must be
durable before a box is changed cannot wait for somebody to read an event: who changes the box sees to it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ..model.desired import Mode
from ..model.inquiry import DnsAnswer
from ..model.target import Target
from ..results.finding import Finding
from ..results.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One box that is to be worked on, and how.

    Args:
        looked: what it answered when it was looked at before, for a repair.
    """

    target: Target
    mode: Mode
    looked: Result | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of one visit.

    Args:
        result: the box program's answer.
        outside: what was found from outside.
        is_probed: whether it was looked at from outside at all.
        public: what public DNS says of the box's name, of a diagnosis.
    """

    result: Result
    outside: tuple[Finding, ...] = ()
    is_probed: bool = False
    public: DnsAnswer | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """Its turn has come; it may still have to wait for who asks the authority before it."""

    box: str


@dataclass(frozen=True, slots=True)
class Visiting:
    """Somebody goes to it. `seconds`: how long until its end is known, at most."""

    box: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Visited:
    """It has answered, or what stands for its answer. `seconds`: of wall time, since it was started."""

    box: str
    visit: Visit
    seconds: float


@dataclass(frozen=True, slots=True)
class NotBegun:
    """Nobody went to it, since the run is to end."""

    box: str


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Somebody went to it, and did not wait for its end."""

    box: str


@dataclass(frozen=True, slots=True)
class NotNoted:
    """Nobody went to it, since that could not be noted before. `why`: in one line."""

    box: str
    why: str


@dataclass(frozen=True, slots=True)
class Broken:
    """This program has a defect that shows at this box. `error`: its type; its text may hold anything."""

    box: str
    error: str


BoxEvent = Started | Visiting | Visited | NotBegun | LeftAlone | NotNoted | Broken
ENDS: Final = (Visited, NotBegun, LeftAlone, NotNoted, Broken)
"""With one of these nothing more comes of an order."""

Submit = Callable[[Sequence[Order]], AsyncGenerator[BoxEvent, None]]
"""Has boxes worked on, and tells what happens as it happens; ends when every order has ended."""
