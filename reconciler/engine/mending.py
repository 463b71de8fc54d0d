"""Change the boxes that want it: which these are, whether they are too many, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.desired import Mode
from ..model.target import Target
from ..outcome.states import has_ended
from ..results.fleet import BoxReport
from . import reports
from .ledger import Ledger
from .seam import Order, Submit, Visited


def wants(report: BoxReport, ledger: Ledger) -> bool:
    """Tell whether a box that was looked at is to be changed, or was left unfinished by an earlier run."""
    if report.result is None or report.result.observed is None:
        return False
    return bool(report.result.plan) or report.name in ledger.unfinished


def too_many(wanting: Sequence[Target], most: int | None) -> str | None:
    """Return why none of these may be changed, `None` where they are few enough.

    Args:
        most: how many a run may change, `None` for any number.
    """
    if most is None or len(wanting) <= most:
        return None
    wish = f"{len(wanting)} {'box wants' if len(wanting) == 1 else 'boxes want'} changes, --max-changed allows {most}"
    return f"{wish}: review the plan, then raise it or narrow --limit"


async def mend(wanting: Sequence[Target], ledger: Ledger, submit: Submit) -> None:
    """Change each of these boxes and note in the ledger what came of it.

    Raises:
        StateUnusable: the journal cannot be written, so no box was begun.
    """
    ledger.begin_changes()

    def visited(target: Target, event: Visited) -> None:
        report = reports.of_visit(target, event, was_to_be_changed=True)
        if has_ended(event.visit.result, was_unfinished=target.name in ledger.unfinished):
            ledger.end_change(target.name)
        ledger.finish(report)

    orders = [Order(target=each, mode=Mode.RECONCILE, looked=ledger[each.name].result) for each in wanting]
    await ledger.follow(submit(orders), visited)
