"""Which protocol of Odoo's external API a server speaks, found without sending the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from .calls import OdooApi
from .errors import ForeignReply, OdooRefused
from .json2 import Json2, parsed
from .server import AskedServer
from .settings import OdooProtocol, OdooSettings
from .xml_rpc import XmlRpc

_JSON2_SINCE: Final = 19
"""The first version with the JSON-2 API; XML-RPC is to end with version 22."""
_OK: Final = 200
_SERIES: Final = re.compile(r"saas~(\d{1,3})")
"""How versions between two releases are counted, such as `["saas~18", 4, 0, "final", 0, ""]`."""


def api_of(server: AskedServer, settings: OdooSettings) -> OdooApi:
    """Return the way to speak to a server.

    Raises:
        OdooRefused, OdooUnreachable: it cannot be spoken to with these settings.
    """
    protocol = settings.protocol
    if protocol is OdooProtocol.AUTO:
        major = _major(server)
        protocol = OdooProtocol.XMLRPC if major is None or major < _JSON2_SINCE else OdooProtocol.JSON2
    if protocol is OdooProtocol.JSON2:
        return Json2(server, settings)
    if settings.database is None or settings.login is None:
        raise OdooRefused(f"{server.url} is no Odoo of 19.0 or later, and XML-RPC needs database and login: set both")
    return XmlRpc(server, settings.database, settings.login, settings.api_key)


def _major(server: AskedServer) -> int | None:
    """Return the version as a number; `None` where the server does not tell it as versions since 19.0 do."""
    try:
        reply = server.ask("GET", "/web/version")
        said = parsed(server, reply) if reply.status == _OK else None
    except (OdooRefused, ForeignReply):  # a redirect, or a page for people: an older version
        return None
    info = said.get("version_info") if isinstance(said, Mapping) else None
    first = info[0] if isinstance(info, list) and info else None
    if isinstance(first, int):
        return first
    series = _SERIES.fullmatch(first) if isinstance(first, str) else None
    return int(series[1]) if series else None
