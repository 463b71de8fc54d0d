"""Write the result of a run to standard output, and keep a copy of it where that fails after boxes were changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..codes import Trait
from ..model.desired import Mode
from ..model.status import REPORT_LOST
from ..outcome.exit_status import exit_status
from ..results.fleet import BoxReport, FleetReport
from . import output, signals, streams
from .streams import NotWritten
from .usage import say

COPY = "lost-report.json"


def deliver(report: FleetReport, options: argparse.Namespace, sources: Sequence[str]) -> int:
    """Print the result and return the exit status.

    Args:
        sources: the places of the inventory, empty for the box one sits on.

    Raises:
        NotWritten: the result could not be printed, and no box was changed.
    """
    status = exit_status(report)
    try:
        _print(report, options, of_fleet=bool(sources))
    except NotWritten as error:
        if not may_have_changed(report):
            raise
        say(f"iot-https: boxes were changed, and {error}; {_copied(report, status + REPORT_LOST, sources)}")
        return status + REPORT_LOST
    return status


def may_have_changed(report: FleetReport) -> bool:
    """Tell whether a box was changed by a run, or may have been after nobody heard of it any more."""
    return report.mode is Mode.RECONCILE and any(map(_may_have_changed, report.boxes))


def _may_have_changed(box: BoxReport) -> bool:
    touched = box.result is not None and (box.result.changed or bool(box.result.outcomes))
    return touched or any(finding.has(Trait.END_UNSEEN) for finding in box.findings)


def _print(report: FleetReport, options: argparse.Namespace, *, of_fleet: bool) -> None:
    try:
        output.show(report, options, of_fleet=of_fleet)
        sys.stdout.flush()
        signals.over()
    except KeyboardInterrupt as error:
        signals.over()
        streams.give_up_output()
        raise NotWritten(f"the report was not read to its end before {error}") from None


def _copied(report: FleetReport, status: int, sources: Sequence[str]) -> str:
    """Keep the result where the next run of this inventory finds it; say where, or why it could not be kept."""
    if not sources:
        return "check says how this box stands"
    from ..engine.state_folder import StateUnusable, keep_private, state_directory
    from ..report import json_report

    try:
        path: Path = state_directory(sources) / COPY
        keep_private(path, f"{json_report.render_kept(report, status)}\n")
    except StateUnusable as error:
        return f"no copy of it could be kept either: {error}"
    return f"its JSON is in {path}"
