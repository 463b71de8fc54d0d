"""The routes of 16.0: pages made on the box, forms, and a status row that fetches a certificate when shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape

from . import link, machine
from .certificate import status
from .generations import Generation
from .routes import POLL_SECONDS
from .store import Store
from .web import Answer, Route

HELP = "https://www.odoo.com/documentation/master/applications/productivity/iot/config/https_certificate_iot.html"
GOOD_ROW = """<tr class="">
            <td class="heading">HTTPS certificate</td>
            <td>
                    <details>
                        <summary>OK</summary>
                        <code>{details}</code>
                    </details>
            </td>
        </tr>
"""
BAD_ROW = """<tr class="warn-tr">
            <td class="heading">HTTPS certificate</td>
            <td>
                    Error code:
                    <a target="_blank" class="btn btn-sm float-right" href="{help}#{anchor}">help</a>
                    <br/>
                    <code style="white-space: pre-wrap;">{details}</code>
            </td>
        </tr>
"""
CREDENTIAL_FORM = """    <form id="list-credential" action='/save_credential' method='POST'>
                <td><input type="text" name="db_uuid" value="{db_uuid}"></td>
                <td><input type="text" name="enterprise_code" value="{enterprise_code}"></td>
                <td><input class="btn" type="submit" value="Save"/></td>
            <form id="credential-clear" style="display: inline-block;margin-left: 4px;">
                <input class="btn btn-sm" type="submit" value="Clear"/>
"""
REFRESH = "<meta http-equiv='refresh' content='20; url=http://{address}:8069'>"
RESTART_AFTER_LINKING = 5.0


class HtmlHomePage:
    """Pages and forms; every route takes its values from the query or from a form."""

    def __init__(self, generation: Generation, store: Store, restart: Callable[[float], None]) -> None:
        self._generation = generation
        self._store = store
        self._restart = restart

    def table(self) -> dict[str, Route]:
        """Every path of this generation."""
        return {
            "/": Route(self.index),
            "/list_credential": Route(self.list_credential),
            "/save_credential": Route(self.save_credential),
            "/clear_credential": Route(self.clear_credential),
            "/server_connect": Route(self.server_connect),
            "/server_clear": Route(self.server_clear),
            "/iot_restart_odoo_or_reboot": Route(self.restart, rpc=True),
            "/hw_drivers/check_certificate": Route(self.check_certificate),
            "/hw_drivers/event": Route(self.event, rpc=True),
            "/hw_proxy/hello": Route(lambda: "ping"),
            "/hw_proxy/get_version": Route(machine.version),
        }

    def index(self) -> str:
        """The status page."""
        ok, details = status(self._generation, self._store)
        anchor = details.partition(" ")[0].replace("_", "-").lower()
        row = (GOOD_ROW if ok else BAD_ROW).format(help=HELP, anchor=escape(anchor), details=escape(details))
        return f"<!DOCTYPE HTML>\n<html><body><table>\n{row}</table></body></html>\n"

    def list_credential(self) -> str:
        """The form with the credentials in it, open to everyone."""
        values = {key: escape(self._store.get(key) or "") for key in ("db_uuid", "enterprise_code")}
        return CREDENTIAL_FORM.format(**values)

    def save_credential(self, db_uuid: str, enterprise_code: str) -> Answer:
        """Store and restart at once."""
        self._store.save({"db_uuid": db_uuid, "enterprise_code": enterprise_code})
        return self._refresh()

    def clear_credential(self) -> Answer:
        """Forget both and restart."""
        self._store.save({"db_uuid": None, "enterprise_code": None})
        return self._refresh()

    def server_connect(self, token: str, iotname: str = "") -> Answer:  # noqa: ARG002 - never renamed here
        """Store the link, answer with the address of the page, restart five seconds later."""
        parts = (token.split("|") + [""] * 4)[:4]
        self._store.save(link.save_link(*parts))
        return Answer(f"http://{machine.address()}:8069", lambda: self._restart(RESTART_AFTER_LINKING))

    def server_clear(self) -> str:
        """Forget the server only."""
        self._store.save({"remote_server": None})
        return REFRESH.format(address=machine.address())

    def restart(self, action: str = "restart_odoo") -> Answer:  # noqa: ARG002 - this stand-in never reboots the box
        """Restart in the same process."""
        return Answer("success", lambda: self._restart(0.0))

    def check_certificate(self) -> str:
        """The route of the daily job: check, and fetch if needed."""
        status(self._generation, self._store)
        return ""

    def event(self, **_listener: object) -> dict[str, object]:
        """Hold the request open, as a till's long poll is."""
        time.sleep(POLL_SECONDS)
        return {}

    def _refresh(self) -> Answer:
        return Answer(REFRESH.format(address=machine.address()), lambda: self._restart(0.0))
