"""The task `iot_https` as a play has it: judged, done on its box through Ansible, and its report kept in a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from ..model.desired import Mode
from ..model.secret import redact
from ..results.fleet import BoxState
from . import answer, arguments, by_homepage, results_folder, unreachable
from .ask import PlayedBox, Unreachable, ask
from .visit import InventoryFacts, visit

__all__ = ["FLEET", "TaskRefused", "Unreachable", "carry_out"]

FLEET: Final = "__iot_https_fleet"
"""Variable in which the role keeps what the task before it said of the whole inventory."""


class TaskRefused(Exception):
    """The task cannot be done as it is written, or its report cannot be kept; the text is one line."""


def carry_out(
    task: Mapping[str, Any],
    variables: Mapping[str, Any],
    box: PlayedBox,
    *,
    check_mode: bool,
    diff: bool,
    now: datetime,
    unread: tuple[str, ...] = (),
    monotonic: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Look at a box, repair it unless in check mode, and return the result of the task.

    Args:
        task: its arguments as they are written, `arguments.ARGUMENT_SPEC` and `results_folder`.
        variables: all that the play knows for this box.
        diff: add what each repair changes.
        now: when it began.
        unread: a line for each variable that is declared and cannot be read.
        monotonic: seconds that never go back.

    Raises:
        TaskRefused: it cannot be done.
        Unreachable: Ansible has no connection to the box, or its pages do not answer; that is kept, too.
    """
    try:
        arguments.refuse_facts(variables.get("ansible_facts") or {})
        params, folder = arguments.taken(task)
        pages = by_homepage.asking(box.address()) if by_homepage.is_by_homepage(params) else None
    except arguments.BadArguments as error:
        raise TaskRefused(str(error)) from None
    known = InventoryFacts.of(variables.get(FLEET), params["name"])
    known = replace(known, problems=(*unread, *known.problems))
    began = monotonic()
    try:
        made = visit(
            params, pages or partial(ask, box), known, check_mode=check_mode, diff=diff, now=now, monotonic=monotonic
        )
    except Unreachable as error:
        report = unreachable.report(
            params["name"],
            customer=params["customer"],
            store=params["store"],
            mode=Mode.CHECK if check_mode else Mode.RECONCILE,
            started_at=now,
            seconds=monotonic() - began,
            said=str(error),
            refused=error.is_refused,
        )
        _keep(folder, params["name"], answer.of_no_connection(report))
        raise Unreachable(redact(str(error)), is_refused=error.is_refused) from None
    _keep(folder, params["name"], made["report"])
    if pages is not None and made["state"] == BoxState.UNREACHABLE:
        raise Unreachable(redact(made["msg"]))
    return made


def _keep(folder: str | None, name: str, report: object) -> None:
    if not folder:
        return
    try:
        results_folder.write(folder, name, report)
    except results_folder.ResultsError as error:
        raise TaskRefused(str(error)) from None
