"""Ask a homepage what box it is, by routes that have no effect, and take no more from its answers than is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ..checks.clock import MOST_SKEW_SECONDS
from ..connections.threads import in_daemon_thread
from ..homepage.answer import NoAnswer, PageAnswer
from ..homepage.detect import SeenPage, detect
from ..homepage.dialect import Dialect
from ..homepage.session import Homepage
from ..homepage.status import BoxSystem, PageStatus, parse_data
from ..model.statement import Statement
from ..model.urls import origin
from .certificate import ServedCertificate
from .found import Identifier, IdentifierKind, SaidByBox
from .pace import Pace

GENERATIONS: Final[Mapping[Dialect, str]] = {
    Dialect.FLAT_15: "15.0",
    Dialect.FLAT_16: "16.0, early 17.0",
    Dialect.OWL: "late 17.0, 18.0",
    Dialect.OWL_18_3: "saas-18.3",
    Dialect.NEWEST: "saas-18.4, 19.0+",
}
DAYS_TO_READ: Final = 12
"""Up to saas-18.2 the status fetches a certificate 10 days before the end of its own, counted in local time."""
_SYSTEMS: Final = {BoxSystem.LINUX: "Linux", BoxSystem.WINDOWS: "Windows"}
_KINDS: Final[Mapping[IdentifierKind, re.Pattern[str]]] = {
    IdentifierKind.SERIAL: re.compile("[0-9A-Fa-f]{8,32}"),
    IdentifierKind.MAC: re.compile("[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}"),
    IdentifierKind.UUID: re.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks homepages.

    Args:
        seconds: for one request as a whole.
        now: the time here, by which a box's clock is judged.
    """

    pace: Pace
    seconds: float
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def __call__(self, address: str, port: int, certificate: ServedCertificate | None) -> SaidByBox | Statement:
        """Return what the box says, or why there is none.

        Args:
            certificate: what is served there at this moment.
        """
        page = _PacedPage(address, port, self.seconds, self.pace)
        try:
            return await in_daemon_thread(lambda: self._asked(page, certificate))
        except NoAnswer as problem:
            return problem.statement
        finally:
            page.close()

    def _asked(self, page: Homepage, certificate: ServedCertificate | None) -> SaidByBox:
        seen = detect(page)
        status = seen.status
        if status is None and self._may_read_status(seen, certificate):
            status = _status(page, seen)
        return _of_status(seen, status) if status is not None else _of_page(seen)

    def _may_read_status(self, seen: SeenPage, certificate: ServedCertificate | None) -> bool:
        """Tell whether the status, which may make the box fetch a certificate, will not: it has a good one."""
        if seen.dialect is not Dialect.OWL or seen.date is None or certificate is None or not certificate.is_of_a_box:
            return False
        now = self.now()
        in_step = abs((seen.date - now).total_seconds()) <= MOST_SKEW_SECONDS
        return in_step and certificate.trusted and certificate.days_left(now) > DAYS_TO_READ


class _PacedPage(Homepage):
    """A homepage that is asked no faster than others, at an address that no name server is asked for."""

    def __init__(self, address: str, port: int, seconds: float, pace: Pace) -> None:
        super().__init__(address, port, seconds=seconds, lookup=lambda name: (name,))
        self._pace = pace

    def get(self, path: str) -> PageAnswer:
        """GET, when it is its turn."""
        self._pace.turn_in_thread()
        return super().get(path)


def _status(page: Homepage, seen: SeenPage) -> PageStatus | None:
    path = seen.entry.status.path
    try:
        return parse_data(page.get(path), path)
    except NoAnswer:
        return None


def _of_status(seen: SeenPage, status: PageStatus) -> SaidByBox:
    return SaidByBox(
        generation=GENERATIONS[status.dialect],
        image=image(status.version or seen.image_version),
        system=_SYSTEMS.get(status.system),
        identifier=identifier(status.identifier) if status.identifier else None,
        linked=status.server is not None,
        server=origin(status.server) if status.server else None,
        credentials=bool(status.db_uuid),
    )


def _of_page(seen: SeenPage) -> SaidByBox:
    return SaidByBox(
        generation=GENERATIONS[seen.dialect],
        image=image(seen.image_version),
        system=_SYSTEMS.get(seen.system),
        credentials=bool(seen.credentials.db_uuid) if seen.credentials else None,
    )


def image(version: str) -> str | None:
    """Return the version of an image as its file has it; routes put an `L` for Linux before it."""
    return version.removeprefix("L") or None


def identifier(text: str) -> Identifier:
    """Return an identifier with its kind, which its form tells."""
    kind = next((kind for kind, form in _KINDS.items() if form.fullmatch(text)), IdentifierKind.OTHER)
    return Identifier(kind, text)
