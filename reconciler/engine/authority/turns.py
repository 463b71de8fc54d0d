"""Whose turn it is to ask the authority, and what the others are told instead: no clock, no tasks, nothing outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ...model.desired import Desired, Mode
from .breaker import CircuitBreaker
from .database import Database
from .rate_limit import PATIENCE, RateLimit
from .single_flight import DIAGNOSIS, FROM_HERE, REPAIR, Flight, Policy
from .verdict import Heard, Verdict

_OF_BOXES = {Mode.DIAGNOSE: DIAGNOSIS, Mode.RECONCILE: REPAIR}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asker:
    """One who wants to ask once, told from any other by being itself."""

    box: Desired
    mode: Mode
    database: Database
    policy: Policy

    @classmethod
    def at_the_box(cls, box: Desired, mode: Mode) -> Self:
        """Return a box that asks for itself."""
        return cls(box=box, mode=mode, database=Database.asked_by_boxes(box), policy=_OF_BOXES[mode])

    @classmethod
    def here(cls, box: Desired, mode: Mode) -> Self:
        """Return the control machine, which asks for a box."""
        return cls(box=box, mode=mode, database=Database.asked_from_here(box), policy=FROM_HERE)


class Turns:
    """Those who wait and those who ask, of one run. Times are seconds that never go back.

    Args:
        at_once: how many may ask at the same time.
        patience: seconds that others wait for one who asks.
    """

    def __init__(self, at_once: int, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._limit = RateLimit(at_once, patience)
        self._breaker = CircuitBreaker()
        self._flights: dict[tuple[Database, Mode], Flight] = {}
        self._waiting: dict[Asker, Flight] = {}

    def join(self, asker: Asker) -> None:
        """Wait behind those who came before."""
        self._waiting[asker] = self._flight(asker)

    def called(self, now: float) -> list[tuple[Asker, Verdict | None]]:
        """Return those whose turn it is, each with what it is told; it asks where that is nothing."""
        called: list[tuple[Asker, Verdict | None]] = []
        full = set[Flight]()
        for asker, flight in tuple(self._waiting.items()):
            if flight in full:
                continue
            verdict: Verdict | None = flight.verdict
            if verdict is None and not (flight.has_room(now) and self._limit.has_room(now)):
                full.add(flight)
                continue
            if verdict is None and asker.policy.breaks:
                verdict = self._breaker.reason_for(asker.box)
            if verdict is None:
                flight.begin(asker, now)
                self._limit.begin(asker, now)
            del self._waiting[asker]
            called.append((asker, verdict))
        return called

    def leave(self, asker: Asker, said: Heard) -> None:
        """Go, with what came of the question; also one who is still waiting, or was told."""
        self._waiting.pop(asker, None)
        self._limit.end(asker)
        has_asked = self._flight(asker).end(asker, asker.box.name, said.verdict)
        if has_asked and asker.policy.breaks:
            self._breaker.learn(asker.box, said)

    def changes_at(self, now: float) -> float | None:
        """Return when somebody may be called although nobody has left, `None` for never."""
        if not self._waiting:
            return None
        times = [self._limit.changes_at(now), *(flight.changes_at() for flight in set(self._waiting.values()))]
        return min((each for each in times if each is not None), default=None)

    def _flight(self, asker: Asker) -> Flight:
        key = asker.database, asker.mode
        if key not in self._flights:
            self._flights[key] = Flight(asker.policy, self._patience)
        return self._flights[key]
