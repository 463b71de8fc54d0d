"""Stands in for an Odoo database that is asked by its external API, in JSON-2 and in XML-RPC.

Made from Odoo's public documentation and public source only, and never compared with a real database that has boxes.
Its errors hold what was sent, as tracebacks of Odoo may.
"""

from __future__ import annotations

import datetime as dt
import time
import xmlrpc.client
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from iotbox_simulator.https_server import ClientRequest, Reply, WebServer, json_reply
from iotbox_simulator.pki import TestAuthority, issue_server_pair, make_authority

KEY = "canary-odoo-key-5d1f"
UUID = "4c3d2e1f-0000-4000-8000-5ca1ab1e0001"
CONTRACT = "M21012300042"
LOGIN = "iot-https@lotus.example"
DATABASE = "lotus"
MANY = 2000
"""Records that Odoo gives where nobody says how many."""
HTML = Reply(200, b"<!DOCTYPE html><html><body>Log in</body></html>", "text/html; charset=utf-8")
NOT_FOUND = Reply(404, b"<!doctype html><title>404 Not Found</title>", "text/html; charset=utf-8")
_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<methodResponse><params><param><value><string>&b;</string></value></param></params></methodResponse>"
)


class OdooFault(StrEnum):
    """Ways in which a database, or what stands before it, does not do what is asked."""

    NO_RIGHT = "no right to read the system parameters"
    NO_MODULE = "the IoT app is not installed"
    LOGIN_PAGE = "a page to log in, whatever is asked"
    NOT_FOUND = "404 and a page, whatever is asked"
    REDIRECT = "a redirect to another host"
    ERROR = "500"
    TOO_SOON = "429 for the first request, then fine"
    TOO_MANY = "429 for ever"
    HUGE = "an answer without end"
    SLOW = "an answer that drips for ever"
    ENTITIES = "XML with entities"
    BROKEN = "neither JSON nor XML, under the name of it"
    NUMBERS = "a number where records should be"
    SAME_PAGE = "the first page again, whichever is asked for"
    NAMES_ARE_NUMBERS = "boxes with numbers for names"
    CUT = "an answer that ends too soon"
    DEEP = "JSON nested very deep"


@dataclass
class OdooContents:
    """What is in the database; a test may change it at any time."""

    parameters: dict[str, Any] = field(
        default_factory=lambda: {"database.uuid": UUID, "database.enterprise_code": CONTRACT}
    )
    boxes: list[dict[str, Any]] = field(default_factory=list)
    fields: tuple[str, ...] = (
        "id",
        "name",
        "display_name",
        "identifier",
        "ip",
        "ip_url",
        "version",
        "company_id",
        "ssl_certificate_end_date",
    )


def odoo_box(number: int, name: str = "till", **more: Any) -> dict[str, Any]:
    """Return a record of a box; what Odoo does not know is false there."""
    record = {
        "id": number,
        "name": f"{name}-{number}" if name == "till" else name,
        "identifier": f"10000000abcd{number:04x}",
        "ip": f"192.0.2.{number % 250 + 1}",
        "version": "L25.04",
        "company_id": [1, "Hanoi"],
        "ssl_certificate_end_date": "2027-01-31",
    }
    return {**record, **more}


class OdooStandIn:
    """A server of one database over HTTPS; `asked` has what came: method, path and headers."""

    def __init__(
        self, contents: OdooContents | None = None, *, version: int = 19, ca: TestAuthority | None = None
    ) -> None:
        now = dt.datetime.now(dt.UTC)
        self.renew(contents, version=version)
        self.ca = ca or make_authority("Odoo", now=now)
        self._server = WebServer(("127.0.0.1", 0), self.answer)
        pair = issue_server_pair(self.ca, ("127.0.0.1",), now=now, not_after=now + dt.timedelta(days=9))
        self._server.serve_certificate(pair.certificate_pem, pair.private_key_pem)

    def renew(self, contents: OdooContents | None = None, *, version: int = 19) -> None:
        """Be a database that nobody has asked yet, and that does what it should."""
        self.contents = contents or OdooContents(boxes=[odoo_box(1), odoo_box(2)])
        self.version = version
        self.key = KEY
        self.fault: OdooFault | None = None
        self.wants_database = False
        self.asked: list[tuple[str, str, Mapping[str, str]]] = []

    @property
    def url(self) -> str:
        """Where a client finds it."""
        return f"https://127.0.0.1:{self._server.port}"

    def ca_file(self, folder: Path) -> str:
        """Write whom to trust into a folder, and return the file."""
        path = folder / "odoo-ca.pem"
        path.write_text(self.ca.root_pem)
        return str(path)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def paths(self) -> list[str]:
        """Return the paths that were asked for."""
        return [path for _, path, _ in self.asked]

    def answer(self, request: ClientRequest) -> Reply:
        """Answer a client."""
        self.asked.append((request.method, request.path, request.headers))
        if self.fault in _INSTEAD:
            return _INSTEAD[self.fault](request)
        if self.fault is OdooFault.TOO_MANY or (self.fault is OdooFault.TOO_SOON and len(self.asked) == 1):
            return Reply(429, b"", "text/html", {"Retry-After": "0"})
        if (request.method, request.path) == ("GET", "/web/version") and self.version >= 19:
            return json_reply({"version": f"{self.version}.0", "version_info": [self.version, 0, 0, "final", 0, ""]})
        if request.method == "POST" and request.path.startswith("/json/2/") and self.version >= 19:
            return self._json2(request)
        if request.method == "POST" and request.path.startswith("/xmlrpc/2/") and self.version < 22:
            return self._xml_rpc(request)
        return NOT_FOUND

    def _json2(self, request: ClientRequest) -> Reply:
        if self.wants_database and request.headers.get("X-Odoo-Database") != DATABASE:
            return NOT_FOUND
        if request.headers.get("Authorization") != f"bearer {self.key}":
            return _error(401, "werkzeug.exceptions.Unauthorized", request)
        model, _, method = request.path.removeprefix("/json/2/").partition("/")
        try:
            return json_reply(self._execute(model, method, request.json()))
        except _Error as error:
            return _error(error.status, error.name, request)

    def _xml_rpc(self, request: ClientRequest) -> Reply:
        arguments, method = xmlrpc.client.loads(request.body)
        try:
            said = self._service(request.path.rpartition("/")[2], str(method), arguments)
        except _Error as error:
            fault = xmlrpc.client.Fault(error.code, f"Traceback: {request.body.decode()}")
            return Reply(200, xmlrpc.client.dumps(fault, methodresponse=True).encode(), "text/xml; charset=utf-8")
        return Reply(200, xmlrpc.client.dumps((said,), methodresponse=True).encode(), "text/xml; charset=utf-8")

    def _service(self, service: str, method: str, arguments: Sequence[Any]) -> Any:
        if (service, method) == ("common", "authenticate"):
            if arguments[0] != DATABASE:
                raise _Error(500, "psycopg2.OperationalError", 1)
            return 2 if tuple(arguments[1:3]) == (LOGIN, self.key) else False
        assert (service, method) == ("object", "execute_kw")
        database, user, key, model, called, positional, named = arguments
        if (database, user, key) != (DATABASE, 2, self.key):
            raise _Error(401, "odoo.exceptions.AccessDenied", 3)
        given = dict(named)
        if called == "search_read":
            (given["domain"],) = positional
        return self._execute(model, called, given)

    def _execute(self, model: str, method: str, given: Mapping[str, Any]) -> Any:
        if model == "ir.config_parameter":
            if self.fault is OdooFault.NO_RIGHT:
                raise _Error(403, "odoo.exceptions.AccessError", 4)
            ((name, operator, keys),) = given["domain"]
            assert (name, operator, method) == ("key", "in", "search_read")
            there = self.contents.parameters.items()
            records = [
                {"id": at, "key": key, "value": value} for at, (key, value) in enumerate(there, 1) if key in keys
            ]
            return _page(records, given, ("id", "key", "value"))
        if model != "iot.box" or self.fault is OdooFault.NO_MODULE:
            raise _Error(404, "werkzeug.exceptions.NotFound", 2)
        if method == "fields_get":
            return {name: {"type": "char"} for name in self.contents.fields}
        if self.fault is OdooFault.NUMBERS:
            return 7
        boxes = sorted(self.contents.boxes, key=lambda box: int(box["id"]))
        if self.fault is OdooFault.NAMES_ARE_NUMBERS:
            boxes = [{**each, "name": 5} for each in boxes]
        if self.fault is OdooFault.SAME_PAGE:
            given = {**given, "offset": 0}
        return _page(boxes, given, self.contents.fields)


class _Error(Exception):
    def __init__(self, status: int, name: str, code: int) -> None:
        super().__init__(name)
        self.status, self.name, self.code = status, name, code


def _page(records: Sequence[Mapping[str, Any]], given: Mapping[str, Any], known: Sequence[str]) -> list[dict[str, Any]]:
    if any(name not in known for name in given["fields"]):
        raise _Error(500, "builtins.ValueError", 1)
    assert given["order"] == "id"
    first = given.get("offset", 0)
    page = records[first : first + (given.get("limit") or MANY)]
    return [{"id": each["id"], **{name: each.get(name, False) for name in given["fields"]}} for each in page]


def _error(status: int, name: str, request: ClientRequest) -> Reply:
    told = f"{request.headers} {request.body.decode()}"
    body = {"name": name, "message": told, "arguments": [told], "context": {}, "debug": f"Traceback: {told}"}
    return json_reply(body, status)


def _drip(_: ClientRequest) -> Reply:
    def drops() -> Iterator[bytes]:
        while True:
            yield b" "
            time.sleep(0.02)

    return Reply(200, drops(), "application/json")


def _flood(request: ClientRequest) -> Reply:
    def waves() -> Iterator[bytes]:
        while True:
            yield b" " * (1 << 16)

    return Reply(200, waves(), _kind(request))


def _kind(request: ClientRequest) -> str:
    return "text/xml" if request.path.startswith("/xmlrpc") else "application/json"


_INSTEAD: Mapping[OdooFault | None, Callable[[ClientRequest], Reply]] = {
    OdooFault.LOGIN_PAGE: lambda _: HTML,
    OdooFault.NOT_FOUND: lambda _: NOT_FOUND,
    OdooFault.REDIRECT: lambda _: Reply(303, b"", "text/html", {"Location": "https://www.odoo.com/typo?key=x"}),
    OdooFault.ERROR: lambda request: _error(500, "builtins.ValueError", request),
    OdooFault.HUGE: _flood,
    OdooFault.SLOW: _drip,
    OdooFault.ENTITIES: lambda _: Reply(200, _BOMB, "text/xml"),
    OdooFault.BROKEN: lambda request: Reply(200, b"{{ <", _kind(request)),
    OdooFault.CUT: lambda request: Reply(200, b"[", _kind(request), claimed_length=100),
    OdooFault.DEEP: lambda _: Reply(200, b"[" * 100_000 + b"]" * 100_000, "application/json"),
}
