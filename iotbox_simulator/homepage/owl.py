"""The JSON routes of late 17.0, 18.0, 19.0 and later, for a page that runs in the browser.

Those of 17.0 and 19.0 were recorded, those of 18.0 and of 19.1 follow from their code's description. Up to 18.0 reading
`data` runs the check and fetches a certificate if one is due, and strange replies of the authority are an HTTP 500.
"""

from __future__ import annotations

from collections.abc import Callable

from ..machine.image import LOG
from ..machine.spec import Image
from ..vendor_facts import answers
from ..vendor_facts.link import parse
from .common import check_certificate, get_version, hello, log_text, ping
from .data import middle_data, new_data, old_data
from .host import Host
from .log_levels import log_levels, log_levels_update
from .route import HomepageRoute

REBOOT_AFTER = 1.0
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
    """Return the log of the program; older code looks at a path of Linux, wherever it runs."""
    if host.odoo.image.system != "Linux" and host.odoo.image.code.homepage != "iot_drivers":
        raise FileNotFoundError(2, "No such file or directory", LOG)
    return {"status": "success", "logs": log_text(host)}


def download_logs(host: Host) -> str:
    """Return the log as a file, where an option names one: on Linux the unit collects what is printed."""
    is_named = host.odoo.image.system != "Linux" or host.odoo.image.code.homepage == "iot_drivers"
    return log_text(host) if is_named else ""


def index(host: Host) -> str:  # noqa: ARG001
    """Return the shell into which the browser draws the page."""
    return "<!DOCTYPE html>\n<html><head><title>IoT Box</title></head><body></body></html>\n"


def table(image: Image) -> dict[str, HomepageRoute]:
    """Return every path of a branch."""
    newer, looks = image.code.homepage == "iot_drivers", image.code.replies == "logged"
    data = new_data if newer else middle_data if looks else old_data
    routes = {
        "data": HomepageRoute(data),
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
    if newer:
        routes["download_logs"] = HomepageRoute(download_logs)
    if image.branch == "18.0":
        routes["restart_iotbox"] = HomepageRoute(restart_iotbox, linux_only=True)
    return {f"/{image.code.homepage}/{name}": route for name, route in routes.items()} | _outside(image)


def _outside(image: Image) -> dict[str, HomepageRoute]:
    shared = {"/": HomepageRoute(index), "/hw_proxy/hello": HomepageRoute(hello)}
    if image.code.homepage == "iot_drivers":
        return shared
    if image.code.replies != "logged":
        shared["/hw_drivers/check_certificate"] = HomepageRoute(check_certificate)
    return shared | {
        "/hw_drivers/download_logs": HomepageRoute(download_logs),
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
