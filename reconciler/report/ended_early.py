"""What a run that was asked to end tells of the boxes that it did not come to, or did not wait for."""

from __future__ import annotations

from ..results.fleet import BoxState, FleetReport
from .words import boxes


def notes(report: FleetReport) -> list[str]:
    """Return a line for each thing that is so, none for a run that nobody ended."""
    if not report.interrupted:
        return []
    total = len(report.boxes)
    without_turn = sum(box.state is BoxState.NOT_ATTEMPTED and box.is_managed for box in report.boxes)
    alone = sum(box.is_left_alone for box in report.boxes)
    lines = []
    if without_turn:
        lines.append(f"The run was ended before {without_turn} of {boxes(total)} had their turn.")
    if alone:
        lines.append(f"The run did not wait for {boxes(alone)}: what a box had begun it finishes or undoes alone.")
    return lines or ["The run was asked to end; every box had had its turn."]
