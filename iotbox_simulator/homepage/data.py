"""The status routes: that of late 17.0 and 18.0, which fetches, and those of saas-18.3 and 19.0, which only look."""

from __future__ import annotations

from ..machine.certificate_check import end_date
from ..vendor_facts import status
from .host import Host


def old_data(host: Host) -> dict[str, object]:
    """Return the status after a check, which may ask the authority and write the pair."""
    ok, details = host.vendor.status()
    hostname = host.odoo.storage.view().read("/etc/hostname").decode().strip()
    return status.old(_box(host), hostname=hostname, ok=ok, details=details)


def new_data(host: Host) -> dict[str, object]:
    """Return the status; nothing is written and nobody is asked."""
    now = host.odoo.clock.elapsed
    return status.new(
        _box(host),
        serial=host.spec.serial,
        end_date=end_date(host.odoo),
        odoo_seconds=now - host.odoo.started_at,
        system_seconds=now - host.booted_at,
    )


def middle_data(host: Host) -> dict[str, object]:
    """Return the status of saas-18.3; nothing is written and nobody is asked."""
    return status.middle(_box(host), end_date=end_date(host.odoo))


def _box(host: Host) -> status.Box:
    get, image = host.odoo.store.get, host.odoo.image
    return status.Box(
        address=host.spec.address,
        mac=host.spec.mac,
        version=image.shown_version,
        server=get("remote_server"),
        db_uuid=get("db_uuid"),
        enterprise_code=get("enterprise_code"),
        six_terminal=get("six_payment_terminal"),
        system=image.system,
    )
