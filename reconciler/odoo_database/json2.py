"""JSON-2, Odoo's external API since 19.0: `POST /json/2/<model>/<method>`, with the key as a bearer token.

An error has a status and a JSON object with `name`, `message` and `debug`. The two latter may repeat what was sent, so
only status and name are looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from ..model.bounded_json import Bounds, loads
from ..model.reveal import reveal
from .calls import Page
from .errors import ForeignReply, OdooRefused
from .server import MOST_BYTES, AskedServer, OdooReply
from .settings import OdooSettings

_BOUNDS: Final = Bounds(size=MOST_BYTES, values=400_000, depth=12)
_OK: Final = 200
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_ACCESS: Final = "odoo.exceptions.AccessError"


class Json2:
    """A database that is spoken to in JSON-2."""

    def __init__(self, server: AskedServer, settings: OdooSettings) -> None:
        self._server = server
        self._headers = {
            "Authorization": f"bearer {reveal(settings.api_key)}",
            "Content-Type": "application/json; charset=utf-8",
        }
        if settings.database is not None:
            self._headers["X-Odoo-Database"] = settings.database
        self._has_database = settings.database is not None

    def fields_of(self, model: str) -> object:
        """Return which fields a model has."""
        return self._call(model, "fields_get", {"attributes": ["type"]})

    def records(self, model: str, domain: Sequence[object], fields: Sequence[str], page: Page) -> object:
        """Return records."""
        sent = {"domain": list(domain), "fields": list(fields), "offset": page.offset, "limit": page.limit}
        return self._call(model, "search_read", {**sent, "order": "id"})

    def _call(self, model: str, method: str, parameters: Mapping[str, object]) -> object:
        body = json.dumps(parameters).encode()
        reply = self._server.ask("POST", f"/json/2/{model}/{method}", body, self._headers)
        if reply.status != _OK:
            self._refuse(model, reply)
        return parsed(self._server, reply)

    def _refuse(self, model: str, reply: OdooReply) -> None:
        url = self._server.url
        said = parsed(self._server, reply) if reply.content_type == "application/json" else None
        name = said.get("name") if isinstance(said, Mapping) else None
        if reply.status == _UNAUTHORIZED:
            raise OdooRefused(f"{url} does not accept the API key: make a new one in Odoo, and set api_key")
        if reply.status == _FORBIDDEN and name == _ACCESS:
            raise OdooRefused(no_right(url, model))
        if reply.status == _FORBIDDEN:
            raise OdooRefused(f"{url} refuses the API (HTTP 403): check api_key, and what stands before Odoo")
        if reply.status == _NOT_FOUND and name is not None:
            raise OdooRefused(no_model(url, model))
        if reply.status == _NOT_FOUND:
            way = "correct url and database" if self._has_database else "set database, or protocol: xmlrpc"
            raise OdooRefused(f"{url} has no JSON-2 API for this database (HTTP 404): {way}")
        raise ForeignReply(f"{url} answers with HTTP {reply.status}, which is no answer of the API: correct url")


def parsed(server: AskedServer, reply: OdooReply) -> object:
    """Return the JSON of a reply.

    Raises:
        ForeignReply: it is none, or too much.
    """
    if reply.content_type != "application/json":
        raise ForeignReply(f"{server.url} answers with a page for people, not with data: correct url")
    try:
        return loads(reply.body, _BOUNDS)
    except ValueError:
        raise ForeignReply(f"{server.url} answers with JSON that cannot be read: correct url") from None


def no_right(url: str, model: str) -> str:
    """Say that the key may not read a model."""
    what = "system parameters" if model == "ir.config_parameter" else model
    return f"{url} does not let this API key read {what}: use a key of an administrator (Settings)"


def no_model(url: str, model: str) -> str:
    """Say that a database has no such model."""
    return f"{url} has no model {model}: install the IoT app there, or set model"
