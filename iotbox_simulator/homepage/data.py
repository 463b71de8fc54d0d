"""The two status objects: that of late 17.0 and 18.0, which fetches, and that of 19.0, which only looks."""

from __future__ import annotations

from ..machine.certificate_check import end_date
from .host import Host

NOT_CONFIGURED = "Not Configured"


def old_data(host: Host) -> dict[str, object]:
    """Return the status after a check, which may ask the authority and write the pair."""
    odoo = host.odoo
    ok, details = host.vendor.status()
    get = odoo.store.get
    return {
        "db_uuid": get("db_uuid"),
        "enterprise_code": get("enterprise_code"),
        "hostname": _hostname(host),
        "ip": host.spec.address,
        "mac": host.spec.mac,
        "iot_device_status": [],
        "server_status": get("remote_server") or NOT_CONFIGURED,
        "pairing_code": False,
        "six_terminal": get("six_payment_terminal") or NOT_CONFIGURED,
        "network_status": "Ethernet",
        "version": odoo.image.shown_version,
        "system": odoo.image.system,
        "is_certificate_ok": ok,
        "certificate_details": details,
    }


def new_data(host: Host) -> dict[str, object]:
    """Return the status; nothing is written and nobody is asked."""
    odoo, address = host.odoo, host.spec.address
    get, now = odoo.store.get, odoo.clock.elapsed
    return {
        "db_uuid": get("db_uuid"),
        "enterprise_code": get("enterprise_code"),
        "ip": address,
        "identifier": host.spec.serial,
        "mac_address": host.spec.mac,
        "devices": {},
        "server_status": get("remote_server") or "",
        "pairing_code": False,
        "new_database_url": False,
        "pairing_code_expired": False,
        "six_terminal": get("six_payment_terminal") or NOT_CONFIGURED,
        "is_access_point_up": False,
        "network_interfaces": [{"id": "eth0", "is_wifi": False, "ssid": None, "ip": address}],
        "version": odoo.image.shown_version,
        "system": odoo.image.system,
        "odoo_uptime_seconds": now - odoo.started_at,
        "system_uptime_seconds": now - host.booted_at,
        "certificate_end_date": end_date(odoo),
        "wifi_ssid": None,
        "qr_code_wifi": None,
        "qr_code_url": None,
    }


def _hostname(host: Host) -> str:
    return host.odoo.storage.view().read("/etc/hostname").decode().strip()
