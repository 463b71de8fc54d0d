"""The authority behind www.odoo.com as one function, with every way of answering, or not, that a box may meet."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final, Literal

from reconciler.net.replies import HttpReply

from .. import authority_modes
from ..authority_modes import Delivery, Issue, ModeSettings, ScriptedAnswer
from ..pki import LIFETIME, Pair, TestAuthority, issue_wildcard_pair

NoConnection = Literal["unresolvable", "refused", "timeout", "stranger"]
"""Ways in which no answer comes, since there is no connection."""
Mode = Literal[authority_modes.Mode, NoConnection]
_SETTINGS: Final = ModeSettings(days=3)
REISSUE_BEFORE = dt.timedelta(days=30)
"""With more time left than that, every box of a database is handed the pair that there is."""


@dataclass(frozen=True, slots=True)
class AuthorityRequest:
    """What arrives.

    Args:
        now: the true time, whatever the box's clock says.
        limit: bytes that the box reads.
        wait: lets so many seconds pass; TimeoutError if the box waits for less.
    """

    url: str
    body: bytes
    headers: dict[str, str]
    now: dt.datetime
    limit: int
    wait: Callable[[float], object]

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
        settings: of the modes.
        current: the pair of each subdomain.
        lifetime: of a new pair; the same is handed out until a third of it is left, 30 days at most.
        common_name: whether new pairs have one.
    """

    ca: TestAuthority
    mode: Mode | int = "ok"
    settings: ModeSettings = _SETTINGS
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
        if (failure := connection_failure(self)) is not None:
            raise failure
        return _delivered(authority_modes.answer(self._issue(request)), request, self.settings.seconds)

    def _issue(self, request: AuthorityRequest) -> Issue:
        subdomain, mode = subdomain_of(request.db_uuid), self.mode
        of_the_mode: dict[str, Any] = {"mode": "status", "status": mode} if isinstance(mode, int) else {"mode": mode}
        settings = replace(self.settings, **of_the_mode)
        return Issue(settings, self.ca, subdomain, request.now, lambda: self._current(subdomain, request.now))

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


_FAILURES: Final[Mapping[NoConnection, Callable[[], OSError]]] = {
    "unresolvable": lambda: socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
    "refused": lambda: ConnectionRefusedError(111, "Connection refused"),
    "timeout": lambda: TimeoutError(110, "Connection timed out"),
    "stranger": lambda: verification_error(18, "self-signed certificate"),
}


def connection_failure(authority: Authority) -> OSError | None:
    """Return the error of a connection to an authority in whose mode there is none."""
    mode = authority.mode if isinstance(authority, AuthorityModel) else "ok"
    return next((failure() for name, failure in _FAILURES.items() if name == mode), None)


def _delivered(answer: ScriptedAnswer, request: AuthorityRequest, seconds: float) -> HttpReply:
    """Return what of an answer arrives at the box.

    Raises:
        OSError: it breaks off, or the box does not wait for so long.
    """
    body, phrase = answer.body, HTTPStatus(answer.status).phrase
    match answer.delivery:
        case Delivery.LATE:
            request.wait(seconds)
        case Delivery.DRIPPING:
            request.wait(seconds * len(body))
        case Delivery.ENDLESS:
            body += authority_modes.FILLING * (request.limit // len(authority_modes.FILLING) + 1)
        case Delivery.CUT:
            raise ConnectionError("the answer breaks off before its end")
        case Delivery.AT_ONCE:
            pass
    return HttpReply(answer.status, phrase, body[: request.limit], len(body) <= request.limit)
