"""The status objects: those of late 17.0 and 18.0, of saas-18.3, and of 19.0 and later."""

from __future__ import annotations

from dataclasses import dataclass

NOT_CONFIGURED = "Not Configured"


@dataclass(frozen=True)
class Box:
    """What a box says of itself, whatever the branch; None is a value that it does not have."""

    address: str
    mac: str
    version: str
    server: str | None
    db_uuid: str | None
    enterprise_code: str | None
    six_terminal: str | None
    system: str = "Linux"


def old(box: Box, *, hostname: str, ok: bool, details: str) -> dict[str, object]:
    """Return the status of late 17.0 and 18.0, with what the check of the certificate said."""
    return {
        "db_uuid": box.db_uuid,
        "enterprise_code": box.enterprise_code,
        "hostname": hostname,
        "ip": box.address,
        "mac": box.mac,
        "iot_device_status": [],
        "server_status": box.server or NOT_CONFIGURED,
        "pairing_code": False,
        "six_terminal": box.six_terminal or NOT_CONFIGURED,
        "network_status": "Ethernet",
        "version": box.version,
        "system": box.system,
        "is_certificate_ok": ok,
        "certificate_details": details,
    }


def middle(box: Box, *, end_date: str | None) -> dict[str, object]:
    """Return the status of saas-18.3, which has the end of the certificate in place of a verdict."""
    return {
        "db_uuid": box.db_uuid,
        "enterprise_code": box.enterprise_code,
        "ip": box.address,
        "mac": box.mac,
        "devices": {},
        "server_status": box.server or NOT_CONFIGURED,
        "pairing_code": False,
        "six_terminal": box.six_terminal or NOT_CONFIGURED,
        "is_access_point_up": False,
        "network_interfaces": [{"id": "eth0", "is_wifi": False, "ssid": None, "ip": box.address}],
        "version": box.version,
        "system": box.system,
        "certificate_end_date": end_date,
    }


def new(
    box: Box, *, serial: str, end_date: str | None, odoo_seconds: float, system_seconds: float
) -> dict[str, object]:
    """Return the status of 19.0 and later; seconds are those since Odoo and the box were started."""
    return {
        "db_uuid": box.db_uuid,
        "enterprise_code": box.enterprise_code,
        "ip": box.address,
        "identifier": serial,
        "mac_address": box.mac,
        "devices": {},
        "server_status": box.server or "",
        "pairing_code": False,
        "new_database_url": False,
        "pairing_code_expired": False,
        "six_terminal": box.six_terminal or NOT_CONFIGURED,
        "is_access_point_up": False,
        "network_interfaces": [{"id": "eth0", "is_wifi": False, "ssid": None, "ip": box.address}],
        "version": box.version,
        "system": box.system,
        "odoo_uptime_seconds": odoo_seconds,
        "system_uptime_seconds": system_seconds,
        "certificate_end_date": end_date,
        "wifi_ssid": None,
        "qr_code_wifi": None,
        "qr_code_url": None,
    }
