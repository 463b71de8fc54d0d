"""Every way in which www.odoo.com has answered, or could, when a box asks for a certificate.

A mode is a name in `MODES`, and what it answers is data: `authority` serves it over HTTPS to whoever connects,
`machine.authority` hands it to boxes in memory. Settings of the modes: `status` (for status), `text` (refuse, error),
`seconds` (slow: before the answer, drip: between bytes), `days` (short_lived), `url` (redirect).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, get_args

from .pki import LIFETIME, Pair, TestAuthority, issue_wildcard_pair, mismatched

Mode = Literal[
    "ok",
    "same",
    "short_lived",
    "expired",
    "wrong_name",
    "key_mismatch",
    "leaf_only",
    "refuse",
    "error",
    "noresult",
    "null",
    "empty",
    "garbage",
    "captive",
    "status",
    "redirect",
    "slow",
    "drip",
    "huge",
    "cut",
]
NAMES: Final[tuple[Mode, ...]] = get_args(Mode)

PAGE: Final = "text/html"
FILLING: Final = b"A" * 65536
"""What an answer without an end goes on with."""
_LOGIN = b"<html><head><title>Guest Wi-Fi</title></head><body><form>Please accept the terms</form></body></html>"
_REASONS = {"error": "Odoo Server Error", "refuse": "No IoT Box subscription"}
_ANOTHER_NAME = "0badc0de"


class Delivery(StrEnum):
    """How an answer arrives: a `LATE` one after some seconds, a `DRIPPING` one with as many before each byte."""

    AT_ONCE = "at once"
    LATE = "late"
    DRIPPING = "dripping"
    ENDLESS = "endless"
    CUT = "cut"
    """Half of it, after which the connection ends."""


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """What a mode answers; `location`: where a redirect leads."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    location: str | None = None
    delivery: Delivery = Delivery.AT_ONCE


@dataclass(frozen=True)
class ModeSettings:
    """How to answer; one for everybody, or one for a database."""

    mode: Mode = "ok"
    status: int = 503
    text: str = ""
    seconds: float = 30.0
    days: float = 5.0
    url: str = "https://elsewhere.example/odoo-enterprise/iot/x509"


@dataclass(frozen=True)
class Issue:
    """What a mode may use to make its answer.

    Args:
        subdomain: of odoo-iot.com, below which the boxes of the database have their names.
        current: returns the pair of the database, the same until it is issued anew.
    """

    settings: ModeSettings
    authority: TestAuthority
    subdomain: str
    now: dt.datetime
    current: Callable[[], Pair]

    @property
    def subject(self) -> str:
        """What the authority calls the certificate."""
        return f"*.{self.subdomain}.odoo-iot.com"


def answer(issue: Issue) -> ScriptedAnswer:
    """Return the answer of the mode that is set."""
    return MODES[issue.settings.mode](issue)


def refusal(text: str) -> ScriptedAnswer:
    """Return a 200 with only an error inside the result."""
    return _rpc(result={"error": text})


def _rpc(**said: object) -> ScriptedAnswer:
    return ScriptedAnswer(json.dumps({"jsonrpc": "2.0", "id": None, **said}).encode())


def _given(pair: Pair, delivery: Delivery = Delivery.AT_ONCE) -> ScriptedAnswer:
    result = {"subject_cn": pair.subject, "x509_pem": pair.certificate_pem, "private_key_pem": pair.private_key_pem}
    body = json.dumps({"jsonrpc": "2.0", "id": None, "result": result}).encode()
    return ScriptedAnswer(body, delivery=delivery)


def _by(delivery: Delivery) -> Callable[[Issue], ScriptedAnswer]:
    return lambda issue: _given(issue.current(), delivery)


def _certificate(issue: Issue) -> ScriptedAnswer:
    return _given(issue.current())


def _error(issue: Issue) -> ScriptedAnswer:
    return _rpc(error={"code": 200, "message": issue.settings.text or _REASONS["error"]})


def _huge(issue: Issue) -> ScriptedAnswer:
    return ScriptedAnswer(
        b'{"result": {"subject_cn": "%b", "x509_pem": "' % issue.subject.encode(), delivery=Delivery.ENDLESS
    )


def _status(issue: Issue) -> ScriptedAnswer:
    return ScriptedAnswer(b"<html><body>not now</body></html>", issue.settings.status, PAGE)


def _expired(issue: Issue) -> ScriptedAnswer:
    return _ending(issue, issue.now - dt.timedelta(days=1))


def _short_lived(issue: Issue) -> ScriptedAnswer:
    """Give one of the usual lifetime that is nearly over, so that it is due by any rule."""
    return _ending(issue, issue.now + dt.timedelta(days=issue.settings.days))


def _ending(issue: Issue, ends: dt.datetime) -> ScriptedAnswer:
    starts = ends - LIFETIME
    return _given(
        issue_wildcard_pair(issue.authority, issue.subdomain, now=issue.now, not_before=starts, not_after=ends)
    )


def _wrong_name(issue: Issue) -> ScriptedAnswer:
    other = issue_wildcard_pair(issue.authority, _ANOTHER_NAME, now=issue.now)
    return _given(Pair(other.certificate_pem, other.private_key_pem, issue.subject, issue.now, issue.now))


def _leaf_only(issue: Issue) -> ScriptedAnswer:
    return _given(issue_wildcard_pair(issue.authority, issue.subdomain, now=issue.now, include_chain=False))


MODES: Final[Mapping[Mode, Callable[[Issue], ScriptedAnswer]]] = {
    "ok": _certificate,
    "same": _certificate,  # the pair is the one that was handed out before, however soon it ends
    "short_lived": _short_lived,
    "expired": _expired,
    "wrong_name": _wrong_name,
    "key_mismatch": lambda issue: _given(mismatched(issue.current())),
    "leaf_only": _leaf_only,
    "refuse": lambda issue: refusal(issue.settings.text or _REASONS["refuse"]),
    "error": _error,
    "noresult": lambda _issue: _rpc(result={}),
    "null": lambda _issue: _rpc(result=None),
    "empty": lambda _issue: _rpc(result={"subject_cn": "*.0.odoo-iot.com", "x509_pem": "", "private_key_pem": ""}),
    "garbage": lambda _issue: ScriptedAnswer(b"<html><body>Not JSON at all</body></html>", content_type=PAGE),
    "captive": lambda _issue: ScriptedAnswer(_LOGIN, content_type=PAGE),
    "status": _status,
    "redirect": lambda issue: ScriptedAnswer(b"", 302, location=issue.settings.url),
    "slow": _by(Delivery.LATE),
    "drip": _by(Delivery.DRIPPING),
    "huge": _huge,
    "cut": _by(Delivery.CUT),
}

ANSWERS_ANYONE: Final[frozenset[Mode]] = frozenset(
    {"status", "error", "noresult", "null", "empty", "garbage", "captive", "huge", "redirect", "refuse"}
)
"""In these modes even a database that is not known gets the answer of the mode; in the others it is refused."""
