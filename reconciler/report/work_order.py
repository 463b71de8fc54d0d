"""Diagnoses of many boxes as work: for each shop what has to be done there, by whom, and at which boxes.

Only what must be mended first counts: what stands behind it may be gone then. What hangs on a database is work for
its customer, and told once; what hangs on www.odoo.com is nobody's, and told once for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..codes import CATALOGUE, CodeName, Variant
from ..diagnosis.product_page import page_of
from ..diagnosis.steps import step_of
from ..model.severity import Severity
from ..model.statement import Value
from ..model.step_name import StepName
from ..outcome import remedies
from ..outcome.standing import is_to_be_mended
from ..printable import printable
from ..results.diagnosis import Diagnosis
from ..results.finding import Finding
from ..results.fleet import BoxReport, BoxState
from .facts import layout
from .stores import by_store

RECONCILE = "Run `iot-https reconcile` for these boxes: it fixes this."


class Scope(StrEnum):
    """For whom a job is: one shop, a customer as the owner of a database, or everybody."""

    EVERYWHERE = "everywhere"
    CUSTOMER = "customer"
    STORE = "store"


_OF_A_DATABASE = (StepName.SITE, StepName.ELIGIBILITY)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to do.

    Args:
        by_software: reconcile does it.
        page: where the vendor's documentation speaks of it.
        boxes: name -> evidence.
        cause: what the first of them has.
        ticket: what to write to the vendor's support.
    """

    code: str
    severity: Severity
    title: str
    remedy: str
    by_software: bool
    page: str
    recipes: tuple[tuple[str, str], ...]
    boxes: dict[str, str]
    cause: Finding
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """All jobs of one shop, one customer or everybody. `boxes`: how many belong there; `in_order`: need nothing."""

    scope: Scope
    customer: str | None
    store: str | None
    boxes: int
    in_order: int
    jobs: tuple[WorkItem, ...]


def work_orders(boxes: Sequence[BoxReport]) -> tuple[WorkOrder, ...]:
    """Return the work that is left, for everybody first, then by customer and store."""
    everybody = _order(Scope.EVERYWHERE, None, None, boxes)
    customers: dict[str | None, list[BoxReport]] = {}
    for (customer, _), group in by_store(boxes):
        customers.setdefault(customer, []).extend(group)
    orders = [everybody]
    for customer, group in customers.items():
        orders.append(_order(Scope.CUSTOMER, customer, None, group))
        orders += [_order(Scope.STORE, customer, store, shop) for (_, store), shop in by_store(group)]
    return tuple(each for each in orders if each.jobs)


def in_order(box: BoxReport) -> bool:
    """Tell whether nothing has to be done at a box."""
    return box.diagnosis is not None and box.diagnosis.cause is None


def scope_of(found: Diagnosis, cause: Finding) -> Scope:
    """Return for whom the work is.

    What is wrong with the control machine itself is told once for all, and with www.odoo.com where one can only wait.
    """
    step = step_of(cause)
    if cause.variant == Variant.CONTROL_MACHINE or (step is StepName.SITE and found.ticket is None):
        return Scope.EVERYWHERE
    return Scope.CUSTOMER if step in _OF_A_DATABASE else Scope.STORE


def _order(scope: Scope, customer: str | None, store: str | None, boxes: Sequence[BoxReport]) -> WorkOrder:
    jobs = _jobs(
        box
        for box in boxes
        if (found := box.diagnosis) is not None and found.cause is not None and scope_of(found, found.cause) is scope
    )
    healthy = sum(map(in_order, boxes))
    return WorkOrder(scope, customer, store, len(boxes), healthy, jobs)


def _cause(box: BoxReport) -> Finding | None:
    return box.diagnosis.cause if box.diagnosis else None


def _jobs(boxes: Iterable[BoxReport]) -> tuple[WorkItem, ...]:
    groups: dict[tuple[CodeName, str, bool, Value], list[BoxReport]] = {}
    for box in boxes:
        if (cause := _cause(box)) is not None:
            mended = is_to_be_mended(box.result, cause)
            to_do = RECONCILE if mended else printable(remedies.remedy(box.result, box.findings, cause))
            groups.setdefault((cause.code, to_do, mended, _subject(box, cause)), []).append(box)
    jobs = (_job(code, to_do, group, by_software=mended) for (code, to_do, mended, _), group in groups.items())
    return tuple(sorted(jobs, key=_weight))


def _subject(box: BoxReport, cause: Finding) -> Value:
    """Return what the ticket of a box is about, which is one for all boxes of the same HTTP status."""
    return cause.value("status") if box.diagnosis and box.diagnosis.ticket else None


def _job(code: CodeName, remedy: str, boxes: Sequence[BoxReport], *, by_software: bool) -> WorkItem:
    entry = CATALOGUE[code]
    causes = {box.name: cause for box in boxes if (cause := _cause(box)) is not None}
    first = next(iter(causes.values()))
    tickets = (box.diagnosis.ticket for box in boxes if box.diagnosis and box.diagnosis.ticket)
    return WorkItem(
        code=code,
        severity=first.severity,
        title=first.title,
        remedy=remedy,
        by_software=by_software,
        page=page_of(step_of(first), first.code, _branch(boxes)),
        recipes=first.recipes,
        boxes={name: printable(entry.to_customers or cause.evidence) for name, cause in causes.items()},
        cause=first,
        ticket=next(tickets, None),
    )


def _branch(boxes: Sequence[BoxReport]) -> str | None:
    """Return the branch of most of the boxes."""
    branches = Counter(known.branch for box in boxes if (known := layout(box)) is not None and known.branch)
    return next(iter(branches.most_common(1)), (None, 0))[0]


def _weight(job: WorkItem) -> tuple[int, bool, int, str]:
    return job.severity.rank, job.by_software, -len(job.boxes), job.code


def not_diagnosed(boxes: Sequence[BoxReport]) -> list[BoxReport]:
    """Return the boxes of which nothing can be said, since their entry is wrong or the run did not come to them."""
    return [box for box in boxes if box.diagnosis is None or box.state is BoxState.NOT_ATTEMPTED]
