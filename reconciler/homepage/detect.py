"""Which generation answers at an address, found by routes that do nothing.

A status that merely reads is read at once, since it says what the box runs on; any other is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from ..model.statement import Statement, say
from .answer import NoAnswer, NotABox, PageAnswer
from .dialect import DIALECTS, VERSION_ROUTE, Dialect, DialectEntry
from .pages import PageCredentials, parse_credentials
from .replies import object_of
from .session import HELLO, Homepage
from .status import BoxSystem, PageStatus, parse_data, system_of, version_of

_LONGEST_HELLO: Final = 64
_PASSWORD: Final = "/hw_posbox_homepage/password"  # noqa: S105 - a path
"""A route of 16.0 that takes POST only: a GET is refused before any of its code runs, and 15.0 does not know it."""
_KNOWS: Final = (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.BAD_REQUEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """What answers at an address.

    Args:
        dialect: its generation; saas-18.3 shows itself only by its status, and counts as `owl` until then.
        image_version: as the box gives it, empty where it does not.
        date: what its clock said, in UTC.
        status: where it merely reads.
        credentials: where a page of its own shows them.
        no_status: why the status could not be read, although it merely reads.
    """

    dialect: Dialect
    system: BoxSystem
    image_version: str
    date: datetime | None = None
    status: PageStatus | None = None
    credentials: PageCredentials | None = None
    no_status: NoAnswer | None = None

    @property
    def is_windows(self) -> bool:
        """Whether it is a Windows PC."""
        return self.system is BoxSystem.WINDOWS

    @property
    def entry(self) -> DialectEntry:
        """What is known of its generation."""
        return DIALECTS[self.dialect]


def detect(page: Homepage) -> SeenPage:
    """Find out which generation answers.

    Raises:
        NotABox: something answers, and it is no box of a known generation.
        NoAnswer: nothing answers.
    """
    hello = page.get(HELLO)
    if problem := _no_hello(hello):
        raise NotABox(problem, sent=True)
    if _pongs(page, DIALECTS[Dialect.NEWEST]):
        return _newest(page, hello.date)
    if _pongs(page, DIALECTS[Dialect.OWL]):
        version = _version(page)
        return SeenPage(dialect=Dialect.OWL, system=system_of(version), image_version=version, date=hello.date)
    return _flat(page, hello.date)


def _no_hello(answer: PageAnswer) -> Statement | None:
    if answer.status != HTTPStatus.OK:
        return say("page_status", path=HELLO, status=answer.status)
    return None if answer.body[:_LONGEST_HELLO].strip() == b"ping" else say("page_no_hello")


def _pongs(page: Homepage, entry: DialectEntry) -> bool:
    if entry.ping is None:
        return False
    answer = page.get(entry.ping.path)
    if answer.status == HTTPStatus.NOT_FOUND:
        return False
    try:
        return object_of(answer, entry.ping.path).get("message") == "pong"
    except NoAnswer:
        return False


def _newest(page: Homepage, date: datetime | None) -> SeenPage:
    path = DIALECTS[Dialect.NEWEST].status.path
    try:
        status = parse_data(page.get(path), path)
    except NoAnswer as problem:
        return SeenPage(
            dialect=Dialect.NEWEST, system=BoxSystem.UNKNOWN, image_version="", date=date, no_status=problem
        )
    return SeenPage(
        dialect=Dialect.NEWEST, system=status.system, image_version=status.version, date=date, status=status
    )


def _flat(page: Homepage, date: datetime | None) -> SeenPage:
    route = DIALECTS[Dialect.FLAT_15].credentials
    path = "" if route is None else route.path
    answer = page.get(path)
    try:
        credentials = parse_credentials(answer, path)
    except NoAnswer:
        credentials = None
    if credentials is None:
        raise NotABox(say("page_unknown_generation"), sent=True)
    known = page.get(_PASSWORD).status in _KNOWS
    version = _version(page)
    return SeenPage(
        dialect=Dialect.FLAT_16 if known else Dialect.FLAT_15,
        system=system_of(version),
        image_version=version,
        date=date,
        credentials=credentials,
    )


def _version(page: Homepage) -> str:
    answer = page.get(VERSION_ROUTE.path)
    return version_of(answer.body[:_LONGEST_HELLO].decode("utf-8", "replace")) if answer.status == HTTPStatus.OK else ""
