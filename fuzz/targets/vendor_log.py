"""The end of the vendor's log, and the details of its status pages."""

from __future__ import annotations

import json

from reconciler.box.services import vendor_log, vendor_status
from reconciler.codes import CodeName
from reconciler.model.secret import Secret

from ..oracle import CANARY, check_shown, planted

_STAMP = "2026-11-23 22:07:57,527 84 WARNING ? odoo.addons.iot_drivers.tools.certificate: "


def seeds() -> list[bytes]:
    """Lines of both kinds of branches, tracebacks between them, and two pages."""
    page = "<tr><td>HTTPS certificate</td><td><code style='x'>ERR_IOT_HTTPS_LOAD_REQUEST_STATUS 404\n\nNo</code>"
    lines = (
        f"{_STAMP}An error occurred while trying to reach odoo.com to get a new certificate: 503 Server Error: @@",
        f"{_STAMP}Error received from odoo.com while trying to get the certificate: No IoT Box subscription",
        "Traceback (most recent call last):\n  File x\nrequests.exceptions.HTTPError: 404",
        f"{_STAMP}An error happened when trying to get the HTTPS certificate: ERR_IOT_HTTPS_LOAD_REQUEST_STATUS 404",
    )
    details = {"is_certificate_ok": False, "certificate_details": "ERR_IOT_HTTPS_LOAD_NO_CREDENTIAL"}
    return ["\n".join(lines).encode(), page.encode(), json.dumps(details).encode(), b"", b"HTTPS certificate<code" * 50]


def one_input(data: bytes) -> None:
    """A few codes with a printable line each, and one line of details."""
    text = planted(data).decode("utf-8", errors="replace")
    found = vendor_log.entries(text, Secret(CANARY))
    assert len(found) <= vendor_log.MOST
    for entry in found:
        CodeName(entry.code)
        check_shown(entry.text)
    assert "\n" not in vendor_status.details(text)
