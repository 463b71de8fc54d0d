"""Simulated boxes in memory as the door `homepage` meets them: routes and handshake, in the box's own time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from iotbox_simulator.boxes.arrange import install_pair, small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.boxes.windows import WindowsBox, WindowsSpec
from iotbox_simulator.by_homepage import MemoryPage, way_to
from iotbox_simulator.homepage import ports
from iotbox_simulator.machine.authority import AuthorityModel, subdomain_of
from iotbox_simulator.machine.spec import BoxSpec
from iotbox_simulator.machine.web import HTTPS_PORT, WebReply, WebRequest
from iotbox_simulator.pki import TestAuthority
from reconciler.connections.homepage.run import run
from reconciler.connections.homepage.way import PagesOfBox
from reconciler.model.desired import CertificateSource, Desired, Mode, Request
from reconciler.model.secret import Secret
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
        return way_to(self.box, self.ca.root_pem, self._answers)

    def heal(self) -> None:
        """Have it linked, with a good pair, and started since."""
        result = self.visit(Mode.RECONCILE)
        assert result.observed is not None, result

    def _answers(self, port: int, request: WebRequest) -> WebReply:
        self.asked[request.parts.path] += 1
        self.encrypted[request.parts.path] += port == HTTPS_PORT
        return self.between(request) or ports.answer(self.box, port, request)


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
