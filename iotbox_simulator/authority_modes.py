"""Every way in which www.odoo.com has answered, or could, when a box asks for a certificate.

A mode is a name in `MODES`. Settings of the modes: `status` (for status), `text` (refuse, error), `seconds` (slow:
before the answer, drip: between bytes), `days` (short_lived), `url` (redirect).
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .https_server import Reply, json_reply
from .pki import Pair, TestAuthority, issue_server_pair, issue_wildcard_pair, mismatched

PIECE = b"A" * 65536
LOGIN_PAGE = b"<html><head><title>Guest Wi-Fi</title></head><body><form>Please accept the terms</form></body></html>"
REASONS = {"error": "Odoo Server Error", "refuse": "No IoT Box subscription"}


@dataclass(frozen=True)
class Settings:
    """How to answer; one for everybody, or one for a database."""

    mode: str = "ok"
    status: int = 503
    text: str = ""
    seconds: float = 30.0
    days: float = 5.0
    url: str = "https://elsewhere.example/odoo-enterprise/iot/x509"


@dataclass(frozen=True)
class Issue:
    """What a mode may use to make its answer."""

    settings: Settings
    authority: TestAuthority
    hash: str
    now: dt.datetime
    current: Callable[[], Pair]
    """The pair of the database, the same until it is rotated."""
    stopping: threading.Event = field(default_factory=threading.Event)


def success(pair: Pair) -> bytes:
    """Body of an answer with a certificate."""
    result = {
        "subject_cn": pair.subject,
        "x509_pem": pair.certificate_pem,
        "private_key_pem": pair.private_key_pem,
    }
    return json.dumps({"jsonrpc": "2.0", "id": None, "result": result}).encode()


def refusal(text: str) -> Reply:
    """200, but only an error inside the result."""
    return json_reply({"jsonrpc": "2.0", "id": None, "result": {"error": text}})


def answer(issue: Issue) -> Reply:
    """The answer of the mode that is set."""
    return MODES[issue.settings.mode](issue)


def _certificate(issue: Issue) -> Reply:
    return Reply(body=success(issue.current()))


def _error(issue: Issue) -> Reply:
    fault = {"code": 200, "message": issue.settings.text or REASONS["error"]}
    return json_reply({"jsonrpc": "2.0", "id": None, "error": fault})


def _empty(issue: Issue) -> Reply:
    result = {"subject_cn": issue.current().subject, "x509_pem": "", "private_key_pem": ""}
    return json_reply({"result": result})


def _status(issue: Issue) -> Reply:
    return Reply(issue.settings.status, b"<html><body>not now</body></html>", "text/html")


def _slow(issue: Issue) -> Reply:
    issue.stopping.wait(issue.settings.seconds)
    return _certificate(issue)


def _drip(issue: Issue) -> Reply:
    body = success(issue.current())

    def bytes_one_by_one() -> Iterator[bytes]:
        for index in range(len(body)):
            if issue.stopping.wait(issue.settings.seconds):
                return
            yield body[index : index + 1]

    return Reply(body=bytes_one_by_one(), claimed_length=len(body))


def _huge(issue: Issue) -> Reply:
    def endless() -> Iterator[bytes]:
        yield b'{"result": {"subject_cn": "*.x.odoo-iot.com", "x509_pem": "'
        while not issue.stopping.is_set():
            yield PIECE

    return Reply(body=endless())


def _cut(issue: Issue) -> Reply:
    body = success(issue.current())
    return Reply(body=body[: len(body) // 2], claimed_length=len(body))


def _expired(issue: Issue) -> Reply:
    return _with_dates(issue, issue.now - dt.timedelta(days=90), issue.now - dt.timedelta(days=1))


def _short_lived(issue: Issue) -> Reply:
    """Give one of the usual lifetime that is nearly over, so that it is due by any rule."""
    ends = issue.now + dt.timedelta(days=issue.settings.days)
    return _with_dates(issue, ends - dt.timedelta(days=90), ends)


def _with_dates(issue: Issue, starts: dt.datetime, ends: dt.datetime) -> Reply:
    pair = issue_wildcard_pair(issue.authority, issue.hash, now=issue.now, not_before=starts, not_after=ends)
    return Reply(body=success(pair))


def _wrong_name(issue: Issue) -> Reply:
    foreign = issue_server_pair(issue.authority, ["*.0badc0de.odoo-iot.com"], now=issue.now)
    subject = issue.current().subject
    return Reply(body=success(Pair(foreign.certificate_pem, foreign.private_key_pem, subject, issue.now, issue.now)))


def _leaf_only(issue: Issue) -> Reply:
    return Reply(body=success(issue_wildcard_pair(issue.authority, issue.hash, now=issue.now, include_chain=False)))


MODES: dict[str, Callable[[Issue], Reply]] = {
    "ok": _certificate,
    "same": _certificate,  # says in a test that the pair is expected to be the one already handed out
    "status": _status,
    "refuse": lambda issue: refusal(issue.settings.text or REASONS["refuse"]),
    "error": _error,
    "noresult": lambda _issue: json_reply({"jsonrpc": "2.0", "id": None, "result": {}}),
    "null": lambda _issue: json_reply({"jsonrpc": "2.0", "id": None, "result": None}),
    "empty": _empty,
    "garbage": lambda _issue: Reply(body=b"<html><body>Not JSON at all</body></html>", content_type="text/html"),
    "captive": lambda _issue: Reply(body=LOGIN_PAGE, content_type="text/html"),
    "slow": _slow,
    "drip": _drip,
    "huge": _huge,
    "cut": _cut,
    "redirect": lambda issue: Reply(302, headers={"Location": issue.settings.url}),
    "short_lived": _short_lived,
    "expired": _expired,
    "wrong_name": _wrong_name,
    "key_mismatch": lambda issue: Reply(body=success(mismatched(issue.current()))),
    "leaf_only": _leaf_only,
}

ANSWERS_ANYONE = {"status", "error", "noresult", "null", "empty", "garbage", "captive", "huge", "redirect", "refuse"}
"""In these modes even a database that is not known gets the answer of the mode; in the others it is refused."""
