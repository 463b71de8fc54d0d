"""Stand-in for a customer's Odoo database: keeps what boxes report to it.

As a program it has a second, plain HTTP port: `GET /control`, `GET /control/boxes`, `POST /control/reset`.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from . import stand_in
from .https_server import ClientRequest, Reply, WebServer, json_reply
from .pki import TestAuthority, issue_server_pair, make_authority

VERSION = {"server_version": "19.0", "server_version_info": [19, 0, 0, "final", 0, ""], "server_serie": "19.0"}
PAGE = b"<html><head><title>Odoo</title></head><body></body></html>"


class DatabaseStandIn:
    """Answers boxes as the database does, over HTTPS; remembers each by its identifier."""

    def __init__(
        self,
        *,
        now: Callable[[], dt.datetime] = stand_in.utc_now,
        listen: tuple[str, int] = ("127.0.0.1", 0),
        names: tuple[str, ...] = ("127.0.0.1",),
        ca: TestAuthority | None = None,
    ) -> None:
        self._now = now
        self.ca = ca or make_authority("Lab", now=now())
        self._lock = threading.Lock()
        self._boxes: dict[str, dict[str, Any]] = {}
        self._server = WebServer(listen, self.answer)
        pair = issue_server_pair(self.ca, names, now=now(), not_after=now() + dt.timedelta(days=3000))
        self._server.serve_certificate(pair.certificate_pem, pair.private_key_pem)

    @property
    def url(self) -> str:
        """Where a client on this machine finds it."""
        return f"https://127.0.0.1:{self._server.port}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def boxes(self) -> dict[str, dict[str, Any]]:
        """What each box last said of itself: `setup`, `certificate_end_date`, `posts`, `time`, `host`."""
        with self._lock:
            return {identifier: dict(box) for identifier, box in self._boxes.items()}

    def reset(self) -> None:
        """Forget all boxes."""
        with self._lock:
            self._boxes.clear()

    def answer(self, request: ClientRequest) -> Reply:
        """Answer a box or a browser."""
        if request.method == "GET" and request.path == "/":
            return Reply(body=PAGE, content_type="text/html; charset=utf-8")
        handler = _ROUTES.get(request.path) if request.method == "POST" else None
        if handler is None:
            return Reply(404, b"<html><body>Not Found</body></html>", "text/html")
        params = (request.json() or {}).get("params") or {}
        return json_reply({"jsonrpc": "2.0", "id": None, "result": handler(self, params, request)})

    def control(self, request: ClientRequest) -> Reply:
        """Answer on the control port."""
        if request.path == "/control/boxes" and request.method == "GET":
            return json_reply(self.boxes())
        if request.path == "/control/reset" and request.method == "POST":
            self.reset()
        elif (request.method, request.path) != ("GET", "/control"):
            return json_reply({"error": "no such control"}, 404)
        return json_reply({"boxes": len(self.boxes())})

    def _setup(self, params: dict[str, Any], request: ClientRequest) -> bool:
        box = params.get("iot_box") or {}
        self._keep(str(box.get("identifier")), request, {"setup": {**box, "devices": params.get("devices")}})
        return True

    def _certificate_status(self, params: dict[str, Any], request: ClientRequest) -> bool:
        ends = params.get("ssl_certificate_end_date")
        self._keep(str(params.get("identifier")), request, {"certificate_end_date": ends})
        return True

    def _version(self, _params: dict[str, Any], _request: ClientRequest) -> dict[str, Any]:
        return VERSION

    def _keep(self, identifier: str, request: ClientRequest, said: dict[str, Any]) -> None:
        with self._lock:
            box = self._boxes.setdefault(identifier, {"setup": None, "certificate_end_date": None, "posts": 0})
            box.update(said, time=self._now().isoformat(), host=request.headers.get("Host", ""))
            box["posts"] += 1


_ROUTES: dict[str, Callable[[DatabaseStandIn, dict[str, Any], ClientRequest], Any]] = {
    "/iot/setup": DatabaseStandIn._setup,  # noqa: SLF001 - the table of the class, kept beside it
    "/iot/box/update_certificate_status": DatabaseStandIn._certificate_status,  # noqa: SLF001
    "/web/webclient/version_info": DatabaseStandIn._version,  # noqa: SLF001
}


def main() -> None:
    """Run until told to stop."""
    options = stand_in.options("Stands in for a customer's database.", names=["db.customer-a.example"])
    ca = stand_in.authority_in(options.state_dir, stand_in.utc_now())
    database = DatabaseStandIn(listen=options.listen, names=tuple(options.names), ca=ca)
    stand_in.run(database, WebServer(options.control, database.control), options)


if __name__ == "__main__":
    main()
