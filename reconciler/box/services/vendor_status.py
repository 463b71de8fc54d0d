"""What the vendor's own status page says of the certificate, on the branches where it says it.

Up to saas-18.2 reading the page may make the box ask www.odoo.com, rewrite four files and restart nginx. So it is
read only where nothing of that can happen: a handshake has just shown the real certificate, and it is not due.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ...checks.renewal import BOX_MAY_ASK
from ...codes import CodeName
from ...machine.reason import reason
from ...model.generation import Generation
from ...model.observed import Observed
from ...model.secret import redact
from ...model.statement import Statement, say
from ...printable import printable
from ..context import Box
from .vendor_log import code_of

_SECONDS = 10.0
_LIMIT = 1 << 17
_ROUTES: Final = {Generation.FLAT: "/", Generation.CACHED: "/hw_posbox_homepage/data"}
_ROW: Final = "HTTPS certificate"
_HTTP_OK = 200


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What the page says, in one line, and the code that its words stand for; or why it says nothing."""

    words: str = ""
    code: CodeName | None = None
    unread: Statement | None = None


def own_page(box: Box, observed: Observed, now: datetime) -> OwnPage:
    """Read the page, where it says anything and that is harmless."""
    route = _ROUTES.get(observed.layout.generation)
    if route is None:
        return OwnPage(unread=say("page_without_it"))
    if not reading_is_harmless(observed, now):
        return OwnPage(unread=say("page_would_act"))
    url = f"http://127.0.0.1:{box.desired.homepage_port}{route}"
    try:
        reply = box.system.get(url, box.deadline.within(_SECONDS), _LIMIT)
    except (OSError, ValueError) as error:
        return OwnPage(unread=say("page_unread", reason=reason(error)))
    if reply.status != _HTTP_OK:
        return OwnPage(unread=say("page_status", status=reply.status))
    words = details(reply.body.decode("utf-8", errors="replace"))
    store = observed.store
    if not words:
        return OwnPage(unread=say("page_silent"))
    return OwnPage(redact(words, store.token, store.db_uuid, store.enterprise_code), code_of(words))


def reading_is_harmless(observed: Observed, now: datetime) -> bool:
    """Tell whether the vendor's check will find nothing to do: what nginx serves is real, and far from its end."""
    leaf, served = observed.certificates.live.certificate, observed.certificates.served
    if leaf is None or leaf.temporary or served != leaf.fingerprint or observed.certificates.live.problem is not None:
        return False
    return leaf.not_before <= now < leaf.not_after - BOX_MAY_ASK and observed.odoo.answers is True


def details(page: str) -> str:
    """Return the details of a page, code and further words on one line; empty where there are none."""
    try:
        data = json.loads(page)
        text = data.get("certificate_details", "") if isinstance(data, dict) else ""
    except (ValueError, RecursionError):
        text = html.unescape(_in_row(page))
    words = printable(str(text))
    code = code_of(words)
    return words if code is None or words.startswith(str(code)) else f"{code}: {words}"


def _in_row(page: str) -> str:
    """Return what stands in the first `code` element behind the row's heading, looked for without going back."""
    _, _, row = page.partition(_ROW)
    _, _, rest = row.partition("<code")
    _, _, content = rest.partition(">")
    text, end, _ = content.partition("</code>")
    return text if end else ""
