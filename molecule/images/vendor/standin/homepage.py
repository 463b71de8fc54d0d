"""The routes of 16.0: pages made on the box, forms, and a status row that fetches a certificate when shown."""

from __future__ import annotations

import time
from collections.abc import Callable

from . import machine
from .certificate import status
from .facts import link, pages
from .generations import Generation
from .password import new_password
from .routes import POLL_SECONDS
from .store import Store
from .web import Answer, Route


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
            "/hw_posbox_homepage/password": Route(lambda: new_password(self._generation), rpc=True),
            "/iot_restart_odoo_or_reboot": Route(self.restart, rpc=True),
            "/hw_drivers/check_certificate": Route(self.check_certificate),
            "/hw_drivers/event": Route(self.event, rpc=True),
            "/hw_proxy/hello": Route(lambda: "ping"),
            "/hw_proxy/get_version": Route(machine.version),
        }

    def index(self) -> str:
        """The status page."""
        ok, details = status(self._generation, self._store)
        server = self._store.get("remote_server")
        address, version = machine.address(), machine.version()
        mac = machine.mac_address()
        return pages.status(version=version, address=address, mac=mac, server=server, ok=ok, details=details)

    def list_credential(self) -> str:
        """The form with the credentials in it, open to everyone."""
        return pages.credentials(self._store.get("db_uuid"), self._store.get("enterprise_code"))

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
        self._store.save(link.parse_flat(token, two_parts=False))
        return Answer(f"http://{machine.address()}:8069", lambda: self._restart(pages.RESTART_AFTER_LINKING))

    def server_clear(self) -> str:
        """Forget the server only."""
        self._store.save({"remote_server": None})
        return pages.back_to(machine.address())

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
        return Answer(pages.back_to(machine.address()), lambda: self._restart(0.0))
