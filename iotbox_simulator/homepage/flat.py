"""The pages and forms of 15.0 and 16.0, which keep their values in flat files.

Those of 15.0 were recorded; those of 16.0 follow from its code's description. Showing the status page runs the check
and fetches a certificate if one is due; what the vendor's code does not expect then is an HTTP 500.
"""

from __future__ import annotations

from ..machine.filesystem import BYPASS
from ..vendor_facts import pages
from ..vendor_facts.link import parse_flat
from .common import check_certificate, get_version, hello, log_text
from .host import Host
from .log_levels import list_handlers
from .route import HomepageRoute

REBOOT_AFTER = 1.0


def index(host: Host) -> str:
    """Show the status page, after a check."""
    ok, details = host.vendor.status()
    image, server = host.odoo.image, host.odoo.store.get("remote_server")
    spec = host.spec
    return pages.status(
        version=image.shown_version, address=spec.address, mac=spec.mac, server=server, ok=ok, details=details
    )


def list_credential(host: Host) -> str:
    """Show the credentials in a form, to everyone."""
    get, nothing = host.odoo.store.get, "" if host.odoo.image.branch == "15.0" else "None"
    return pages.credentials(get("db_uuid") or nothing, get("enterprise_code") or nothing)


def save_credential(host: Host, db_uuid: str, enterprise_code: str) -> str:
    """Store both and restart."""
    host.vendor.stores({"db_uuid": db_uuid, "enterprise_code": enterprise_code})
    host.vendor.restarts()
    return pages.back_to(host.spec.address)


def clear_credential(host: Host) -> str:
    """Delete both and restart."""
    host.vendor.stores({"db_uuid": None, "enterprise_code": None})
    host.vendor.restarts()
    return pages.back_to(host.spec.address)


def server_connect(host: Host, token: str, iotname: str) -> str:
    """Store the link and restart some seconds later; the address of the page is the answer.

    A box that gets another name is rebooted at once.
    """
    oldest = host.odoo.image.branch == "15.0"
    if token:
        host.vendor.stores(parse_flat(token, two_parts=oldest))
    if _is_renamed(host, iotname):
        host.odoo.clock.later(REBOOT_AFTER, host.reboot)
    host.vendor.restarts(0.0 if oldest else pages.RESTART_AFTER_LINKING)
    return f"http://{host.spec.address}:8069"


def _is_renamed(host: Host, name: str) -> bool:
    """Give a Linux box the letters, digits and dashes of a name, and say whether it had another one."""
    name = "".join(each for each in name if each.isascii() and (each.isalnum() or each == "-"))
    files = host.odoo.storage.view()
    if not name or host.odoo.image.system != "Linux" or files.read("/etc/hostname").decode().strip() == name:
        return False
    host.odoo.storage.make_writable()
    for root in ("", BYPASS):
        files.write(f"{root}/etc/hostname", f"{name}\n".encode())
    return True


def server_clear(host: Host) -> str:
    """Delete the server and nothing else."""
    host.vendor.stores({"remote_server": None})
    return pages.back_to(host.spec.address)


def handlers(host: Host) -> str:  # noqa: ARG001
    """Show the list of drivers, of which there are none."""
    return pages.HANDLERS


def password(host: Host) -> str:
    """Set another password for `pi`; Windows has none of the programs that do."""
    if host.odoo.image.system != "Linux":
        raise FileNotFoundError(2, "The system cannot find the file specified", "sudo")
    return host.vendor.new_password()


def restart_or_reboot(host: Host, action: str = "") -> str:
    """Restart the program, or the whole box for any other word."""
    if action == "restart_odoo":
        host.vendor.restarts(host.odoo.image.code.restart_after)
    else:
        host.odoo.clock.later(REBOOT_AFTER, host.reboot)
    return "success"


OLDEST = {
    "/": HomepageRoute(index, form=True),
    "/list_credential": HomepageRoute(list_credential, form=True),
    "/save_credential": HomepageRoute(save_credential, form=True),
    "/clear_credential": HomepageRoute(clear_credential, form=True),
    "/server_connect": HomepageRoute(server_connect, form=True),
    "/server_clear": HomepageRoute(server_clear, form=True),
    "/list_handlers": HomepageRoute(handlers, form=True),
    "/hw_drivers/check_certificate": HomepageRoute(check_certificate, form=True),
    "/hw_drivers/download_logs": HomepageRoute(log_text, form=True),
    "/hw_proxy/hello": HomepageRoute(hello, form=True),
    "/hw_proxy/get_version": HomepageRoute(get_version, form=True),
}
"""Of 15.0."""
LATER = OLDEST | {
    "/hw_posbox_homepage/password": HomepageRoute(password, rpc=True),
    "/iot_restart_odoo_or_reboot": HomepageRoute(restart_or_reboot, rpc=True),
    "/list_handlers": HomepageRoute(list_handlers, form=True),
}
"""Of 16.0."""
