"""Reports of boxes to which nothing is sent: their entry cannot be used, or declares nothing."""

from __future__ import annotations

from dataclasses import replace

from ..model.desired import Desired
from ..model.target import Invalid
from ..results.fleet import BoxReport, BoxState


def invalid_entry(each: Invalid) -> BoxReport:
    """Report a box whose inventory entry cannot be used."""
    return BoxReport(
        name=each.name,
        state=BoxState.INVALID,
        customer=each.customer,
        store=each.store,
        problems=each.problems,
    )


def not_managed(desired: Desired) -> BoxReport:
    """Report a box for which nothing is declared; where its entry says whose or which it is, that was not meant."""
    blank = BoxReport(name=desired.name, state=BoxState.NOT_MANAGED, customer=desired.customer, store=desired.store)
    if not desired.said_of_it:
        return blank
    said = " and ".join(f"iot_https_{name}" for name in desired.said_of_it)
    verb = "is" if len(desired.said_of_it) == 1 else "are"
    way_out = (
        "set iot_https_server_url or another of docs/inventory.md, have iot-https adopt declare what the box has, "
        "or iot_https_managed: false where it is none"
    )
    problem = f"{said} {verb} set, and nothing says what the box should be: {way_out}"
    return replace(blank, state=BoxState.NOT_ATTEMPTED, problems=(problem,))
