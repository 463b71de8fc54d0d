"""The JSON routes of late 17.0, 18.0, 19.0 and later, for a page that runs in the browser.

Those of 17.0 and 19.0 were recorded, those of 18.0 and of 19.1 follow from their code's description. Up to 18.0 reading
`data` runs the check and fetches a certificate if one is due, and strange replies of the authority are an HTTP 500.
"""

from __future__ import annotations

from collections.abc import Callable

from ..machine.spec import Image
from ..vendor_facts import answers
from ..vendor_facts.link import parse
from .common import check_certificate, get_version, hello, log_text, ping
from .data import new_data, old_data
from .host import Host
from .route import HomepageRoute

REBOOT_AFTER = 1.0
_LOGGING = "iot-logging-"
_LEVELS = ("debug", "info", "warning", "error")
_CLASS = "IotBoxOwlHomePage"
"""Shows in the vendor's error messages."""
_CLEARED = {
    "17.0": ("remote_server", "token", "db_uuid"),
    "18.0": ("remote_server", "token", "db_uuid", "enterprise_code"),
}
_CLEARED_NEWER = (*_CLEARED["18.0"], "db_name")


def save_credential(host: Host, db_uuid: str, enterprise_code: str) -> dict[str, str]:
    """Store both and restart at once."""
    host.vendor.stores({"db_uuid": db_uuid, "enterprise_code": enterprise_code})
    host.vendor.restarts()
    return answers.success(answers.SAVED)


def clear_credential(host: Host) -> dict[str, str]:
    """Delete both and restart at once."""
    host.vendor.stores({"db_uuid": None, "enterprise_code": None})
    host.vendor.restarts()
    return answers.success(answers.CLEARED)


def connect_older(host: Host, token: str = "") -> dict[str, str]:
    """Store the link and restart a second later; nothing happens where the token is bad."""
    failure = _link(host, token) if token else None
    if failure is None:
        host.vendor.restarts(answers.RESTART_AFTER_LINKING)
    return failure or answers.success(answers.CONNECTED)


def connect_newer(host: Host, token: str) -> dict[str, str]:
    """Store the link and restart a second later, after a bad token too."""
    failure = _link(host, token) if token else None
    host.vendor.restarts(answers.RESTART_AFTER_LINKING)
    return failure or answers.success(answers.CONNECTED)


def server_clear(host: Host) -> dict[str, str]:
    """Delete the link, never the subject; only the newer code restarts."""
    image = host.odoo.image
    host.vendor.stores(dict.fromkeys(_CLEARED.get(image.branch, _CLEARED_NEWER)))
    if image.code.homepage == "iot_drivers":
        host.vendor.restarts()
    return answers.success(answers.DISCONNECTED)


def restart_odoo_service(host: Host) -> dict[str, str]:
    """Restart the program."""
    host.vendor.restarts()
    return answers.success(answers.RESTARTED)


def restart_iotbox(host: Host) -> dict[str, str]:
    """Reboot the box."""
    host.odoo.clock.later(REBOOT_AFTER, host.reboot)
    return answers.success("IoT Box is restarting")


def generate_password(host: Host) -> dict[str, str]:
    """Set another password for `pi` and tell it to whoever asks."""
    return {"password": host.vendor.new_password()}


def iot_logs(host: Host) -> dict[str, str]:
    """Return the log of the program."""
    return {"status": "success", "logs": log_text(host)}


def log_levels(host: Host) -> dict[str, object]:
    """Return the levels of the log."""
    return {
        "root_logger_log_level": _level(host, ""),
        "odoo_current_log_level": _level(host, "odoo"),
        "interfaces_logger_info": {},
        "drivers_logger_info": {},
    }


def log_levels_update(host: Host, name: str, value: str) -> dict[str, str]:
    """Change a level at once, and write it; Odoo's own takes that of its web server along."""
    if not name.startswith(_LOGGING):
        return {"status": "error", "message": "Invalid logger name"}
    logger = name.removeprefix(_LOGGING)
    changed = {"": value} if logger == "root" else {"odoo": value, "werkzeug": "info" if value == "debug" else value}
    store = host.odoo.store
    if value in _LEVELS:
        kept = [each for each in store.handlers if each.partition(":")[0] not in changed]
        store.handlers = [*kept, *(f"{each}:{level.upper()}" for each, level in changed.items())]
        host.vendor.saves_levels()
    return answers.success("Logger level updated")


def _level(host: Host, logger: str) -> str:
    known = dict(each.split(":", 1) for each in host.odoo.store.handlers)
    return known.get(logger, known.get("", "WARNING")).lower()


def index(host: Host) -> str:  # noqa: ARG001
    """Return the shell into which the browser draws the page."""
    return "<!DOCTYPE html>\n<html><head><title>IoT Box</title></head><body></body></html>\n"


def table(image: Image) -> dict[str, HomepageRoute]:
    """Return every path of a branch."""
    newer = image.code.homepage == "iot_drivers"
    routes = {
        "data": HomepageRoute(new_data if newer else old_data),
        "ping": HomepageRoute(ping),
        "restart_odoo_service": HomepageRoute(restart_odoo_service),
        "iot_logs": HomepageRoute(iot_logs),
        "log_levels": HomepageRoute(log_levels),
        "log_levels_update": _method(log_levels_update),
        "save_credential": _method(save_credential),
        "clear_credential": HomepageRoute(clear_credential),
        "connect_to_server": _method(connect_newer if newer else connect_older),
        "server_clear": HomepageRoute(server_clear),
        "generate_password": HomepageRoute(generate_password, rpc=newer, linux_only=True),
    }
    if image.branch == "18.0":
        routes["restart_iotbox"] = HomepageRoute(restart_iotbox, linux_only=True)
    return {f"/{image.code.homepage}/{name}": route for name, route in routes.items()} | _outside(newer=newer)


def _outside(*, newer: bool) -> dict[str, HomepageRoute]:
    shared = {"/": HomepageRoute(index), "/hw_proxy/hello": HomepageRoute(hello)}
    if newer:
        return shared
    return shared | {
        "/hw_drivers/check_certificate": HomepageRoute(check_certificate),
        "/hw_drivers/download_logs": HomepageRoute(log_text),
        "/hw_proxy/get_version": HomepageRoute(get_version),
    }


def _link(host: Host, token: str) -> dict[str, str] | None:
    """Store a link; return the answer that says why that failed."""
    try:
        host.vendor.stores(parse(token, knows_db_name=host.odoo.image.code.knows_db_name))
    except ValueError:
        return answers.failure(answers.BAD_URL)
    except (TypeError, OSError):
        return answers.failure(answers.NOT_CONNECTED)
    return None


def _method(function: Callable[..., object]) -> HomepageRoute:
    """Return a JSON-RPC route whose errors name the vendor's method."""
    name = "connect_to_odoo_server" if function in (connect_older, connect_newer) else function.__name__
    function.__qualname__ = f"{_CLASS}.{name}"
    return HomepageRoute(function, rpc=True)
