"""One look at a box through its pages: reading changes nothing, and what cannot be seen so is named.

Up to 18.0 the page that says which box it is, and to what it is linked, may make the box ask www.odoo.com and rewrite
its certificate. It is read only where a handshake has just shown that there is nothing to do for it, or where a
reconcile is about to have the box ask anyway.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ...checks.clock import MOST_SKEW_SECONDS
from ...homepage.answer import NoAnswer
from ...homepage.detect import SeenPage
from ...homepage.dialect import Dialect, DialectEntry
from ...homepage.pages import PageCredentials, parse_credentials
from ...homepage.session import HELLO
from ...model.certificate_name import client_name
from ...model.desired import Desired
from ...model.digests import plain_serial
from ...model.observed import (
    ByHomepage,
    Certificates,
    ChainState,
    Clock,
    Disk,
    Identity,
    Layout,
    Memory,
    Nginx,
    Observed,
    Odoo,
    Pair,
    PairProblem,
    Resolvers,
    Store,
    StoreFormat,
)
from ...model.operating_system import OperatingSystem
from ...model.part import Part
from ...model.secret import Secret
from ...model.statement import Statement, say
from .presented import HttpsShown
from .told import Told, told_by
from .way import PagesOfBox

NOTHING_TO_DO_FOR: Final = timedelta(days=12)
"""Before its end the vendor's software does nothing: at ten days it does, by local time and a clock that may be off."""
_ACCESS_POINT: Final = "10.11.12.1"
_NEVER: Final = (
    Part.DISK,
    Part.RESOLVERS,
    Part.CERTIFICATES_LIVE_DIGEST,
    Part.CERTIFICATES_KEYS,
    Part.CERTIFICATES_OWNERS,
    Part.NGINX,
    Part.ODOO_MANAGER,
    Part.MEMORY,
    Part.STORE_TOKEN,
    Part.STORE_SUBJECT,
)
"""No page of any generation shows these."""
_BY_STATUS: Final = (Part.IDENTITY, Part.STORE_SERVER_URL)
_CREDENTIALS: Final = (Part.STORE_DB_UUID, Part.STORE_ENTERPRISE_CODE)
_FORMATS: Final = {
    Dialect.FLAT_15: StoreFormat.FLAT,
    Dialect.FLAT_16: StoreFormat.FLAT,
    Dialect.OWL: StoreFormat.INI_INTERPOLATED,
    Dialect.OWL_18_3: StoreFormat.INI_INTERPOLATED,
    Dialect.NEWEST: StoreFormat.INI_RAW,
}

_BRANCHES: Final = {Dialect.FLAT_15: "15.0"}
"""Where a generation is one branch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """What a look brings beside what it saw.

    Args:
        status: what the box's own status page says; `None` where it was not read or could not be.
    """

    observed: Observed
    presented: HttpsShown
    status: Told | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is known which box this is, as far as a page says so, and to what it is linked."""
        return Part.IDENTITY not in self.observed.unseen


@dataclass(slots=True)
class Looking:
    """Looks at one box.

    Args:
        seen: its generation.
    """

    way: PagesOfBox
    desired: Desired
    seen: SeenPage

    @property
    def entry(self) -> DialectEntry:
        """What is known of its generation."""
        return self.seen.entry

    def look(self, *, may_act: bool = False, known: Told | None = None) -> PageLook:
        """Look; raises nothing that a box can do but its silence.

        Args:
            may_act: read the status page although the box may act on that.
            known: what that page has just said, where asking again could make the box ask www.odoo.com again.

        Raises:
            NoAnswer: the box answers no more.
        """
        self.way.page.forget()
        skew, now = self._skew(), self.way.timing.now()
        shown = self.way.present(self.way.host)
        proved = shown.is_proof and self.way.prove(client_name(self.way.host, shown.name))
        harmless = self.entry.status.reads or (proved and _is_idle(shown, skew, now))
        status, error = known, None
        if status is None and (harmless or may_act):
            status, error = self._status()
        observed = self._observed(shown, status, error, skew, now)
        return PageLook(observed=observed, presented=shown, status=status)

    def _skew(self) -> float | None:
        """Return by how much the box's clock is ahead, to a second; asked of a route that does nothing."""
        before = self.way.timing.now()
        said = self.way.page.get(HELLO).date
        after = self.way.timing.now()
        return None if said is None else (said - before - (after - before) / 2).total_seconds()

    def _status(self) -> tuple[Told | None, Statement | None]:
        try:
            return told_by(self.way.page, self.seen), None
        except NoAnswer as why:
            return None, why.statement

    def _credentials(self, status: Told | None) -> PageCredentials | None:
        """Return the credentials, which older branches show in a form of its own that is a mere look."""
        if self.entry.credentials is None:
            return None if status is None else status.credentials
        path = self.entry.credentials.path
        try:
            return parse_credentials(self.way.page.get(path), path)
        except NoAnswer:
            return None

    def _observed(
        self, shown: HttpsShown, status: Told | None, error: Statement | None, skew: float | None, now: datetime
    ) -> Observed:
        form = self._credentials(status)
        address = _address(status.address if status else None) or self.way.address
        identity = Identity(
            serial=_serial(status, self.desired), address=address, access_point=address == _ACCESS_POINT
        )
        anonymous = status is not None and identity.serial is None and self.desired.serial is not None
        return Observed(
            observed_at=now + timedelta(seconds=skew or 0.0),
            layout=self._layout(),
            identity=identity,
            clock=Clock(skew_seconds=skew),
            disk=Disk(),
            resolvers=Resolvers(),
            store=Store(
                server_url=None if status is None else status.server,
                db_uuid=Secret(form.db_uuid) if form is not None and form.db_uuid else None,
                enterprise_code=None if form is None else form.enterprise_code,
            ),
            certificates=_certificates(shown),
            nginx=Nginx(),
            odoo=Odoo(answers=True),
            memory=Memory(applied={}),
            gaps={Part.IDENTITY: say("page_names_no_box")} if anonymous else {},
            unseen=tuple(self._unseen(shown, status, form, skew)),
            by_homepage=ByHomepage(
                restarts=self.entry.restart is not None,
                asks_at_start_only=self.entry.check_certificate is None,
                unverified=not self.entry.status.reads,
                status_error=error,
            ),
        )

    def _unseen(
        self, shown: HttpsShown, status: Told | None, form: PageCredentials | None, skew: float | None
    ) -> Iterator[Part]:
        yield from _NEVER
        if not self.seen.is_windows:
            yield Part.CERTIFICATES_MIRROR
        if status is None:
            yield from _BY_STATUS
        if form is None:
            yield from _CREDENTIALS
        if self.entry.knows_db_name:
            yield Part.STORE_DB_NAME
        if skew is None:
            yield Part.CLOCK
        if shown.fingerprint is None:
            yield Part.CERTIFICATES_LIVE

    def _layout(self) -> Layout:
        return Layout(
            store_format=_FORMATS[self.seen.dialect],
            service_user="odoo",
            image_version=self.seen.image_version.removeprefix("L") or None,
            branch=_BRANCHES.get(self.seen.dialect),
            bypass=None if self.seen.is_windows else "/root_bypass_ramdisks",
            system=OperatingSystem.WINDOWS if self.seen.is_windows else OperatingSystem.LINUX,
        )


def _is_idle(shown: HttpsShown, skew: float | None, now: datetime) -> bool:
    """Tell whether the vendor's own check will find nothing to do."""
    leaf = shown.leaf
    if leaf is None or skew is None or abs(skew) > MOST_SKEW_SECONDS:
        return False
    return leaf.not_before <= now < leaf.not_after - NOTHING_TO_DO_FOR


def _certificates(shown: HttpsShown) -> Certificates:
    if shown.fingerprint is None:
        return Certificates(live=Pair(), serve_error=shown.error)
    if shown.leaf is None:
        problem = PairProblem.CERTIFICATE_MALFORMED
        return Certificates(live=Pair(problem=problem, detail=shown.error), served=shown.fingerprint)
    chain = ChainState.NOT_CHECKED if shown.leaf.temporary else shown.chain
    return Certificates(
        live=Pair(certificate=shown.leaf, chain=chain, chain_detail=shown.chain_detail), served=shown.fingerprint
    )


def _serial(status: Told | None, desired: Desired) -> str | None:
    """Return by what the box is known: whichever of its identifiers the inventory has, else the generation's own."""
    if status is None:
        return None
    known, wanted = status.identifiers, desired.serial and plain_serial(desired.serial)
    return next((each for each in known if plain_serial(each) == wanted), known[0] if known else None)


def _address(told: str | None) -> str | None:
    try:
        return str(ipaddress.IPv4Address(told or ""))
    except ValueError:
        return None
