"""Which routes a branch has here, and which only the real one has."""

from __future__ import annotations

from functools import lru_cache

from ..machine.code import HomepageKind
from ..machine.spec import Image
from . import flat, owl
from .route import HomepageRoute

_DEVICES = ("/hw_proxy/handshake", "/hw_proxy/status_json", "/hw_drivers/action", "/hw_drivers/event")
_OWL = (
    "enable_ngrok",
    "load_iot_handlers",
    "six_payment_terminal_add",
    "six_payment_terminal_clear",
    "update_git_tree",
    "update_wifi",
    "version_info",
    "wifi",
    "wifi_clear",
)
NOT_SIMULATED: dict[HomepageKind, tuple[str, ...]] = {
    "html": (
        *_DEVICES,
        "/enable_ngrok",
        "/handlers_clear",
        "/hw_drivers/box/connect",
        "/hw_proxy/upgrade",
        "/load_iot_handlers",
        "/remote_connect",
        "/server",
        "/six_payment_terminal",
        "/step_configure",
        "/steps",
        "/wifi",
        "/wifi_clear",
        "/wifi_connect",
    ),
    "hw_posbox_homepage": (
        *_DEVICES,
        "/logs",
        *(f"/hw_posbox_homepage/{name}" for name in ("clear_iot_handlers", "upgrade", *_OWL)),
    ),
    "iot_drivers": (
        "/hw_proxy/status_json",
        "/logs",
        "/status",
        *(f"/iot_drivers/{name}" for name in ("action", "disable_ngrok", "event", "is_ngrok_enabled")),
        *(f"/iot_drivers/{name}" for name in _OWL),
    ),
}
"""Answered with 501, so that nobody takes them for routes that a box lacks."""


@lru_cache(maxsize=32)
def routes(image: Image) -> dict[str, HomepageRoute]:
    """Return every path that a box of this image and branch answers."""
    if image.code.homepage == "html":
        return flat.OLDEST if image.branch == "15.0" else flat.LATER
    return owl.table(image)
