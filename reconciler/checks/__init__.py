"""Pure checks: what a box should be and what it is go in, findings come out.

Each takes a `Case` and looks at one thing, so that they can be told apart, ordered and tested one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..results.finding import Finding, on
from . import box, certificate, clients, clock, link, manager, odoo_options, placement, resolvers, services, store
from .case import Case, Check
from .unknown import unknown_findings

__all__ = ["CONVERGE", "GATES", "Case", "Check", "gate", "run"]

GATES: Final[tuple[Check, ...]] = (
    box.check_layout,
    box.check_python,
    box.check_identity,
    link.check_linked_elsewhere,
)
"""Where one of these finds something, nothing else means anything: it is no box that we know, or somebody else's."""

CONVERGE: Final[tuple[Check, ...]] = (
    box.check_access_point,
    clock.check_clock,
    box.check_disk,
    box.check_foreign_links,
    resolvers.check_resolvers,
    resolvers.check_resolvers_persist,
    resolvers.check_resolvers_work,
    services.check_status_page,
    store.check_store_readable,
    store.check_store_form,
    store.check_store_warnings,
    link.check_no_server,
    link.check_server,
    link.check_db_name,
    link.check_no_credential,
    link.check_credentials,
    certificate.check_pair,
    certificate.check_temporary,
    certificate.check_dates,
    certificate.check_accepted,
    certificate.check_chain_complete,
    certificate.check_chain_trusted,
    certificate.check_common_name,
    certificate.check_nothing_newer,
    placement.check_subject,
    placement.check_persisted,
    placement.check_served,
    placement.check_renewable,
    placement.check_key_private,
    services.check_nginx_config,
    services.check_nginx_certificate,
    services.check_nginx,
    services.check_odoo_stopped,
    odoo_options.check_odoo_options,
    services.check_odoo,
    manager.check_odoo_manager,
    services.check_odoo_restart,
    *clients.CHECKS,
)
"""All that `check` and `reconcile` look for, in the order in which a technician should read it."""


def gate(case: Case) -> Finding | None:
    """Return why this box is not to be touched or judged, or None when it is one of ours that we know."""
    return next((each for check in GATES if (each := check(case)) is not None), None)


def run(checks: Sequence[Check], case: Case) -> tuple[Finding, ...]:
    """Return what the checks find, and one finding for each part that could not be observed.

    Args:
        checks: an ordered tuple such as `CONVERGE`.
    """
    system = case.observed.layout.system
    if (closed := gate(case)) is not None:
        return on(system, (closed,))
    found = (check(case) for check in checks)
    return on(system, (*(each for each in found if each is not None), *unknown_findings(case)))
