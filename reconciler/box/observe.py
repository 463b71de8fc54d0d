"""One look at one box. Reading changes nothing, and a part that cannot be read is a gap with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from ..model.observed import (
    Certificates,
    Clock,
    Disk,
    Identity,
    Nginx,
    Observed,
    Odoo,
    Pair,
    Resolvers,
)
from . import nginx, odoo
from .certificates import observe_certificates
from .context import Box
from .lookups import ask_for_clients
from .memory import recall
from .nginx_config import served_instead
from .paths import RESTART_PENDING, Tree
from .resolvers import observe_resolvers
from .store_files import StoreFiles

T = TypeVar("T")

_SERIAL_FILES = ("/sys/firmware/devicetree/base/serial-number", "/proc/device-tree/serial-number")
_ROUTES = "/proc/net/route"
_ACCESS_POINT_ADDRESS = "10.11.12.1"
_SKEW_THAT_ASKS_FOR_NTP = 60.0
"""Seconds; below that nobody asks whether time synchronisation is on."""


class Observer:
    """Collects the parts of one look and the gaps between them."""

    def __init__(self, box: Box, sent_at: datetime | None) -> None:
        self._box = box
        self._sent_at = sent_at
        self._gaps: dict[str, str] = {}

    def look(self) -> Observed:
        """Return everything, gaps included; raises for nothing that a box can do."""
        box, system = self._box, self._box.system
        clock = self._part("clock", self._clock, Clock())
        identity = self._part("identity", lambda: _identity(box), Identity())
        certificates = self._part(
            "certificates", lambda: observe_certificates(box, identity.host), Certificates(live=Pair())
        )
        return Observed(
            observed_at=system.now(),
            layout=box.layout,
            identity=identity,
            clock=clock,
            disk=self._disk(),
            resolvers=self._part("resolvers", lambda: observe_resolvers(box), Resolvers()),
            store=StoreFiles(system, box.layout).observe(),
            certificates=certificates,
            nginx=self._part("nginx", lambda: _nginx(box, certificates), Nginx()),
            odoo=self._part("odoo", lambda: _odoo(box), Odoo()),
            memory=recall(system, box.persistent),
            gaps=self._gaps,
            client_dns=ask_for_clients(box, identity.host, _subject(certificates)),
        )

    def _part(self, name: str, observe: Callable[[], T], missing: T) -> T:
        try:
            return observe()
        except KeyError as error:
            self._gaps[name] = f"the box has no account {error}"
        except OSError as error:
            reason = error.strerror or str(error)
            self._gaps[name] = f"{error.filename}: {reason}" if error.filename else reason
        return missing

    def _clock(self) -> Clock:
        if self._sent_at is None:
            return Clock()
        skew = (self._box.system.now() - self._sent_at).total_seconds()
        if abs(skew) < _SKEW_THAT_ASKS_FOR_NTP:
            return Clock(skew_seconds=skew)
        try:
            asked = self._box.system.run(("timedatectl", "show", "--property=NTP", "--value"), 10.0)
        except OSError:
            return Clock(skew_seconds=skew)  # how wrong it is matters more than whether it will be put right
        return Clock(skew_seconds=skew, ntp_enabled={"yes": True, "no": False}.get(asked.output.strip()))

    def _disk(self) -> Disk:
        def free(tree: Tree, path: str) -> int | None:
            part = f"disk.{'live' if not tree.root else 'mirror'}_free" if path == "/etc" else "disk.home_free"
            return self._part(part, lambda: self._box.system.free_bytes(tree.path(path)), None)

        box = self._box
        mirrored = box.persistent != box.live
        return Disk(
            live_free=free(box.live, "/etc"),
            mirror_free=free(box.persistent, "/etc") if mirrored else None,
            home_free=free(box.live, box.layout.home),
        )


def _subject(certificates: Certificates) -> str | None:
    leaf = certificates.live.certificate
    return leaf.name if leaf is not None and not leaf.temporary else None


def _identity(box: Box) -> Identity:
    addresses = _addresses(box)
    interface = _default_interface(box)
    return Identity(
        serial=_serial(box),
        address=next((address for name, address in addresses if name == interface), None),
        access_point=any(address == _ACCESS_POINT_ADDRESS for _, address in addresses),
    )


def _serial(box: Box) -> str | None:
    for path in _SERIAL_FILES:
        try:
            return box.system.read(path, 256).rstrip(b"\0\n").decode("ascii", errors="replace") or None
        except FileNotFoundError:
            continue
    return None


def _default_interface(box: Box) -> str | None:
    routes = [line.split() for line in box.system.read(_ROUTES, 1 << 16).decode("ascii", errors="replace").splitlines()]
    defaults = [(int(fields[6]), fields[0]) for fields in routes[1:] if fields[1:2] == ["00000000"]]
    return min(defaults)[1] if defaults else None


def _addresses(box: Box) -> list[tuple[str, str]]:
    shown = box.system.run(("ip", "-4", "-o", "address", "show"), box.deadline.within(10.0))
    return re.findall(r"^\d+: (\S+) +inet ([\d.]+)", shown.output, re.MULTILINE)


def _nginx(box: Box, certificates: Certificates) -> Nginx:
    served, leaf = certificates.served, certificates.live.certificate
    is_another = served is not None and (leaf is None or leaf.fingerprint != served)
    return Nginx(
        running=nginx.running(box.system),
        config_error=nginx.configuration_error(box.system, box.deadline),
        served_instead=served_instead(box.system, box.deadline, served) if served and is_another else (),
    )


def _odoo(box: Box) -> Odoo:
    pid = odoo.process(box.system)
    if pid is not None and odoo.stopped(box.system, pid):
        return Odoo(stopped=True, restart_pending=_exists(box, RESTART_PENDING))
    return Odoo(
        answers=odoo.answers(box.system, box.deadline, box.desired.homepage_port),
        manager_dead=odoo.manager_dead(box.system),
        restart_pending=_exists(box, RESTART_PENDING),
    )


def _exists(box: Box, path: str) -> bool:
    try:
        box.system.status(path)
    except FileNotFoundError:
        return False
    return True
