"""Routes that several branches have alike."""

from __future__ import annotations

from ..machine.image import LOG
from ..vendor_facts import answers
from .host import Host

LOG_LIMIT = 1 << 20


def hello(host: Host) -> str:  # noqa: ARG001 - every route gets the host
    """Say that the program is alive."""
    return "ping"


def ping(host: Host) -> dict[str, str]:  # noqa: ARG001
    """Say so in JSON."""
    return answers.success("pong")


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
