"""XML-RPC, Odoo's external API of every version up to 21: `/xmlrpc/2/common` and `/xmlrpc/2/object`.

Every answer is HTTP 200; an error is a fault with a number, and with a text that may hold a traceback and what was
sent, so only the number is looked at. The key is sent in the body, in place of a password.
"""

from __future__ import annotations

import binascii
import xmlrpc.client
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn
from xml.parsers import expat

from ..model.reveal import reveal
from ..model.secret import Secret
from .calls import Page
from .errors import ForeignReply, OdooRefused, OdooUnreachable
from .json2 import no_model, no_right
from .server import AskedServer, OdooReply

_OK: Final = 200
_NOT_FOUND: Final = 404
_WARNING: Final = 2
_DENIED: Final = 3
_NO_RIGHT: Final = 4
_WHAT_XML_RAISES: Final = (
    expat.ExpatError,
    xmlrpc.client.Error,
    binascii.Error,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What the standard library raises for XML that is no answer of a method."""


class XmlRpc:
    """A database that is spoken to in XML-RPC; who the key is of is asked once."""

    def __init__(self, server: AskedServer, database: str, login: str, key: Secret) -> None:
        self._server, self._database, self._login, self._key = server, database, login, key
        self._user: int | None = None

    def fields_of(self, model: str) -> object:
        """Return which fields a model has."""
        return self._execute(model, "fields_get", [], {"attributes": ["type"]})

    def records(self, model: str, domain: Sequence[object], fields: Sequence[str], page: Page) -> object:
        """Return records."""
        how = {"fields": list(fields), "offset": page.offset, "limit": page.limit, "order": "id"}
        return self._execute(model, "search_read", [list(domain)], how)

    def _execute(self, model: str, method: str, arguments: list[object], how: Mapping[str, object]) -> object:
        call = (self._database, self._authenticated(), reveal(self._key), model, method, arguments, dict(how))
        try:
            return self._call("object", "execute_kw", call)
        except _Fault as fault:
            self._refuse(fault, model, method)

    def _refuse(self, fault: _Fault, model: str, method: str) -> NoReturn:
        if fault.code == _DENIED:
            raise OdooRefused(self._denied()) from None
        if fault.code == _NO_RIGHT:
            raise OdooRefused(no_right(self._server.url, model)) from None
        if method == "fields_get" or fault.code == _WARNING:
            raise OdooRefused(no_model(self._server.url, model)) from None
        raise OdooUnreachable(f"{self._server.url} fails when it reads {model}: look into Odoo's log") from None

    def _authenticated(self) -> int:
        """Return the number of the user whose key it is."""
        if self._user is None:
            call: tuple[object, ...] = (self._database, self._login, reveal(self._key), {})
            try:
                said = self._call("common", "authenticate", call)
            except _Fault as fault:
                if fault.code == _DENIED:
                    raise OdooRefused(self._denied()) from None
                raise OdooRefused(f"{self._server.url} does not open the database: correct database") from None
            if said is False:
                raise OdooRefused(self._denied())
            if not isinstance(said, int) or said is True:
                raise ForeignReply(f"{self._server.url} answers with no user: correct url")
            self._user = said
        return self._user

    def _denied(self) -> str:
        return f"{self._server.url} does not accept login and API key: make a new key in Odoo, set login and api_key"

    def _call(self, service: str, method: str, arguments: tuple[object, ...]) -> object:
        body = xmlrpc.client.dumps(arguments, method).encode()  # type: ignore[arg-type]
        reply = self._server.ask("POST", f"/xmlrpc/2/{service}", body, {"Content-Type": "text/xml; charset=utf-8"})
        if reply.status == _NOT_FOUND:
            raise OdooRefused(f"{self._server.url} has no XML-RPC API (HTTP 404): correct url, or set protocol: json2")
        if reply.status != _OK:
            raise ForeignReply(f"{self._server.url} answers with HTTP {reply.status}: correct url")
        return _answer(self._server, reply)


class _Fault(Exception):
    """What Odoo says instead of an answer; its text is dropped here."""

    def __init__(self, code: object) -> None:
        super().__init__()
        self.code = code


def _answer(server: AskedServer, reply: OdooReply) -> object:
    if reply.content_type not in ("text/xml", "application/xml"):
        raise ForeignReply(f"{server.url} answers with a page for people, not with data: correct url")
    reader = xmlrpc.client.Unmarshaller()
    try:
        _fill(reader, reply.body)
        answers = reader.close()
    except xmlrpc.client.Fault as fault:
        raise _Fault(fault.faultCode) from None
    except _WHAT_XML_RAISES:
        raise ForeignReply(f"{server.url} answers with XML that cannot be read: correct url") from None
    if len(answers) != 1:
        raise ForeignReply(f"{server.url} answers with XML that is no answer: correct url")
    return answers[0]


def _fill(reader: xmlrpc.client.Unmarshaller, body: bytes) -> None:
    """Parse XML without a document type, and so without entities: a few lines of those can grow without bound."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> NoReturn:
        raise ValueError("no answer of XML-RPC has a document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    reader.xml(None, None)  # type: ignore[arg-type]  # texts come decoded
    parser.Parse(body, True)  # noqa: FBT003 - the library's own signature
