"""The authority behind www.odoo.com as one function, with every way of answering that a box may meet."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from reconciler.machine.system import HttpReply

from ..pki import LIFETIME, Pair, TestAuthority, issue_wildcard_pair, mismatched

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
    "redirect",
    "huge",
    "cut",
    "unresolvable",
    "refused",
    "timeout",
    "stranger",
]
REISSUE_BEFORE = dt.timedelta(days=30)
"""With more time left than that, every box of a database is handed the pair that there is."""
SHORT_LIFE = dt.timedelta(days=3)
_HUGE = 1 << 20
_REDIRECT = 302


@dataclass(frozen=True, slots=True)
class AuthorityRequest:
    """What arrives. `now` is the true time, whatever the box's clock says; `limit` is in bytes."""

    url: str
    body: bytes
    headers: dict[str, str]
    now: dt.datetime
    limit: int

    @property
    def db_uuid(self) -> str:
        """Return the database that asks."""
        return str(json.loads(self.body)["params"]["db_uuid"])


Authority = Callable[[AuthorityRequest], HttpReply]


def subdomain_of(db_uuid: str) -> str:
    """Return the eight hex digits below which all boxes of a database have their names."""
    return hashlib.sha256(db_uuid.encode()).hexdigest()[:8]


@dataclass(slots=True)
class AuthorityModel:
    """Answers requests and counts them.

    Args:
        mode: how to answer from now on; a number is an HTTP status.
        current: the pair of each subdomain.
        lifetime: of a new pair; the same is handed out until a third of it is left, 30 days at most.
        common_name: whether new pairs have one.
    """

    ca: TestAuthority
    mode: Mode | int = "ok"
    current: dict[str, Pair] = field(default_factory=dict)
    lifetime: dt.timedelta = LIFETIME
    common_name: bool = True
    requests: list[AuthorityRequest] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how often it was asked."""
        return len(self.requests)

    def __call__(self, request: AuthorityRequest) -> HttpReply:
        """Answer one request.

        Raises:
            OSError: in the modes in which no answer comes.
        """
        self.requests.append(request)
        if isinstance(self.mode, int):
            return _reply(request, b"<html>status</html>", self.mode, HTTPStatus(self.mode).phrase)
        if self.mode in _FAILURES:
            error = _FAILURES[self.mode]()
            raise error
        if self.mode in _BODIES:
            return _reply(request, _BODIES[self.mode])
        if self.mode == "redirect":
            return _reply(request, b"", _REDIRECT, "Found")
        return _reply(request, _result(self.pair(request)))

    def pair(self, request: AuthorityRequest) -> Pair:
        """Return what the present mode hands out to a database."""
        subdomain, now = subdomain_of(request.db_uuid), request.now
        if self.mode == "short_lived":
            return issue_wildcard_pair(self.ca, subdomain, now=now, not_after=now + SHORT_LIFE)
        if self.mode == "expired":
            ended = now - dt.timedelta(days=1)
            return issue_wildcard_pair(self.ca, subdomain, now=now, not_before=now - LIFETIME, not_after=ended)
        if self.mode == "wrong_name":
            other = issue_wildcard_pair(self.ca, "0000beef", now=now)
            return Pair(other.certificate_pem, other.private_key_pem, f"*.{subdomain}.odoo-iot.com", now, now)
        if self.mode == "leaf_only":
            return issue_wildcard_pair(self.ca, subdomain, now=now, include_chain=False)
        current = self._current(subdomain, now)
        return mismatched(current) if self.mode == "key_mismatch" else current

    def _current(self, subdomain: str, now: dt.datetime) -> Pair:
        there = self.current.get(subdomain)
        if there is None or (self.mode != "same" and _has_a_third_left(there, now)):
            there = self.current[subdomain] = issue_wildcard_pair(
                self.ca, subdomain, now=now, not_after=now + self.lifetime, common_name=self.common_name
            )
        return there


def _has_a_third_left(pair: Pair, now: dt.datetime) -> bool:
    """Tell whether an ACME client would have renewed by now."""
    return pair.not_after - now <= min(REISSUE_BEFORE, (pair.not_after - pair.not_before) / 3)


def verification_error(code: int, reason: str) -> ssl.SSLCertVerificationError:
    """Return the error of a handshake whose certificate was not accepted; `code` is OpenSSL's X509_V_ERR number."""
    error = ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {reason}")
    error.reason = "CERTIFICATE_VERIFY_FAILED"
    error.verify_code, error.verify_message = code, reason
    return error


_FAILURES: dict[str, Callable[[], OSError]] = {
    "unresolvable": lambda: socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
    "refused": lambda: ConnectionRefusedError(111, "Connection refused"),
    "timeout": lambda: TimeoutError(110, "Connection timed out"),
    "stranger": lambda: verification_error(18, "self-signed certificate"),
    "cut": lambda: ConnectionError("the answer breaks off before its end"),
}


def connection_failure(authority: Authority) -> OSError | None:
    """Return the error of a connection to an authority in whose mode there is none."""
    mode = authority.mode if isinstance(authority, AuthorityModel) else "ok"
    return _FAILURES[mode]() if isinstance(mode, str) and mode in _NO_CONNECTION else None


_NO_CONNECTION = ("unresolvable", "refused", "timeout", "stranger")
_BODIES: dict[str, bytes] = {
    "refuse": b'{"jsonrpc": "2.0", "id": null, "result": {"error": "No IoT Box subscription"}}',
    "error": b'{"jsonrpc": "2.0", "id": null, "error": {"code": 200, "message": "Odoo Server Error"}}',
    "noresult": b'{"jsonrpc": "2.0", "id": null, "result": {}}',
    "null": b'{"jsonrpc": "2.0", "id": null, "result": null}',
    "empty": b'{"result": {"subject_cn": "*.0.odoo-iot.com", "x509_pem": "", "private_key_pem": ""}}',
    "garbage": b"<html><body>Not JSON at all</body></html>",
    "captive": b"<html><head><title>Guest Wi-Fi</title></head><body>Please accept the terms</body></html>",
    "huge": b"{" + b" " * _HUGE,
}


def _result(pair: Pair) -> bytes:
    result = {"subject_cn": pair.subject, "x509_pem": pair.certificate_pem, "private_key_pem": pair.private_key_pem}
    return json.dumps({"jsonrpc": "2.0", "id": None, "result": result}).encode()


def _reply(request: AuthorityRequest, body: bytes, status: int = 200, reason: str = "OK") -> HttpReply:
    return HttpReply(status, reason, body[: request.limit], len(body) <= request.limit)
