"""A box for which a play declares nothing: judged on the control machine, so that no connection to it is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..model.desired import Desired, Mode
from ..model.fleet import BoxReport, BoxState, FleetReport
from . import answer, arguments


def answer_for(given: Mapping[str, Any], mode: Mode, now: datetime) -> dict[str, Any] | None:
    """Return the module's result for such a box, `None` for any other and for one with arguments that are refused.

    Args:
        given: arguments of the task; those left out are missing.
    """
    left_out = {name: spec.get("default") for name, spec in arguments.ARGUMENT_SPEC.items()}
    request, _ = arguments.request({**left_out, **given}, mode)
    if request is None or request.desired.declares_something:
        return None
    return not_managed(request.desired, mode, now)


def not_managed(desired: Desired, mode: Mode, now: datetime) -> dict[str, Any]:
    """Return the module's result for such a box."""
    box = BoxReport(name=desired.name, state=BoxState.NOT_MANAGED, customer=desired.customer, store=desired.store)
    return answer.of_unmanaged(FleetReport(mode=mode, started_at=now, seconds=0.0, boxes=(box,)))
