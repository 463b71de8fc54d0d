"""What a box's own pages say of it, in one form for all generations. All of it is the box's word."""

from __future__ import annotations

from dataclasses import dataclass

from ...homepage.detect import SeenPage
from ...homepage.pages import PageCredentials, parse_status_page
from ...homepage.session import Homepage
from ...homepage.status import PageCertificate, PageStatus, parse_data
from ...model.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a status page says.

    Args:
        identifiers: by which the box may be known, the generation's own first.
        uptime: seconds since Odoo was started, where the generation says so.
    """

    server: str | None
    credentials: PageCredentials
    identifiers: tuple[str, ...]
    address: str | None
    certificate: PageCertificate
    uptime: float | None = None

    @property
    def db_uuid(self) -> Secret | None:
        """As a secret, which it is everywhere but on the box."""
        return Secret(self.credentials.db_uuid) if self.credentials.db_uuid else None


def told_by(page: Homepage, seen: SeenPage) -> Told:
    """Read the status page, which may make the box act on branches where it is no mere look.

    Raises:
        NoAnswer: there is none, or it is no such page.
    """
    path = seen.entry.status.path
    answer = page.get(path)
    if not seen.entry.is_flat:
        return _of_data(parse_data(answer, path))
    shown = parse_status_page(answer, path)
    return Told(
        server=shown.server,
        credentials=seen.credentials or PageCredentials(None, None),
        identifiers=tuple(each for each in (shown.mac,) if each),
        address=shown.address,
        certificate=shown.certificate,
    )


def _of_data(status: PageStatus) -> Told:
    known = (status.identifier, status.mac)
    return Told(
        server=status.server,
        credentials=PageCredentials(status.db_uuid, status.enterprise_code),
        identifiers=tuple(dict.fromkeys(each for each in known if each)),
        address=status.address,
        certificate=status.certificate,
        uptime=status.uptime,
    )
