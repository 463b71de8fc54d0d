"""The pages and forms of 15.0 and 16.0, which keep their values in flat files.

Those of 15.0 were recorded; those of 16.0 follow from its code's description. Showing the status page runs the check
and fetches a certificate if one is due; what the vendor's code does not expect then is an HTTP 500.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from .common import check_certificate, get_version, hello, log_text
from .host import Host
from .link import parse_flat
from .route import Route

if TYPE_CHECKING:
    from jinja2 import Template

HELP = "https://www.odoo.com/documentation/master/applications/productivity/iot/config/https_certificate_iot.html"
RESTART_AFTER_LINKING = 5.0
REBOOT_AFTER = 1.0
_STATUS = """<!DOCTYPE HTML>
<html>
    <head><title>Odoo's IoTBox</title></head>
    <body><table>
        <tr><td class="heading">Version</td><td>{{ version }}</td></tr>
        <tr><td class="heading">IP Address</td><td>{{ address }}</td></tr>
        <tr><td class="heading">Server</td><td>{{ server or 'Not Configured' }}</td></tr>
        <tr class="{{ '' if ok else 'warn-tr' }}">
            <td class="heading">HTTPS certificate</td>
            <td>
            {% if ok %}
                    <details>
                        <summary>OK</summary>
                        <code>{{ details }}</code>
                    </details>
            {% else %}
                    Error code:
                    <a target="_blank" class="btn btn-sm float-right" href="{{ help }}#{{ anchor }}">help</a>
                    <br/>
                    <code style="white-space: pre-wrap;">{{ details }}</code>
            {% endif %}
            </td>
        </tr>
    </table></body>
</html>
"""
_CREDENTIALS = """<!DOCTYPE HTML>
<html><body>
    <form id="list-credential" action='/save_credential' method='POST'>
        <table>
            <tr>
                <td>DB uuid</td>
                <td><input type="text" name="db_uuid" value="{{ db_uuid }}"></td>
            </tr>
            <tr>
                <td>Contract Number</td>
                <td><input type="text" name="enterprise_code" value="{{ enterprise_code }}"></td>
            </tr>
            <tr>
                <td><input class="btn" type="submit" value="Save"/></td>
            </tr>
        </table>
    </form>
            <form id="credential-clear" style="display: inline-block;margin-left: 4px;">
                <input class="btn btn-sm" type="submit" value="Clear"/>
            </form>
</body></html>
"""


def index(host: Host) -> str:
    """Show the status page, after a check."""
    ok, details = host.vendor.status()
    return _template(_STATUS).render(
        version=host.odoo.image.shown_version,
        address=host.spec.address,
        server=host.odoo.store.get("remote_server"),
        ok=ok,
        details=details,
        help=HELP,
        anchor=details.partition(" ")[0].replace("_", "-").lower(),
    )


def list_credential(host: Host) -> str:
    """Show the credentials in a form, to everyone."""
    get = host.odoo.store.get
    return _template(_CREDENTIALS).render(db_uuid=get("db_uuid") or "", enterprise_code=get("enterprise_code") or "")


def save_credential(host: Host, db_uuid: str, enterprise_code: str) -> str:
    """Store both and restart."""
    host.vendor.stores({"db_uuid": db_uuid, "enterprise_code": enterprise_code})
    host.vendor.restarts()
    return _refresh(host)


def clear_credential(host: Host) -> str:
    """Delete both and restart."""
    host.vendor.stores({"db_uuid": None, "enterprise_code": None})
    host.vendor.restarts()
    return _refresh(host)


def server_connect(host: Host, token: str) -> str:
    """Store the link and restart some seconds later; the address of the page is the answer."""
    oldest = host.odoo.image.branch == "15.0"
    host.vendor.stores(parse_flat(token, two_parts=oldest))
    host.vendor.restarts(0.0 if oldest else RESTART_AFTER_LINKING)
    return f"http://{host.spec.address}:8069"


def server_clear(host: Host) -> str:
    """Delete the server and nothing else."""
    host.vendor.stores({"remote_server": None})
    return _refresh(host)


def password(host: Host) -> str:
    """Set another password for `pi`."""
    return host.vendor.new_password()


def restart_or_reboot(host: Host, action: str = "") -> str:
    """Restart the program, or the whole box for any other word."""
    if action == "restart_odoo":
        host.vendor.restarts()
    else:
        host.odoo.clock.later(REBOOT_AFTER, host.reboot)
    return "success"


def _refresh(host: Host) -> str:
    return f"<meta http-equiv='refresh' content='20; url=http://{host.spec.address}:8069'>"


OLDEST = {
    "/": Route(index, form=True),
    "/list_credential": Route(list_credential, form=True),
    "/save_credential": Route(save_credential, form=True),
    "/clear_credential": Route(clear_credential, form=True),
    "/server_connect": Route(server_connect, form=True),
    "/server_clear": Route(server_clear, form=True),
    "/hw_drivers/check_certificate": Route(check_certificate, form=True),
    "/hw_drivers/download_logs": Route(log_text, form=True),
    "/hw_proxy/hello": Route(hello, form=True),
    "/hw_proxy/get_version": Route(get_version, form=True),
}
"""Of 15.0."""
LATER = OLDEST | {
    "/hw_posbox_homepage/password": Route(password, rpc=True, linux_only=True),
    "/iot_restart_odoo_or_reboot": Route(restart_or_reboot, rpc=True),
}
"""Of 16.0."""


@functools.cache
def _template(text: str) -> Template:
    # a machine is also simulated under the Python of a box, which has no jinja2, and shows no page there
    from jinja2 import Environment

    return Environment(autoescape=True, keep_trailing_newline=True).from_string(text)
