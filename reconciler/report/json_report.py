"""Results as one JSON object, for `jq` and for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..model import wire
from ..model.desired import WIRE_VERSION
from ..model.result import Result
from .status import exit_status


def render(results: Sequence[Result]) -> str:
    """Return the object: `version`, `exit_status` and `results`, secrets masked."""
    report = {
        "version": WIRE_VERSION,
        "exit_status": exit_status(results),
        "results": [wire.encode(result) for result in results],
    }
    return json.dumps(report, indent=2, ensure_ascii=False)
