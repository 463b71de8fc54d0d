"""Answers of a customer's Odoo, in both protocols, as bytes: what is read of them, and the hosts made of that."""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Mapping

from reconciler.odoo_database.addresses import BadAddress, usable_address
from reconciler.odoo_database.entries import entries
from reconciler.odoo_database.errors import OdooRefused, OdooUnreachable
from reconciler.odoo_database.json2 import Json2
from reconciler.odoo_database.reading import read_by
from reconciler.odoo_database.server import OdooReply
from reconciler.odoo_database.settings import OdooSettings, settings_of
from reconciler.odoo_database.xml_rpc import XmlRpc

from ..oracle import check_refusal, check_shown, planted

_SETTINGS: OdooSettings = settings_of(
    {"customer": "lotus", "url": "https://lotus.example", "api_key": "key", "database": "lotus", "login": "me"}
)
_PARAMETERS = [
    {"id": 1, "key": "database.uuid", "value": "4c3d2e1f-0000-4000-8000-5ca1ab1e0001"},
    {"id": 2, "key": "database.enterprise_code", "value": "M210101"},
]
_FIELDS = {name: {"type": "char"} for name in ("name", "identifier", "ip", "version", "company_id")}
_BOX = {"id": 7, "name": "@@", "identifier": "10000000abcd0001", "ip": "192.0.2.7", "company_id": [1, "@@"]}


class _Server:
    """Gives good answers to all but the last question, and to that one what is tried."""

    url = "https://lotus.example"

    def __init__(self, answers: list[OdooReply], last: OdooReply) -> None:
        self._left = [*answers, last]

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> OdooReply:
        """Answer whatever is asked."""
        del method, path, body, headers
        return self._left.pop(0) if len(self._left) > 1 else self._left[0]


def seeds() -> list[bytes]:
    """Records and their mistakes, in both protocols."""
    return [
        json.dumps([_BOX]).encode(),
        json.dumps([{**_BOX, "ip": "127-0-0-1.x.odoo-iot.com"}, {"id": 9}]).encode(),
        json.dumps({"name": "odoo.exceptions.AccessError", "message": "@@"}).encode(),
        b"[" * 1000,
        b"7",
        _xml([_BOX]),
        _xml(None),
        xmlrpc.client.dumps(xmlrpc.client.Fault(4, "@@"), methodresponse=True).encode(),
        b'<!DOCTYPE x [<!ENTITY a "@@">]>' + _xml("&a;"),
        b"<methodResponse><params><param><value><int>"
        + b"9" * 5000
        + b"</int></value></param></params></methodResponse>",
        b"",
    ]


def one_input(data: bytes) -> None:
    """Hosts whose names and addresses can be used, or an error in one line that repeats nothing."""
    raw = planted(data)
    for status in (200, 401, 403, 404):
        _read(Json2(_serving([_json(_PARAMETERS), _json(_FIELDS)], "application/json", raw, status), _SETTINGS))
    authenticated = [OdooReply(200, "text/xml", _xml(each)) for each in (2, _PARAMETERS, _FIELDS)]
    served = _serving(authenticated, "text/xml", raw, 200)
    _read(XmlRpc(served, "lotus", "me", _SETTINGS.api_key))


def _read(api: Json2 | XmlRpc) -> None:
    try:
        content = read_by(api, _SETTINGS)
    except (OdooRefused, OdooUnreachable) as error:
        check_refusal(str(error))
        return
    made = entries(_SETTINGS, content)
    for host in made.hosts:
        check_shown(host.name.replace("CANARY", ""))
        assert host.name.startswith("lotus_")
        _check_address(str(host.variables["ansible_host"]))
    for row in made.left_out:
        check_shown(row.problem.replace("CANARY", ""))


def _check_address(text: str) -> None:
    try:
        assert usable_address(text) == text
    except BadAddress:
        raise AssertionError("an address is not one when it is read again") from None


def _serving(answers: list[OdooReply], kind: str, raw: bytes, status: int) -> _Server:
    return _Server(answers, OdooReply(status, kind, raw))


def _json(value: object) -> OdooReply:
    return OdooReply(200, "application/json", json.dumps(value).encode())


def _xml(value: object) -> bytes:
    return xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True).encode()  # type: ignore[arg-type]
