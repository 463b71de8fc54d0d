"""Stand-in for www.odoo.com: hands out certificates, or fails in every way that a box must survive.

In a test: `with Authority(now=...) as authority:`, then `authority.set("status", status=503)`. As a program it has a
second, plain HTTP port for control:

- `GET /control`, `PUT /control` with `{"mode": ..., "db_uuid": ..., settings}`
- `GET /control/requests`, `POST /control/rotate`, `POST /control/reset`
- `PUT /control/stranger` with true or false: present a certificate of an authority that nobody trusts
- `PUT /control/databases` with `{"<db_uuid>": ["<enterprise code>", "<hash>"]}`
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Any, Self

from . import authority_modes, stand_in
from .authority_modes import (
    ANSWERS_ANYONE,
    FILLING,
    MODES,
    Delivery,
    Issue,
    Mode,
    ModeSettings,
    ScriptedAnswer,
    refusal,
)
from .https_server import ClientRequest, Reply, WebServer, json_reply
from .pki import Pair, TestAuthority, issue_server_pair, issue_wildcard_pair, make_authority

PATH = "/odoo-enterprise/iot/x509"
UNKNOWN_DATABASE = "The database is not known or its subscription is not in progress"
log = logging.getLogger("iotbox_simulator.authority")


@dataclass(frozen=True)
class Subscription:
    """What the authority knows of a customer's database; `hash` is its sub-domain of odoo-iot.com."""

    enterprise_code: str
    hash: str


DATABASES = {
    "11111111-2222-3333-4444-555555555555": Subscription("M210101", "111111112222"),
    "22222222-3333-4444-5555-666666666666": Subscription("M220202", "222222223333"),
}
NOBODY = Subscription("", "00000000")
_BY_NAME: Mapping[str, Mode] = {mode: mode for mode in MODES}


class Authority:
    """Answers boxes, remembers what they asked, and can be told to misbehave while it runs."""

    def __init__(
        self,
        *,
        now: Callable[[], dt.datetime] = stand_in.utc_now,
        listen: tuple[str, int] = ("127.0.0.1", 0),
        names: tuple[str, ...] = ("www.odoo.com", "127.0.0.1"),
        databases: Mapping[str, Subscription] = DATABASES,
        ca: TestAuthority | None = None,
    ) -> None:
        self._now = now
        self._names = names
        self.ca = ca or make_authority("Lab", now=now())
        self._known = dict(databases)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = WebServer(listen, self.answer)
        self.reset()

    @property
    def url(self) -> str:
        """Where a client on this machine asks for a certificate."""
        return f"https://127.0.0.1:{self._server.port}{PATH}"

    @property
    def ca_pem(self) -> str:
        """What a client must trust."""
        return self.ca.root_pem

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.stop()

    def set(self, mode: str, *, db_uuid: str | None = None, **settings: Any) -> None:
        """Answer in this mode from now on, for one database only if it is named.

        Raises ValueError for a mode that is not known, TypeError for a setting that is not.
        """
        known = _BY_NAME.get(mode)
        if known is None:
            raise ValueError(f"no mode {mode!r} (there are {', '.join(sorted(MODES))})")
        chosen = ModeSettings(known, **settings)
        with self._lock:
            if db_uuid:
                self._overrides[db_uuid] = chosen
            else:
                self._settings = chosen

    def rotate(self) -> None:
        """Hand out a new pair for each database from now on."""
        with self._lock:
            self._pairs.clear()

    def serve_stranger(self, *, stranger: bool) -> None:
        """Present a certificate that nobody trusts, or the proper one again."""
        ca = make_authority("Stranger", now=self._now()) if stranger else self.ca
        pair = issue_server_pair(ca, self._names, now=self._now(), not_after=self._now() + dt.timedelta(days=3000))
        self._server.serve_certificate(pair.certificate_pem, pair.private_key_pem)

    def add_database(self, db_uuid: str, enterprise_code: str, subdomain: str) -> None:
        """Know one more database."""
        with self._lock:
            self._known[db_uuid] = Subscription(enterprise_code, subdomain)

    def requests(self) -> list[dict[str, Any]]:
        """Everything asked so far, oldest first."""
        with self._lock:
            return list(self._requests)

    def reset(self) -> None:
        """As after the start, except for the databases that were added and the authority itself."""
        with self._lock:
            self._settings = ModeSettings()
            self._overrides: dict[str, ModeSettings] = {}
            self._requests: list[dict[str, Any]] = []
            self._pairs: dict[str, Pair] = {}
        self.serve_stranger(stranger=False)

    def pair(self, db_uuid: str) -> Pair:
        """The pair of a database: one for all its boxes until it is rotated."""
        with self._lock:
            if db_uuid not in self._pairs:
                subdomain = self._known.get(db_uuid, NOBODY).hash
                self._pairs[db_uuid] = issue_wildcard_pair(self.ca, subdomain, now=self._now())
            return self._pairs[db_uuid]

    def answer(self, request: ClientRequest) -> Reply:
        """Answer a box, and remember that it asked."""
        if request.method != "POST" or request.path != PATH:
            return Reply(404, b"<html><body>Not Found</body></html>", "text/html")
        params = (request.json() or {}).get("params") or {}
        db_uuid, code = str(params.get("db_uuid") or ""), str(params.get("enterprise_code") or "")
        with self._lock:
            known = self._known.get(db_uuid)
            settings = self._overrides.get(db_uuid, self._settings)
        self._remember(request, db_uuid, code, settings)
        accepted = known is not None and known.enterprise_code == code
        if not accepted and settings.mode not in ANSWERS_ANYONE:
            return self._reply(refusal(UNKNOWN_DATABASE), settings.seconds)
        subdomain = (known or NOBODY).hash
        issue = Issue(settings, self.ca, subdomain, self._now(), lambda: self.pair(db_uuid))
        return self._reply(authority_modes.answer(issue), settings.seconds)

    def control(self, request: ClientRequest) -> Reply:
        """Answer on the control port."""
        action = _CONTROL.get((request.method, request.path))
        if action is None:
            return json_reply({"error": "no such control"}, 404)
        try:
            return json_reply(action(self, request.json()))
        except (TypeError, ValueError, AttributeError) as error:
            return json_reply({"error": str(error)}, 400)

    def describe(self) -> dict[str, Any]:
        """Settings, overrides and counts."""
        with self._lock:
            overrides = {uuid: asdict(settings) for uuid, settings in self._overrides.items()}
            return {**asdict(self._settings), "overrides": overrides, "requests": len(self._requests)}

    def _reply(self, answer: ScriptedAnswer, seconds: float) -> Reply:
        """Serve an answer as it is to arrive; what takes long ends with the server."""
        body, location = answer.body, answer.location
        headers = {} if location is None else {"Location": location}
        whole = Reply(answer.status, body, answer.content_type, headers)
        match answer.delivery:
            case Delivery.LATE:
                self._stopping.wait(seconds)
                return whole
            case Delivery.DRIPPING:
                drops = (body[at : at + 1] for at in range(len(body)) if not self._stopping.wait(seconds))
                return replace(whole, body=drops, claimed_length=len(body))
            case Delivery.ENDLESS:
                return replace(whole, body=self._endless(body))
            case Delivery.CUT:
                return replace(whole, body=body[: len(body) // 2], claimed_length=len(body))
            case Delivery.AT_ONCE:
                return whole

    def _endless(self, start: bytes) -> Iterator[bytes]:
        yield start
        while not self._stopping.is_set():
            yield FILLING

    def _remember(self, request: ClientRequest, db_uuid: str, code: str, settings: ModeSettings) -> None:
        entry = {
            "time": self._now().isoformat(),
            "client": request.client,
            "db_uuid": db_uuid,
            "enterprise_code": code,
            "user_agent": request.headers.get("User-Agent", ""),
            "mode": settings.mode,
        }
        with self._lock:
            self._requests.append(entry)
        log.info("asked by %s for database %s: %s", request.client, db_uuid or "(none)", settings.mode)


def _put_databases(authority: Authority, body: Mapping[str, list[str]]) -> dict[str, Any]:
    for db_uuid, (code, subdomain) in body.items():
        authority.add_database(db_uuid, code, subdomain)
    return authority.describe()


def _and_describe(change: Callable[[Authority, Any], None]) -> Callable[[Authority, Any], Any]:
    def act(authority: Authority, body: Any) -> Any:
        change(authority, body)
        return authority.describe()

    return act


_CONTROL: dict[tuple[str, str], Callable[[Authority, Any], Any]] = {
    ("GET", "/control"): lambda authority, _body: authority.describe(),
    ("PUT", "/control"): _and_describe(lambda authority, body: authority.set(**body)),
    ("GET", "/control/requests"): lambda authority, _body: authority.requests(),
    ("POST", "/control/rotate"): _and_describe(lambda authority, _body: authority.rotate()),
    ("POST", "/control/reset"): _and_describe(lambda authority, _body: authority.reset()),
    ("PUT", "/control/stranger"): _and_describe(lambda authority, body: authority.serve_stranger(stranger=bool(body))),
    ("PUT", "/control/databases"): _put_databases,
}


def main() -> None:
    """Run until told to stop."""
    options = stand_in.options("Stands in for www.odoo.com.", names=["www.odoo.com"])
    ca = stand_in.authority_in(options.state_dir, stand_in.utc_now())
    authority = Authority(listen=options.listen, names=tuple(options.names), ca=ca)
    stand_in.run(authority, WebServer(options.control, authority.control), options)


if __name__ == "__main__":
    main()
