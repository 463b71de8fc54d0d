"""Look at every box, or diagnose it; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..model.desired import Mode
from ..model.target import Target
from ..results.fleet import BoxReport
from . import reports
from .ledger import Ledger
from .seam import Order, Submit, Visited


async def look(
    targets: Sequence[Target], mode: Mode, ledger: Ledger, submit: Submit, is_done: Callable[[BoxReport], bool]
) -> None:
    """Visit each box once and note in the ledger what it answers.

    Args:
        mode: check or diagnose.
        is_done: tells by its report whether this look is all that the run does to a box.
    """

    def visited(target: Target, event: Visited) -> None:
        due = target.name in ledger.unfinished
        report = reports.of_visit(target, event, was_to_be_changed=due)
        if mode is Mode.DIAGNOSE:
            report = reports.with_diagnosis(target, event.visit, report, was_to_be_changed=due)
        ledger.checked(report)
        if is_done(report):
            ledger.finish(report)

    await ledger.follow(submit([Order(target=each, mode=mode) for each in targets]), visited)
