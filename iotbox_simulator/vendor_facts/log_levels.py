"""The levels of the log as pages show and set them: what is sent, and what is answered."""

from __future__ import annotations

from html import escape
from typing import Final

PREFIX: Final = "iot-logging-"
TO_SERVER: Final = "log-to-server"
LEVELS: Final = ("debug", "info", "warning", "error")
RECOMMENDED: Final = "warning"
UPDATED: Final = "Logger level updated"
UNKNOWN: Final = "Invalid logger name"
LOGGERS: Final = {"root": "", "odoo": "odoo"}
"""What the page calls them, and their names in Python. Those of drivers and interfaces are left out."""
WEB: Final = "werkzeug"
"""Set together with `odoo`, and never to debug."""
KEPT_FOR: Final = 7 * 86400.0
"""Seconds after which the program goes back to its usual levels."""
_PAGE = """<!DOCTYPE HTML>
<html><body>
    <h2 class="text-center text-green">Logging</h2>
    <form method="post">
{selects}
        <input class="btn" type="submit" value="Update Logs Configuration"/>
    </form>
</body></html>
"""
_SELECT = """        <label for="{name}">{title} log level (Current value: {level}):</label>
        <select name="{name}" id="{name}">
{options}
        </select>
"""
_OPTION = '            <option value="{level}" {selected}>{word}</option>'


def web_level(level: str) -> str:
    """Return the level that the web server's logger gets beside one of `odoo`."""
    return "info" if level == "debug" else level


def shown(*, root: str, odoo: str, server: str | None) -> dict[str, object]:
    """Return the answer of `log_levels`, in the levels' own spelling."""
    return {
        "title": "Odoo's IoT Box - Handlers list",
        "breadcrumb": "Handlers list",
        "drivers_list": [],
        "interfaces_list": [],
        "server": server,
        "is_log_to_server_activated": False,
        "root_logger_log_level": root,
        "odoo_current_log_level": odoo,
        "recommended_log_level": RECOMMENDED,
        "available_log_levels": list(LEVELS),
        "drivers_logger_info": {},
        "interfaces_logger_info": {},
    }


def page(*, root: str, odoo: str) -> str:
    """Return the page of 16.0 on which they are chosen."""
    selects = _select("root", "Root", root) + _select("odoo", "Odoo", odoo)
    return _PAGE.format(selects=selects)


def _select(name: str, title: str, level: str) -> str:
    options = "\n".join(
        _OPTION.format(level=each, selected="selected" if each == level else "", word=each.capitalize())
        for each in LEVELS
    )
    return _SELECT.format(name=f"{PREFIX}{name}", title=title, level=escape(level), options=options)
