"""What bounds a run over many boxes."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.target import Target
from ..results.fleet import MOST_CHANGED

AUTHORITY_AT_ONCE = 4
"""No limit of www.odoo.com is known; this one is ours, so that a fleet is not taken for an attack."""
LEAST_SECONDS_FOR_A_BOX = 30.0
"""A box that would have less time than this before the run must end is not begun. A look takes seconds;
a repair for which the time is short is left out by the box program, and said."""

ANSWER_SECONDS = 30.0
"""How much longer than the program on a box its answer is waited for; as `GRACE_SECONDS` of the connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The bounds of one run.

    Args:
        forks: boxes that are worked on at the same time, as Ansible calls it.
        box_seconds: when the program on a box must have finished or undone its work.
        run_seconds: when the program on the last box must have; `None` for no bound. The run itself ends when that
            one's answer has come and the look from outside is over.
        jitter_seconds: each box begins after a random part of this, so that a fleet does not ask in one instant.
        max_changed: more boxes than this wanting changes means that none is changed; `None` for no bound.
        authority_at_once: questions to the authority at the same time, of boxes and of the control machine together.
        probe: look at each box from outside, too.
        probe_seconds: bound of that look.
        public_dns: DNS server, and port after `#` where it is not 53, that a diagnosis asks for the box's name;
            `None` for nobody.
    """

    forks: int = 50
    box_seconds: float = 240.0
    run_seconds: float | None = None
    jitter_seconds: float = 0.0
    max_changed: int | None = MOST_CHANGED
    authority_at_once: int = AUTHORITY_AT_ONCE
    probe: bool = True
    probe_seconds: float = 10.0
    public_dns: str | None = "8.8.8.8"

    @property
    def beginning_seconds(self) -> float | None:
        """How long boxes may be begun; `None` for no bound."""
        return None if self.run_seconds is None else self.run_seconds - self._least_seconds

    @property
    def out_of_time(self) -> str:
        """Why no box is begun after that."""
        return f"no box can be done any more within the run's {self.run_seconds or 0:.0f} s"

    def seconds_for_a_box(self, spent: float) -> float | None:
        """Return how long a box may take that is begun now, `None` where it is not to be begun.

        Args:
            spent: seconds since the run began.
        """
        if self.run_seconds is None:
            return self.box_seconds
        left = self.run_seconds - spent
        return min(self.box_seconds, left) if left >= self._least_seconds else None

    def longest_visit(self, target: Target, seconds: float) -> float:
        """Return how long a box can take with the way there, its answer and the look from outside.

        Args:
            seconds: bound of the program on the box.
        """
        if target.connection.is_here:
            return seconds + ANSWER_SECONDS
        return target.connect_seconds + seconds + ANSWER_SECONDS + (self.probe_seconds if self.probe else 0.0)

    @property
    def _least_seconds(self) -> float:
        return min(LEAST_SECONDS_FOR_A_BOX, self.box_seconds)
