"""What reports say of a box, taken from wherever a run learnt it; `None` where it did not."""

from __future__ import annotations

import math
from datetime import datetime

from ..model.fleet import BoxReport
from ..model.observed import Certificate, Layout, PairProblem

_DAY = 86400


def address(box: BoxReport) -> str | None:
    """Return the address that the box says it has."""
    observed = box.result and box.result.observed
    return observed.identity.address if observed else None


def serial(box: BoxReport) -> str | None:
    """Return the serial number of the hardware."""
    observed = box.result and box.result.observed
    return observed.identity.serial if observed else None


def layout(box: BoxReport) -> Layout | None:
    """Return image, branch and the rest of how the box is built."""
    observed = box.result and box.result.observed
    return observed.layout if observed else None


def certificate(box: BoxReport) -> Certificate | None:
    """Return the certificate in the live tree."""
    observed = box.result and box.result.observed
    return observed.certificates.live.certificate if observed else None


def pair_problem(box: BoxReport) -> PairProblem | None:
    """Return why the live certificate and its key cannot be used."""
    observed = box.result and box.result.observed
    return observed.certificates.live.problem if observed else None


def is_served(box: BoxReport) -> bool | None:
    """Tell whether nginx presents the live certificate; `None` where no handshake came about."""
    observed, leaf = box.result and box.result.observed, certificate(box)
    if not observed or leaf is None or observed.certificates.served is None:
        return None
    return observed.certificates.served == leaf.fingerprint


def days_left(leaf: Certificate, now: datetime) -> int:
    """Return the whole days until the end; -1 is the day after it."""
    return math.floor((leaf.not_after - now).total_seconds() / _DAY)
