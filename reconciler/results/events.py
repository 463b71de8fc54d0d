"""What happens in a run, as it happens: for progress bars, event streams and whoever else looks on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .fleet import BoxState


class EventKind(StrEnum):
    """Kinds of event; a run is `run_started`, for each box some of `box_*`, `run_finished`."""

    RUN_STARTED = "run_started"
    BOX_STARTED = "box_started"
    BOX_CHECKED = "box_checked"
    BOX_REPAIRING = "box_repairing"
    BOX_FINISHED = "box_finished"
    WARNING = "warning"
    RUN_FINISHED = "run_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event.

    Args:
        box: which box; `None` for events of the run.
        state: where the box stands, once that is known.
        codes: of the findings that stand.
        detail: a few words, without secrets.
        total: of `run_started`, how many boxes there are.
    """

    kind: EventKind
    at: datetime
    box: str | None = None
    state: BoxState | None = None
    codes: tuple[str, ...] = ()
    detail: str = ""
    total: int | None = None
