"""Can the box reach its database and www.odoo.com, and is it they who answer?"""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

from ...machine.reason import is_by_date, reason
from ...model.inquiry import Contact, Holder
from ...model.observed import Observed
from ...model.reveal import reveal
from ...model.secret import Secret, redact
from ...model.statement import Statement, with_texts
from ...model.urls import origin
from ...net.network import HttpsRequest
from ..context import Box
from ..pair.certificate_holder import holder

SECONDS = 10.0
_PAGE = 1 << 16
_SERVER_ERROR, _UNAVAILABLE = 500, 503


def with_database(box: Box, observed: Observed) -> Contact | None:
    """Connect to the server of the database, and send nothing; `None` where the box is not linked."""
    server = origin((observed.store.server_url or "").strip())
    if server is None:
        return None
    host = urlsplit(server).hostname or server
    if (failed := _lookup(box, host)) is not None:
        return failed
    try:
        box.system.presented(server, box.deadline.within(SECONDS))
    except (OSError, ValueError) as error:
        return Contact(host=host, error=_told(error))
    return Contact(host=host)


def _lookup(box: Box, host: str) -> Contact | None:
    try:
        box.system.resolve(host, box.deadline.within(SECONDS))
    except OSError as error:
        return Contact(host=host, name_failed=True, error=_told(error))
    return None


def with_authority(box: Box) -> Contact:
    """Reach the front page of the authority over verified TLS, and say who answers where it is somebody else."""
    desired = box.desired
    host, proxy = box.authority_host, reveal(desired.proxy) if desired.proxy else None
    if proxy is None and (failed := _lookup(box, host)) is not None:
        return failed
    page = f"{origin(desired.authority_url) or desired.authority_url}/"
    seconds = box.deadline.within(SECONDS)
    try:
        reply = box.system.send(HttpsRequest(page, seconds, _PAGE, ca_file=desired.ca_file, proxy=proxy))
    except ssl.SSLCertVerificationError as error:
        untrusted = redact(error.verify_message or error.reason or "")
        by_date = is_by_date(error)
        return Contact(host=host, untrusted=untrusted, by_date=by_date, holder=_who_answers(box, page, proxy))
    except (OSError, ValueError) as error:
        return Contact(host=host, error=_told(error, *filter(None, [desired.proxy])))
    # only an error says so for sure: "maintenance" is also the name of a product on the front page
    down = reply.status == _UNAVAILABLE or (reply.status >= _SERVER_ERROR and b"maintenance" in reply.body.lower())
    return Contact(host=host, status=reply.status, maintenance=down)


def _told(error: Exception, *secrets: Secret) -> Statement:
    return with_texts(reason(error), lambda text: redact(text, *secrets))


def _who_answers(box: Box, page: str, proxy: str | None) -> Holder | None:
    try:
        der = box.system.presented(page, box.deadline.within(SECONDS), proxy=proxy)
    except (OSError, ValueError):
        return None
    return holder(der) if der else None
