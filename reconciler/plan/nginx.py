"""Whether nginx has to be told of the pair that is in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..checks.validity import sound
from ..model.repair import RepairKind
from ..results.result import Repair
from .case import Judged, changes_live


def repairs(case: Judged, planned: Sequence[Repair]) -> Iterator[Repair]:
    """Reload where that is all that is missing: putting a pair in place loads it and proves that it is served."""
    asked = case.asking_for(RepairKind.LOAD_NGINX)
    live = case.certificates.live
    if asked and case.nginx_loads and sound(live) and not any(map(changes_live, planned)):
        yield Repair(kind=RepairKind.LOAD_NGINX, because=asked)
