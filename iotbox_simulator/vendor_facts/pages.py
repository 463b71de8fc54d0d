"""The pages of 15.0 and 16.0, as far as somebody reads them: the certificate's row, and the form of the credentials."""

from __future__ import annotations

from html import escape
from typing import Final

RESTART_AFTER_LINKING: Final = 5.0
"""Seconds, of 16.0; 15.0 restarts at once."""
_HELP = "https://www.odoo.com/documentation/master/applications/productivity/iot/config/https_certificate_iot.html"
_STATUS = """<!DOCTYPE HTML>
<html>
    <head><title>Odoo's IoTBox</title></head>
    <body><table>
        <tr><td class="heading">Version</td><td>{version}</td></tr>
        <tr><td class="heading">IP Address</td><td>{address}</td></tr>
        <tr><td class="heading">Mac Address</td><td>{mac}</td></tr>
        <tr><td class="heading">Server</td><td>{server}</td></tr>
        {row}
    </table></body>
</html>
"""
_GOOD = """<tr class="">
            <td class="heading">HTTPS certificate</td>
            <td>
                    <details>
                        <summary>OK</summary>
                        <code>{details}</code>
                    </details>
            </td>
        </tr>"""
_BAD = """<tr class="warn-tr">
            <td class="heading">HTTPS certificate</td>
            <td>
                    Error code:
                    <a target="_blank" class="btn btn-sm float-right" href="{help}#{anchor}">help</a>
                    <br/>
                    <code style="white-space: pre-wrap;">{details}</code>
            </td>
        </tr>"""
HANDLERS: Final = "<!DOCTYPE HTML>\n<html><body><h2>Interfaces list</h2><h2>Drivers list</h2></body></html>\n"
"""Of 15.0, which has no levels of the log to choose there."""
_CREDENTIALS = """<!DOCTYPE HTML>
<html><body>
    <form id="list-credential" action='/save_credential' method='POST'>
        <table>
            <tr>
                <td>DB uuid</td>
                <td><input type="text" name="db_uuid" value="{db_uuid}"></td>
            </tr>
            <tr>
                <td>Contract Number</td>
                <td><input type="text" name="enterprise_code" value="{enterprise_code}"></td>
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


def status(*, version: str, address: str, server: str | None, ok: bool, details: str, mac: str = "") -> str:
    """Return the status page; `details` is what the check of the certificate said."""
    anchor = details.partition(" ")[0].replace("_", "-").lower()
    row = (_GOOD if ok else _BAD).format(help=_HELP, anchor=_escaped(anchor), details=_escaped(details))
    shown = {"version": version, "address": address, "mac": mac, "server": server or "Not Configured"}
    return _STATUS.format(row=row, **{key: _escaped(value) for key, value in shown.items()})


def credentials(db_uuid: str | None, enterprise_code: str | None) -> str:
    """Return the form with the credentials in it, which is open to everyone."""
    return _CREDENTIALS.format(db_uuid=_escaped(db_uuid or ""), enterprise_code=_escaped(enterprise_code or ""))


def back_to(address: str) -> str:
    """Return the page that a form leads to: it leads back."""
    return f"<meta http-equiv='refresh' content='20; url=http://{address}:8069'>"


def _escaped(text: str) -> str:
    """Escape as the vendor's templates do, which write quotes by number."""
    return escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;")
