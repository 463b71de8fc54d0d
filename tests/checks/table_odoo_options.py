"""Rows about options of Odoo: a value, and what it does to tills. Another option, or another value, is one more row."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.severity import Severity


@dataclass(frozen=True)
class Row:
    """`severity`: of the finding, `None` where there is none; `branch`: of the vendor's code."""

    option: str
    value: str
    severity: Severity | None
    branch: str = "19.0"


NONE, CUT, SEEN = None, Severity.ERROR, Severity.WARNING
ROWS = (
    Row("http_interface", "0.0.0.0", NONE),
    Row("http_interface", "", NONE),
    Row("http_interface", "::", NONE),
    Row("http_interface", "127.0.0.1", SEEN),
    Row("http_interface", "localhost", SEEN, "17.0"),
    Row("http_interface", "127.0.0.1", NONE, "saas-19.1"),
    Row("http_interface", "127.0.0.1", NONE, "saas-19.2"),
    Row("http_interface", "127.0.0.1", SEEN, "master"),
    Row("http_interface", "192.168.1.20", CUT),
    Row("http_interface", "192.168.1.20", CUT, "saas-19.1"),
    Row("http_interface", "::1", CUT),
    Row("http_interface", "eth0", CUT),
    Row("http_port", "8069", NONE),
    Row("http_port", "8070", CUT),
    Row("http_port", "no number", CUT),
    Row("http_enable", "True", NONE),
    Row("http_enable", "False", CUT),
    Row("server_wide_modules", "iot_drivers,web", NONE),
    Row("server_wide_modules", "hw_drivers,hw_escpos,hw_posbox_homepage,web", NONE, "17.0"),
    Row("server_wide_modules", "base, hw_drivers , web", NONE),
    Row("server_wide_modules", "web", CUT),
    Row("server_wide_modules", "base,web,hw_drivers_extra", CUT),
    Row("proxy_mode", "False", NONE),
    Row("proxy_mode", "True", SEEN),
)
