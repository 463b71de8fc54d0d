"""One box's pages over HTTP: synchronous, for use in threads.

Requests go in clear to the port of the vendor's program until a name is proved: then they go over TLS, to the same
address, with that name verified. Nothing but a path is ever in a URL, and no path holds a value.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Final, TypeVar

from requests.models import PreparedRequest, Request, Response

from ..model.reveal import reveal
from ..model.secret import Secret
from ..model.statement import say
from ..net.stream import Lookup, TimeLimit, system_lookup
from .answer import NoAnswer, PageAnswer
from .failure import FAILURES, why
from .transport import Dialled, DiallingAdapter, QuietSession, dialling

MOST_ANSWER: Final = 1 << 20
"""Bytes of an answer; the longest that a box gives is a page of some 20 KiB."""
MOST_LOG: Final = 5 << 20
"""Bytes of a log, which comes by a stream of its own."""
HOMEPAGE_PORT: Final = 8069
HTTPS_PORT: Final = 443
HELLO: Final = "/hw_proxy/hello"
"""The one route that every generation has and that does nothing; it answers `ping`."""
_PIECE: Final = 1 << 16
_LONGEST_TYPE: Final = 100
_LONGEST_LENGTH: Final = 15
"""Digits of a body's length."""
_HEADERS: Final = {"User-Agent": "iot-https", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
_T = TypeVar("_T")

Fields = Mapping[str, str | Secret]
"""What is sent, by name."""


class Homepage:
    """One box.

    Args:
        address: where it is connected to: an address, or a name that is looked up each time.
        port: of the vendor's program, in clear.
        seconds: for one request as a whole, name and connection included.
        https_port: of the box's nginx.
        lookup: how a name is looked up.
    """

    def __init__(
        self,
        address: str,
        port: int = HOMEPAGE_PORT,
        *,
        seconds: float,
        https_port: int = HTTPS_PORT,
        lookup: Lookup = system_lookup,
    ) -> None:
        self.address = address
        self.port = port
        self.seconds = seconds
        self._https_port = https_port
        self._lookup = lookup
        self._proved: str | None = None
        self._session = QuietSession()
        self._session.mount("http://", DiallingAdapter())

    @property
    def proved(self) -> str | None:
        """The name that the box proved, by which requests are encrypted; `None` while they go in clear."""
        return self._proved

    def prove(self, name: str, context: ssl.SSLContext) -> bool:
        """Have the box prove a name by its certificate; from then on requests go over TLS and never in clear.

        Args:
            name: what a till calls the box: its address with dashes, and the certificate's name.
            context: verifies chain and host name. Its sockets will keep the time limits of this module.

        Returns:
            whether it did; where not, requests go in clear, so whoever has a secret to send asks first.
        """
        self._session.mount("https://", DiallingAdapter(context))
        self._proved = name
        try:
            self.get(HELLO)
        except NoAnswer:
            self._proved = None
        return self._proved is not None

    def forget(self) -> None:
        """Go on in clear until a name is proved again: the certificate may be another one by now."""
        self._proved = None

    def get(self, path: str) -> PageAnswer:
        """GET.

        Raises:
            NoAnswer: see there.
        """
        return self._answer(path, "GET")

    def form(self, path: str, fields: Fields) -> PageAnswer:
        """POST fields as a form, as the pages of 15.0 to early 17.0 do.

        Raises:
            NoAnswer: see there.
        """
        return self._answer(path, "POST", data={name: _plain(value) for name, value in fields.items()})

    def rpc(self, path: str, params: Fields) -> PageAnswer:
        """POST parameters as JSON-RPC.

        Raises:
            NoAnswer: see there.
        """
        return self._answer(path, "POST", json={"params": {name: _plain(value) for name, value in params.items()}})

    def log(self, path: str, most: int = MOST_LOG) -> Iterator[bytes]:
        """GET something long piece by piece, and stop after so many bytes; nothing of it is decoded.

        Raises:
            NoAnswer: see there; also in the middle.
        """
        dialled, request = self._dialled(), self._request(path, "GET")
        with closing(_attempted(dialled, lambda: self._sent(request))) as reply:
            if reply.status_code != HTTPStatus.OK:
                raise NoAnswer(say("page_status", path=path, status=reply.status_code), sent=True)
            _refuse_strange(reply)
            while most > 0 and (piece := _attempted(dialled, partial(_piece, reply, most))):
                most -= len(piece)
                yield piece

    def is_alive(self) -> bool:
        """Ask in clear whether the vendor's program answers, proved name or not: nginx answers without it."""
        request = self._request(HELLO, "GET", clear=True)
        try:
            answer = _attempted(self._dialled(clear=True), lambda: self._whole(request))
        except NoAnswer:
            return False
        return answer.status == HTTPStatus.OK and answer.body.strip() == b"ping"

    def close(self) -> None:
        """Give back what the session holds; no connection is open between two requests."""
        self._session.close()

    def _answer(self, path: str, method: str, **content: Any) -> PageAnswer:
        request = self._request(path, method, **content)
        try:
            return _attempted(self._dialled(), lambda: self._whole(request))
        finally:
            self.close()  # an answer without a body leaves its connection open, unless the server says that it closes

    def _request(self, path: str, method: str, *, clear: bool = False, **content: Any) -> PreparedRequest:
        if clear or self._proved is None:
            url = f"http://{_in_url(self.address)}:{self.port}{path}"
        else:
            url = f"https://{self._proved}:{self._https_port}{path}"
        return Request(method, url, headers=dict(_HEADERS), **content).prepare()

    def _dialled(self, *, clear: bool = False) -> Dialled:
        port = self.port if clear or self._proved is None else self._https_port
        return Dialled(self.address, port, TimeLimit(self.seconds), self._lookup)

    def _whole(self, request: PreparedRequest) -> PageAnswer:
        with closing(self._sent(request)) as reply:
            _refuse_strange(reply)
            headers = reply.headers
            content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()[:_LONGEST_TYPE]
            return PageAnswer(reply.status_code, _body(reply), _date(headers.get("Date", "")), content_type)

    def _sent(self, request: PreparedRequest) -> Response:
        return self._session.send(request, stream=True, timeout=self.seconds, allow_redirects=False, proxies={})


def _attempted(dialled: Dialled, work: Callable[[], _T]) -> _T:
    """Do one request; what the libraries raise is dropped with all that it repeats."""
    try:
        with dialling(dialled):
            return work()
    except FAILURES as error:
        problem = why(error, dialled)
    raise NoAnswer(problem, sent=dialled.begun)


def _plain(value: str | Secret) -> str:
    return reveal(value) if isinstance(value, Secret) else value


def _in_url(address: str) -> str:
    return f"[{address.partition('%')[0]}]" if ":" in address else address


def _refuse_strange(reply: Response) -> None:
    """Refuse what says in a way of its own where its body ends, or that it is packed."""
    if reply.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise NoAnswer(say("page_compressed"), sent=True)
    coding = reply.headers.get("Transfer-Encoding", "chunked").strip().lower()
    length = reply.headers.get("Content-Length", "0").strip()
    if coding != "chunked" or not (length.isascii() and length.isdecimal() and len(length) <= _LONGEST_LENGTH):
        raise NoAnswer(say("page_not_http"), sent=True)


def _piece(reply: Response, most: int) -> bytes:
    return bytes(reply.raw.read(min(_PIECE, most), decode_content=False))


def _body(reply: Response) -> bytes:
    body = bytearray()
    while piece := _piece(reply, MOST_ANSWER + 1 - len(body)):
        body += piece
        if len(body) > MOST_ANSWER:
            raise NoAnswer(say("page_too_long", limit=MOST_ANSWER), sent=True)
    return bytes(body)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
