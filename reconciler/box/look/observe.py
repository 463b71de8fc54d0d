"""One look at one box. Reading changes nothing, and a part that cannot be read is a gap with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from ...machine.listening import listening
from ...machine.reading import exists
from ...machine.reason import reason
from ...machine.routes import default_route
from ...machine.system import Lock
from ...model.observed import Certificates, Clock, Disk, DiskPlace, Identity, Nginx, Observed, Odoo, Pair, Resolvers
from ...model.part import Part
from ...model.statement import Statement, say
from ..ask.contact import with_database
from ..ask.lookups import ask_for_clients
from ..context import Box
from ..notes.memory import recall
from ..paths import RESTART_PENDING, RUN
from ..resolvers.look import observe_resolvers
from ..serial import read_serial
from ..services import manager, nginx, odoo, odoo_options
from ..services.nginx_config import served_instead
from ..store.files import StoreFiles
from .certificates import observe_certificates
from .foreign import observe_foreign_names

T = TypeVar("T")

_ACCESS_POINT_ADDRESS = "10.11.12.1"
_SKEW_THAT_ASKS_FOR_NTP = 60.0
"""Seconds; below that nobody asks whether time synchronisation is on."""
_DISKS = {
    DiskPlace.LIVE: Part.DISK_LIVE,
    DiskPlace.MIRROR: Part.DISK_MIRROR,
    DiskPlace.HOME: Part.DISK_HOME,
    DiskPlace.RUN: Part.DISK_RUN,
}


def observe(box: Box, sent_at: datetime | None, lock: Lock) -> Observed:
    """Return everything, gaps included; raises for nothing that a box can do.

    Args:
        sent_at: what the control machine's clock should say now, None where nobody knows.
        lock: what came of asking for it.
    """
    return _Look(box, sent_at, lock).all()


class _Look:
    """Collects the parts of one look and the gaps between them."""

    def __init__(self, box: Box, sent_at: datetime | None, lock: Lock) -> None:
        self._box = box
        self._sent_at = sent_at
        self._lock = lock
        self._gaps: dict[Part, Statement] = {}

    def all(self) -> Observed:
        box, system = self._box, self._box.system
        clock = self._part(Part.CLOCK, self._clock, Clock())
        identity = self._part(Part.IDENTITY, lambda: _identity(box), Identity())
        certificates = self._part(
            Part.CERTIFICATES, lambda: observe_certificates(box, identity.host), Certificates(live=Pair())
        )
        observed = Observed(
            observed_at=system.now(),
            layout=box.layout,
            identity=identity,
            clock=clock,
            disk=self._disk(),
            resolvers=self._part(Part.RESOLVERS, lambda: observe_resolvers(box), Resolvers()),
            store=StoreFiles(system, box.layout).observe(),
            certificates=certificates,
            nginx=self._part(Part.NGINX, lambda: _nginx(box, certificates), Nginx()),
            odoo=self._part(Part.ODOO, lambda: _odoo(box), Odoo()),
            memory=recall(system, box.persistent),
            gaps=self._gaps,
            client_dns=ask_for_clients(box, identity.host, _subject(certificates)),
            foreign_names=observe_foreign_names(box),
        )
        return replace(observed, odoo=replace(observed.odoo, database_error=_unreached(box, observed)))

    def _part(self, part: Part, observe: Callable[[], T], missing: T) -> T:
        try:
            return observe()
        except KeyError as error:
            self._gaps[part] = say("no_account", name=str(error))
        except OSError as error:
            self._gaps[part] = reason(error)
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
        box = self._box
        places = {
            DiskPlace.LIVE: box.live.path("/etc"),
            DiskPlace.HOME: box.live.path(box.layout.home),
            DiskPlace.RUN: RUN,
        }
        if box.persistent != box.live:
            places[DiskPlace.MIRROR] = box.persistent.path("/etc")
        free = {f"{place}_free": self._free(_DISKS[place], path) for place, path in places.items()}
        no_files = tuple(sorted(place for place, path in places.items() if self._free_files(path) == 0))
        return Disk(**free, no_files=no_files, run_problem=self._lock.problem)

    def _free(self, part: Part, path: str) -> int | None:
        return self._part(part, lambda: self._box.system.free_bytes(path), None)

    def _free_files(self, path: str) -> int | None:
        try:
            return self._box.system.free_files(path)
        except OSError:
            return None  # the same place's space could not be read either, and that is told


def _unreached(box: Box, observed: Observed) -> Statement | None:
    """Return why a restart would end the manager again on branches that look their database up at their start."""
    if not observed.odoo.manager_dead or not box.layout.looks_database_up_at_start:
        return None
    contact = with_database(box, observed)
    return contact.error if contact is not None else None


def _subject(certificates: Certificates) -> str | None:
    leaf = certificates.live.certificate
    return leaf.name if leaf is not None and not leaf.temporary else None


def _identity(box: Box) -> Identity:
    addresses = _addresses(box)
    route = default_route(box.system)
    return Identity(
        serial=read_serial(box.system),
        address=next((address for name, address in addresses if route and name == route.interface), None),
        access_point=any(address == _ACCESS_POINT_ADDRESS for _, address in addresses),
    )


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
        listens=listening(box.system, box.desired.https_port),
    )


def _odoo(box: Box) -> Odoo:
    found = odoo.process(box.system, box.layout.service_user)
    options = odoo_options.reach(box.system, box.layout, found)
    if found is not None and found.stopped:
        return Odoo(stopped=True, restart_pending=exists(box.system, RESTART_PENDING), options=options)
    seen = manager.look(box.system, box.layout)
    return Odoo(
        options=options,
        listens=listening(box.system, box.desired.homepage_port),
        answers=odoo.answers(box.system, box.deadline, box.desired.homepage_port),
        manager_dead=seen.dead,
        manager_error=seen.error,
        manager_threads=seen.threads,
        restart_pending=exists(box.system, RESTART_PENDING),
    )
