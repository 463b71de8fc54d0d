"""What a box says of itself on its status routes, as typed values: strict and bounded, and still only what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from ..model.code_name import CodeName
from ..model.secret import Secret
from ..model.statement import say
from ..printable import printable
from .answer import NoAnswer, PageAnswer
from .dialect import DIALECTS, Dialect
from .replies import object_of

NOT_CONFIGURED: Final = "Not Configured"
SHOWN_EARLIER: Final = timedelta(days=10)
"""Up to saas-18.2 a box shows the end of its certificate ten days early: it would fetch another one then."""
_LONGEST: Final = 500
_LONGEST_DETAILS: Final = 4000
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
"""Of a time with which is reckoned: beyond, nothing can be added to it or taken away."""
_CODE: Final = re.compile(r"ERR_IOT_HTTPS_[A-Z_]+")
_STATUS: Final = re.compile(r"ERR_IOT_HTTPS_LOAD_REQUEST_STATUS\s+(\d{3})\b")
_UNTIL: Final = re.compile(r"Your certificate (\S{1,300}) is valid until (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
_VERSION: Final = re.compile(r"[A-Za-z]?\d[\w.-]{0,30}")


class BoxSystem(StrEnum):
    """On what the vendor's program runs. `unknown`: the box did not say."""

    LINUX = "linux"
    WINDOWS = "windows"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCertificate:
    """What a box says of its certificate.

    Args:
        ok: its own verdict; `None` where the generation gives none, or the page shows none.
        code: the vendor's code for what is wrong.
        http_status: the number beside a code about a status.
        details: its words.
        name: the common name.
        until: the end of the certificate, in UTC.
    """

    ok: bool | None = None
    code: CodeName | None = None
    http_status: int | None = None
    details: str = ""
    name: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStatus:
    """What a box says of itself. Nothing of it is proved, and every text is a stranger's.

    Args:
        dialect: the generation that answers in this shape.
        server: the URL of its database, `None` where it is not linked.
        identifier: what the database knows the box by: a serial number or UUID from saas-18.4 on, a MAC address before.
        address: its IP address.
        version: of its image.
        uptime: seconds since the vendor's program was started; `None` where the generation does not say.
    """

    dialect: Dialect
    server: str | None
    db_uuid: str | None
    enterprise_code: Secret | None
    identifier: str | None
    mac: str | None
    address: str | None
    version: str
    system: BoxSystem
    hostname: str | None = None
    uptime: float | None = None
    certificate: PageCertificate = PageCertificate()


def parse_data(answer: PageAnswer, path: str) -> PageStatus:
    """Return what the answer of a `data` route says; its keys tell the generation.

    Raises:
        NoAnswer: it is no such answer.
    """
    data = _Fields(path, object_of(answer, path))
    if data.has("is_certificate_ok"):
        return _old(data)
    if data.has("certificate_end_date"):
        return _new(data)
    raise data.strange()


def system_of(version: str, said: str | None = None) -> BoxSystem:
    """Return on what a box runs, by its own word or by the letter before the version of its image."""
    known = {"Linux": BoxSystem.LINUX, "Windows": BoxSystem.WINDOWS, "L": BoxSystem.LINUX, "W": BoxSystem.WINDOWS}
    if said is not None:
        return known.get(said, BoxSystem.UNKNOWN)
    first = version[:1]
    return BoxSystem.LINUX if first.isdigit() else known.get(first, BoxSystem.UNKNOWN)


def version_of(text: str) -> str:
    """Return the version of an image as boxes write it; nothing for any other text."""
    text = text.strip()
    return text if _VERSION.fullmatch(text) else ""


def certificate_of(details: str, *, ok: bool | None) -> PageCertificate:
    """Return what the vendor's words about a certificate say; words before and after the code do not matter."""
    code = next((CodeName(each) for each in _CODE.findall(details) if each in set(CodeName)), None)
    status = _STATUS.search(details)
    valid = _UNTIL.search(details)
    until = _time(valid[2]) if valid else None
    return PageCertificate(
        ok=ok,
        code=code,
        http_status=int(status[1]) if status else None,
        details=printable(details[:_LONGEST_DETAILS])[:_LONGEST],
        name=valid[1] if valid else None,
        until=until + SHOWN_EARLIER if until else None,
    )


class _Fields:
    """The keys of a status, each taken as what it has to be."""

    def __init__(self, path: str, values: Mapping[str, object]) -> None:
        self.path = path
        self._values = values

    def strange(self) -> NoAnswer:
        return NoAnswer(say("page_strange", path=self.path), sent=True)

    def has(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, most: int = _LONGEST) -> str | None:
        """Return a text that can be written anywhere; `None` where it is empty, null, false or missing."""
        value = self._values.get(name)
        if value is None or value is False or value == "":
            return None
        if not isinstance(value, str) or len(value) > most:
            raise self.strange()
        return value.encode("utf-8", "replace").decode()  # half a surrogate pair is in no UTF-8, and ends who writes it

    def truth(self, name: str) -> bool:
        value = self._values.get(name)
        if not isinstance(value, bool):
            raise self.strange()
        return value

    def seconds(self, name: str) -> float | None:
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LONGEST_UPTIME:
            raise self.strange()
        return float(value)


_LONGEST_UPTIME: Final = 1e10
"""Seconds; three centuries."""


def _old(data: _Fields) -> PageStatus:
    """Read the status of late 17.0 to saas-18.2."""
    details = data.text("certificate_details", _LONGEST_DETAILS * 4) or ""
    mac = data.text("mac")
    version = version_of(data.text("version") or "")
    return PageStatus(
        dialect=Dialect.OWL,
        server=_server(data),
        db_uuid=data.text("db_uuid"),
        enterprise_code=_secret(data),
        identifier=mac,
        mac=mac,
        address=data.text("ip"),
        version=version,
        system=system_of(version, data.text("system")),
        hostname=data.text("hostname"),
        certificate=certificate_of(details, ok=data.truth("is_certificate_ok")),
    )


def _new(data: _Fields) -> PageStatus:
    """Read the status of saas-18.3 and later."""
    mac = data.text("mac_address") or data.text("mac")
    version = version_of(data.text("version") or "")
    end = data.text("certificate_end_date")
    until = _time(end) if end else None
    if end and until is None:
        raise data.strange()
    return PageStatus(
        dialect=Dialect.OWL_18_3 if data.path == DIALECTS[Dialect.OWL_18_3].status.path else Dialect.NEWEST,
        server=_server(data),
        db_uuid=data.text("db_uuid"),
        enterprise_code=_secret(data),
        identifier=data.text("identifier") or mac,
        mac=mac,
        address=data.text("ip"),
        version=version,
        system=system_of(version, data.text("system")),
        hostname=data.text("hostname"),
        uptime=data.seconds("odoo_uptime_seconds"),
        certificate=PageCertificate(until=until),
    )


def _server(data: _Fields) -> str | None:
    server = data.text("server_status")
    return None if server == NOT_CONFIGURED else server


def _secret(data: _Fields) -> Secret | None:
    code = data.text("enterprise_code")
    return Secret(code) if code else None


def _time(text: str) -> datetime | None:
    """Return a time that a box writes without a zone and means in UTC; newer images write the zone."""
    try:
        time = datetime.fromisoformat(text)
        known = time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):  # the first or the last day that there is, in another zone
        return None
    return known if _FIRST_YEAR <= known.year <= _LAST_YEAR else None
