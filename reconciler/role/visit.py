"""One visit of a play to a box: refuse, or ask it, and believe of its answer what is evidence.

A box gets a request and answers with a reply, both in the program's own wire format, as over the command's SSH
connection. Whatever else a module may return to Ansible (facts, warnings, texts to be templated) is not even looked at.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ..connections import reply
from ..model.desired import Mode, Request
from ..model.marks import NO_OTHERS, Others
from ..model.names import printable_name
from ..model.target import Invalid
from ..outcome.directory import Directory, second_request
from ..outcome.unvisited import invalid_entry, not_managed
from ..results.finding import Reader, masked
from ..results.fleet import BoxReport, FleetReport
from ..results.result import Result
from . import answer, arguments
from .printed import Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryFacts:
    """What the whole inventory says of a box.

    Args:
        problems: why nothing may be sent to it, since what is declared for it may be another customer's.
        directory: names strangers.
        others: what is not the box's own; neither is told to any box.
    """

    problems: tuple[str, ...] = ()
    customer: str | None = None
    store: str | None = None
    directory: Directory = field(default_factory=Directory)
    others: Others = NO_OTHERS

    @classmethod
    def of(cls, fleet: Mapping[str, Any] | None, name: str) -> InventoryFacts:
        """Return what was said of the box of this name, nothing where nobody was asked."""
        row = fleet.get("boxes", {}).get(name) if fleet else None
        if fleet is None or row is None:
            return cls()
        whose = {each: fleet["directory"][each] for each in ("serials", "servers", "databases")}
        return cls(
            problems=tuple(map(str, row["problems"])),
            customer=row["customer"],
            store=row["store"],
            directory=Directory(**whose),
            others=Others(**{kind: frozenset(digests) for kind, digests in row["others"].items()}),
        )


def visit(
    params: Mapping[str, Any],
    ask: Callable[[Request], Printed | Result],
    known: InventoryFacts = InventoryFacts(),
    *,
    check_mode: bool,
    diff: bool,
    now: datetime,
    monotonic: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Look at a box, mend it unless in check mode, and return what the task is to say.

    Args:
        params: as `arguments.ARGUMENT_SPEC` says, absent ones None.
        ask: sends a request to the box and waits, or does it from here by the box's pages; not called for a box whose
            entry cannot be used.
        known: what the whole inventory says of the box.
        diff: add what each repair changes.
        now: when it began.
        monotonic: seconds that never go back.
    """
    mode = Mode.CHECK if check_mode else Mode.RECONCILE
    request, wrong = arguments.request(params, mode)
    if request is None or known.problems:
        entry = Invalid(
            name=printable_name(params["name"]),
            customer=known.customer,
            store=known.store,
            problems=(*wrong, *known.problems),
        )
        return answer.of_refusal(_report(mode, now, invalid_entry(entry)))
    desired = request.desired
    if not desired.declares_something:
        return answer.of_unmanaged(_report(mode, now, not_managed(desired)))
    request = replace(request, desired=replace(desired, compared=known.others.compared))
    began = monotonic()
    result = _asked(ask, request, now)
    if (second := second_request(request, result, known.directory, known.others)) is not None:
        passed = timedelta(seconds=monotonic() - began)
        result = _asked(ask, replace(second, sent_at=second.sent_at and second.sent_at + passed), now)
    judged = known.directory.judged(request, known.others, result)
    return answer.of_run(request, judged, diff=diff, now=now)


def _asked(ask: Callable[[Request], Printed | Result], request: Request, now: datetime) -> Result:
    said = ask(request)
    if isinstance(said, Result):
        return said
    if said.why is not None:
        secrets = reply.secrets_of(request)
        return reply.without(request, now, masked(said.why, *secrets))
    return reply.read(said.output, request, now, said.errors)


def _report(mode: Mode, now: datetime, box: BoxReport) -> FleetReport:
    return FleetReport(mode=mode, started_at=now, seconds=0.0, boxes=(box,), reader=Reader.PLAY)
