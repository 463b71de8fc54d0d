"""What reports say of a box, taken from wherever a run learnt it; `None` where it did not."""

from __future__ import annotations

from datetime import timedelta

from ..checks.clock import judged_at
from ..codes.writing.wording import whole_days
from ..model.certificate_name import public_name
from ..model.observed import Certificate, Layout, PairProblem
from ..model.part import Part
from ..model.urls import origin
from ..results.fleet import BoxReport


def address(box: BoxReport) -> str | None:
    """Return the address that the box says it has."""
    observed = box.result and box.result.observed
    return observed.identity.address if observed else None


def url(box: BoxReport) -> str | None:
    """Return where tills reach the box with HTTPS; `None` before it has a certificate of its own."""
    observed, leaf = box.result and box.result.observed, certificate(box)
    if not observed or leaf is None or observed.identity.address is None:
        return None
    name = public_name(observed.identity.host, leaf.name)
    return name and f"https://{name}"


def serial(box: BoxReport) -> str | None:
    """Return the serial number of the hardware."""
    observed = box.result and box.result.observed
    return observed.identity.serial if observed else None


def layout(box: BoxReport) -> Layout | None:
    """Return image, branch and the rest of how the box is built."""
    observed = box.result and box.result.observed
    return observed.layout if observed else None


def database(box: BoxReport) -> str | None:
    """Return the address of the database to which the box says it is linked."""
    observed = box.result and box.result.observed
    return origin((observed.store.server_url or "").strip()) if observed else None


def certificate(box: BoxReport) -> Certificate | None:
    """Return the certificate in the live tree."""
    observed = box.result and box.result.observed
    return observed.certificates.live.certificate if observed else None


def pair_problem(box: BoxReport) -> PairProblem | None:
    """Return why the live certificate and its key cannot be used."""
    observed = box.result and box.result.observed
    return observed.certificates.live.problem if observed else None


def unseen(box: BoxReport) -> tuple[Part, ...]:
    """Return what the way to the box cannot show."""
    observed = box.result and box.result.observed
    return observed.unseen if observed else ()


def is_served(box: BoxReport) -> bool | None:
    """Tell whether nginx presents the live certificate; `None` where no handshake came about."""
    observed, leaf = box.result and box.result.observed, certificate(box)
    if not observed or leaf is None or observed.certificates.served is None:
        return None
    return observed.certificates.served == leaf.fingerprint


def left(box: BoxReport) -> timedelta | None:
    """Return how long the certificate in the live tree still lasts, by the time by which the box was judged."""
    observed, leaf = box.result and box.result.observed, certificate(box)
    return leaf.not_after - judged_at(observed) if observed and leaf else None


def days_left(box: BoxReport) -> int | None:
    """Return that in whole days, the number that its findings have, too; negative from the end on."""
    lasts = left(box)
    return None if lasts is None else whole_days(lasts)
