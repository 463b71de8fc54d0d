"""Simulated boxes in memory as the door `homepage` meets them: routes and handshake, in the box's own time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from iotbox_simulator.boxes.arrange import install_pair, small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.boxes.windows import WindowsBox, WindowsSpec
from iotbox_simulator.homepage import ports
from iotbox_simulator.machine.authority import AuthorityModel, subdomain_of
from iotbox_simulator.machine.spec import BoxSpec
from iotbox_simulator.machine.web import HOMEPAGE_PORT, HTTPS_PORT, WebReply, WebRequest
from iotbox_simulator.pki import TestAuthority
from reconciler.connections.homepage.clock import Timing
from reconciler.connections.homepage.presented import HttpsShown
from reconciler.connections.homepage.run import run
from reconciler.connections.homepage.way import PagesOfBox
from reconciler.homepage.answer import NoAnswer, PageAnswer
from reconciler.homepage.session import HELLO, Fields, Homepage
from reconciler.machine.leaf import described
from reconciler.model.desired import CertificateSource, Desired, Mode, Request
from reconciler.model.observed import ChainState
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.model.statement import say, told
from reconciler.results.result import Result

UUID = "11111111-2222-3333-4444-555555555555"
CODE = "M210101"
TOKEN = "1234567890"
SERVER = "https://db.example"
Box = SimulatedBox | WindowsBox
Answer = Callable[[WebRequest], WebReply | None]
"""What something in between answers in the box's place; `None` leaves it to the box."""


@dataclass
class PageBox:
    """A box in memory, its authority, and who has asked what of it.

    Args:
        between: answers in its place, such as a login page.
        asked: routes by how often they were asked for.
    """

    box: Box
    ca: TestAuthority
    authority: AuthorityModel
    between: Answer = lambda _: None
    asked: Counter[str] = field(default_factory=Counter)
    encrypted: Counter[str] = field(default_factory=Counter)

    @property
    def serial(self) -> str:
        """By what its pages know it."""
        new = self.box.odoo.image.code.homepage == "iot_drivers"
        return self.box.spec.serial if new else self.box.spec.mac

    def desired(self, **changes: object) -> Desired:
        """Return what it should be."""
        given: dict[str, object] = {
            "name": "till-1",
            "server_url": SERVER,
            "token": Secret(TOKEN),
            "db_uuid": Secret(UUID),
            "enterprise_code": Secret(CODE),
            "certificate_source": CertificateSource.NATIVE,
        }
        return Desired(**{**given, **changes})  # type: ignore[arg-type]

    def visit(self, mode: Mode = Mode.CHECK, desired: Desired | None = None, **more: object) -> Result:
        """Visit it by its homepage."""
        request = Request(desired=desired or self.desired(), mode=mode, **more)  # type: ignore[arg-type]
        return run(self.way(), request)

    def way(self) -> PagesOfBox:
        """Return the way to it, in its own time."""
        page = MemoryPage(self)
        clock = self.box.clock
        timing = Timing(now=clock.true_time, monotonic=lambda: clock.elapsed, sleep=clock.advance)
        return PagesOfBox(client=page, present=self._present, prove=page.proves, timing=timing)

    def heal(self) -> None:
        """Have it linked, with a good pair, and started since."""
        result = self.visit(Mode.RECONCILE)
        assert result.observed is not None, result

    def _present(self, host: str) -> HttpsShown:
        loaded = self.box.nginx.loaded
        if not self.box.nginx.running or loaded is None:
            return HttpsShown(error=told("Connection refused"))
        first, *others = x509.load_pem_x509_certificates(loaded.certificate)
        leaf = described(first)
        if leaf.temporary:
            return HttpsShown(fingerprint=leaf.fingerprint, leaf=leaf)
        roots = Store([x509.load_pem_x509_certificate(self.ca.root_pem.encode())])
        name = x509.DNSName(f"{host}{(leaf.name or '')[1:]}")
        verifier = PolicyBuilder().store(roots).time(leaf.not_before).build_server_verifier(name)
        try:
            verifier.verify(first, others)
        except VerificationError as error:
            return HttpsShown(
                fingerprint=leaf.fingerprint, leaf=leaf, chain=ChainState.UNTRUSTED, chain_detail=told(str(error)[:80])
            )
        return HttpsShown(fingerprint=leaf.fingerprint, leaf=leaf, chain=ChainState.OK)


class MemoryPage(Homepage):
    """The client, its requests answered in memory; each takes a twentieth of a second of the box's time."""

    def __init__(self, box: PageBox) -> None:
        super().__init__(box.box.spec.address, seconds=10.0)
        self._of = box

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
            return self.get(HELLO).status == 200
        except NoAnswer:
            return False
        finally:
            self._proved = proved

    def _exchange(self, request: WebRequest) -> PageAnswer:
        of, port = self._of, HTTPS_PORT if self.proved else HOMEPAGE_PORT
        of.box.clock.advance(0.05)
        of.asked[request.parts.path] += 1
        of.encrypted[request.parts.path] += port == HTTPS_PORT
        try:
            reply = of.between(request) or ports.answer(of.box, port, request)
        except ConnectionRefusedError:
            raise NoAnswer(told("Connection refused")) from None
        except TimeoutError:
            raise NoAnswer(say("page_silent", seconds=10.0), sent=True) from None
        date = reply.header("Date")
        return PageAnswer(
            reply.status,
            reply.body,
            parsedate_to_datetime(date) if date else None,
            (reply.header("Content-Type") or "").partition(";")[0].lower(),
        )


def _plain(value: str | Secret) -> str:
    return reveal(value) if isinstance(value, Secret) else value


def linux(kind: str, ca: TestAuthority, **changes: object) -> PageBox:
    """Return a fresh box of a kind, which looks after its certificate by itself."""
    authority = AuthorityModel(ca)
    spec = BoxSpec(kind=kind, tends_certificate=True, **changes)  # type: ignore[arg-type]
    return PageBox(SimulatedBox(spec, small_world(ca, authority)), ca, authority)


def windows(branch: str, ca: TestAuthority) -> PageBox:
    """Return a fresh Windows box."""
    authority = AuthorityModel(ca)
    return PageBox(WindowsBox(WindowsSpec(branch=branch), small_world(ca, authority)), ca, authority)


def stranger_links(box: PageBox, server: str) -> None:
    """Have the box linked to somebody else's server, as its store and process know it."""
    box.box.vendor.stores({"remote_server": server, "db_uuid": "99999999-2222-3333-4444-555555555555"})


__all__ = [
    "CODE",
    "SERVER",
    "TOKEN",
    "UUID",
    "MemoryPage",
    "PageBox",
    "install_pair",
    "linux",
    "subdomain_of",
    "windows",
]
