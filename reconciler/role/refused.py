"""What the module says of a box which the whole inventory makes impossible, so that it is not even connected to.

For what would be sent there may be another customer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..model.desired import Mode
from ..model.fleet import BoxReport, BoxState, FleetReport
from . import answer


def result(name: str, row: Mapping[str, Any], mode: Mode, started_at: datetime) -> dict[str, Any]:
    """Return the module's result.

    Args:
        row: what the inventory says of the box, with `problems`.
    """
    box = BoxReport(
        name=name,
        state=BoxState.INVALID,
        customer=row["customer"],
        store=row["store"],
        problems=tuple(map(str, row["problems"])),
    )
    return answer.of_refusal(FleetReport(mode=mode, started_at=started_at, seconds=0.0, boxes=(box,)))
