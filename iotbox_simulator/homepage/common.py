"""Routes that several branches have alike."""

from __future__ import annotations

from ..machine.image import LOG
from .host import Host

LOG_LIMIT = 1 << 20


def hello(host: Host) -> str:  # noqa: ARG001 - every route gets the host
    """Say that the program is alive."""
    return "ping"


def ping(host: Host) -> dict[str, str]:  # noqa: ARG001
    """Say so in JSON."""
    return success("pong")


def get_version(host: Host) -> str:
    """Return the version of the image."""
    return host.odoo.image.shown_version


def check_certificate(host: Host) -> str:
    """Check, and fetch if one is due: the route of the daily job."""
    host.vendor.status()
    return ""


def log_text(host: Host) -> str:
    """Return the program's log."""
    return host.odoo.storage.view().read_end(LOG, LOG_LIMIT).decode(errors="replace")


def success(message: str) -> dict[str, str]:
    """Return the answer of a route that did what it was asked."""
    return {"status": "success", "message": message}
