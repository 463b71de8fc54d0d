"""What bounds a run over many boxes."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_SECONDS_FOR_A_BOX = 30.0
"""A box that would have less time than this before the run must end is not begun: a repair needs up to a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The bounds of one run.

    Args:
        forks: boxes that are worked on at the same time, as Ansible calls it.
        box_seconds: when the program on a box must have finished or undone its work.
        run_seconds: when the whole run must have ended; `None` for no bound.
        jitter_seconds: each box begins after a random part of this, so that a fleet does not ask in one instant.
        max_changed: more boxes than this wanting changes means that none is changed; `None` for no bound.
        authority_at_once: boxes that may ask the authority at the same time.
        probe: look at each box from outside, too.
        probe_seconds: bound of that look.
    """

    forks: int = 50
    box_seconds: float = 240.0
    run_seconds: float | None = None
    jitter_seconds: float = 0.0
    max_changed: int | None = 10
    authority_at_once: int = 4
    probe: bool = True
    probe_seconds: float = 10.0
