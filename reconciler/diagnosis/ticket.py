"""The text for the vendor's support, where that is the way out: the page wants the 3-digit status in it."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..codes import CodeName
from ..model.desired import Desired
from ..model.observed import Observed
from ..model.urls import origin
from ..results.finding import Finding
from .evidence import Walk


def ticket(walk: Walk, cause: Finding | None) -> str | None:
    """Return what to write, `None` where no ticket helps: another cause, or a site that is down for maintenance."""
    contact = walk.inquiry.authority if walk.inquiry else None
    if cause is None or cause.code != CodeName.LOAD_REQUEST_STATUS or (contact is not None and contact.maintenance):
        return None
    status = cause.http_status
    if status is None or walk.observed is None:
        return None
    host = urlsplit(walk.desired.authority_url).hostname
    site = f"https://{host} itself answers {contact.status}" if contact else "the site was not looked at"
    return "\n".join(_lines(walk.desired, walk.observed, status, site))


def _lines(desired: Desired, observed: Observed, status: int, site: str) -> list[str]:
    database = origin((observed.store.server_url or "").strip()) or desired.server_url or "not linked"
    image, branch = observed.layout.image_version or "unknown", observed.layout.branch or "unknown"
    when = f"{observed.observed_at:%Y-%m-%d at %H:%M %Z}"
    return [
        f"Subject: IoT box gets HTTP status {status} instead of its HTTPS certificate",
        "",
        f"Our IoT box cannot get its HTTPS certificate: {CodeName.LOAD_REQUEST_STATUS} {status}.",
        f"A POST to {desired.authority_url} answered HTTP status {status} on {when}.",
        f"At the same time {site}, so the website is not under maintenance.",
        "",
        f"Database: {database}",
        f"IoT box: {observed.identity.serial or 'serial number unknown'}, image {image}, branch {branch}",
        "The database UUID and the contract number follow on request.",
    ]
