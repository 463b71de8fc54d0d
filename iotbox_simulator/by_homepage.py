"""A box in memory as the tool's door for boxes without SSH meets it: routes and handshake, in the box's own time."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from reconciler.connections.homepage.clock import Timing
from reconciler.connections.homepage.presented import HttpsShown
from reconciler.connections.homepage.way import PagesOfBox
from reconciler.homepage.answer import NoAnswer, PageAnswer
from reconciler.homepage.session import HELLO, Fields, Homepage
from reconciler.machine.leaf import described
from reconciler.model.observed import ChainState
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.model.statement import say, told

from .boxes.arrange import Machine
from .homepage import ports
from .machine.web import HOMEPAGE_PORT, HTTPS_PORT, WebReply, WebRequest

Answering = Callable[[int, WebRequest], WebReply]
"""What answers a request on a port; raises as `ports.answer` does."""
_REQUEST_SECONDS = 0.05
_SECONDS = 10.0


def way_to(box: Machine, root_pem: str, answering: Answering | None = None) -> PagesOfBox:
    """Return the way to a box.

    Args:
        root_pem: of whom the control machine trusts.
        answering: in place of the box itself.
    """
    page = MemoryPage(box, answering)
    clock = box.odoo.clock
    timing = Timing(now=clock.true_time, monotonic=lambda: clock.elapsed, sleep=clock.advance)
    return PagesOfBox(client=page, present=lambda host: _shown(box, root_pem, host), prove=page.proves, timing=timing)


class MemoryPage(Homepage):
    """The client, its requests answered in memory; each takes a twentieth of a second of the box's time."""

    def __init__(self, box: Machine, answering: Answering | None = None) -> None:
        super().__init__(box.spec.address, seconds=_SECONDS)
        self._box = box
        self._answering = answering or (lambda port, request: ports.answer(box, port, request))

    def proves(self, name: str) -> bool:
        """Have requests go through nginx from now on."""
        self._proved = name
        return True

    def get(self, path: str) -> PageAnswer:
        """GET."""
        return self._exchange(WebRequest("GET", path))

    def form(self, path: str, fields: Fields) -> PageAnswer:
        """POST a form."""
        body = urlencode({name: _plain(value) for name, value in fields.items()}).encode()
        return self._exchange(WebRequest("POST", path, {"content-type": "application/x-www-form-urlencoded"}, body))

    def rpc(self, path: str, params: Fields) -> PageAnswer:
        """POST JSON-RPC."""
        body = json.dumps({"params": {name: _plain(value) for name, value in params.items()}}).encode()
        return self._exchange(WebRequest("POST", path, {"content-type": "application/json"}, body))

    def is_alive(self) -> bool:
        """Ask the vendor's program in clear."""
        proved, self._proved = self._proved, None
        try:
            return self.get(HELLO).status == 200  # noqa: PLR2004
        except NoAnswer:
            return False
        finally:
            self._proved = proved

    def _exchange(self, request: WebRequest) -> PageAnswer:
        self._box.odoo.clock.advance(_REQUEST_SECONDS)
        try:
            reply = self._answering(HTTPS_PORT if self.proved else HOMEPAGE_PORT, request)
        except ConnectionRefusedError:
            raise NoAnswer(told("Connection refused")) from None
        except TimeoutError:
            raise NoAnswer(say("page_silent", seconds=_SECONDS), sent=True) from None
        date = reply.header("Date")
        return PageAnswer(
            reply.status,
            reply.body,
            parsedate_to_datetime(date) if date else None,
            (reply.header("Content-Type") or "").partition(";")[0].lower(),
        )


def _shown(box: Machine, root_pem: str, host: str) -> HttpsShown:
    loaded = box.nginx.loaded
    if not box.nginx.running or loaded is None:
        return HttpsShown(error=told("Connection refused"))
    first, *others = x509.load_pem_x509_certificates(loaded.certificate)
    leaf = described(first)
    if leaf.temporary:
        return HttpsShown(fingerprint=leaf.fingerprint, leaf=leaf)
    roots = Store([x509.load_pem_x509_certificate(root_pem.encode())])
    name = x509.DNSName(f"{host}{(leaf.name or '')[1:]}")
    verifier = PolicyBuilder().store(roots).time(leaf.not_before).build_server_verifier(name)
    try:
        verifier.verify(first, others)
    except VerificationError as error:
        return HttpsShown(
            fingerprint=leaf.fingerprint, leaf=leaf, chain=ChainState.UNTRUSTED, chain_detail=told(str(error)[:80])
        )
    return HttpsShown(fingerprint=leaf.fingerprint, leaf=leaf, chain=ChainState.OK)


def _plain(value: str | Secret) -> str:
    return reveal(value) if isinstance(value, Secret) else value
