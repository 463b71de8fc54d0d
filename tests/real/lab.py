"""Boxes of one test run, and the box program run on them as the connections run it."""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection

import boxes
from iotbox_simulator import stand_in
from iotbox_simulator.authority import PATH
from iotbox_simulator.pki import Pair, TestAuthority, issue_wildcard_pair
from reconciler.connections import reply
from reconciler.connections.carrier import BOOTSTRAP, message
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.results.finding import Finding
from reconciler.results.result import Result

SERVER = "https://db.customer-a.example"
TOKEN = "token-of-the-test"
CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class Unit:
    """One box with what it should be."""

    box: boxes.Box
    desired: Desired
    subdomain: str

    @property
    def db_uuid(self) -> str:
        """By which the authority knows its database."""
        assert self.desired.db_uuid is not None
        return reveal(self.desired.db_uuid)

    @property
    def public_name(self) -> str:
        """Under which tills ask for it."""
        return f"{self.box.address.replace('.', '-')}.{self.subdomain}.odoo-iot.com"

    def request(self, mode: Mode, desired: Desired | None = None) -> Request:
        """What a controller would send now."""
        return Request(desired=desired or self.desired, mode=mode, sent_at=datetime.now(UTC))

    def check(self, desired: Desired | None = None) -> Result:
        """Look at the box."""
        return self.run(self.request(Mode.CHECK, desired))

    def reconcile(self, desired: Desired | None = None) -> Result:
        """Mend the box."""
        return self.run(self.request(Mode.RECONCILE, desired))

    def run(self, request: Request) -> Result:
        """Send the box program as every connection does."""
        done = self.box.exec(["python3", "-I", "-c", BOOTSTRAP], input=message(request), check=False)
        return reply.read(done.stdout.encode(), request, datetime.now(UTC), done.stderr)

    def authority(self, mode: str, **settings: object) -> None:
        """How the authority answers this box from now on."""
        boxes.peers().authority(mode, db_uuid=self.db_uuid, **settings)

    def issued(self) -> str:
        """The certificate that the authority hands out to this box now."""
        assert self.desired.enterprise_code is not None
        body = json.dumps(
            {"params": {"db_uuid": self.db_uuid, "enterprise_code": reveal(self.desired.enterprise_code)}}
        )
        context = ssl.create_default_context(cadata=boxes.peers().ca_pem())
        raw = socket.create_connection((boxes.peers().address, 443), CONNECT_SECONDS)
        connection = HTTPSConnection("www.odoo.com", context=context)
        connection.sock = context.wrap_socket(raw, server_hostname="www.odoo.com")
        try:
            connection.request("POST", PATH, body, {"Content-Type": "application/json"})
            return str(json.loads(connection.getresponse().read())["result"]["x509_pem"])
        finally:
            connection.close()

    def pair(self, *, days: float = 90, include_chain: bool = True) -> Pair:
        """A new pair for this box from the authority that it trusts, of the usual lifetime, with so many days left."""
        now = datetime.now(UTC)
        ends = now + timedelta(days=days)
        begins = min(now - timedelta(hours=1), ends - timedelta(days=90))
        return issue_wildcard_pair(
            ca(), self.subdomain, now=now, not_before=begins, not_after=ends, include_chain=include_chain
        )


@dataclass
class Lab:
    """Makes boxes when they are asked for."""

    prefix: str
    units: dict[str, Unit] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def unit(self, kind: str, purpose: str, *, resolvers: tuple[str, ...] = (boxes.DEAD_RESOLVER,)) -> Unit:
        """The box for a purpose, made if it is not there: as from the shop."""
        name = f"{self.prefix}-{kind.replace('_', '-')}-{purpose}"
        with self._lock:
            if name in self.units:
                return self.units[name]
        unit = _with_database(boxes.up(name, kind, resolvers=resolvers))
        with self._lock:
            self.units[name] = unit
        return unit

    def converged(self, kind: str, purpose: str) -> Unit:
        """The box for a purpose, as it should be."""
        return self.converge(self.unit(kind, purpose))

    @staticmethod
    def converge(unit: Unit) -> Unit:
        """The same box, as it should be."""
        unit.authority("ok")
        if unit.check().before:
            result = unit.reconcile()
            assert not result.after, codes(result.after)
        return unit

    def anew(self, unit: Unit) -> Unit:
        """The same box, as from the shop again."""
        fresh = _with_database(boxes.anew(unit.box.name))
        with self._lock:
            self.units[unit.box.name] = fresh
        return fresh

    def close(self) -> None:
        """Remove them all."""
        with self._lock:
            names, self.units = list(self.units), {}
        with ThreadPoolExecutor() as pool:
            list(pool.map(boxes.down, [[name] for name in names]))


def codes(findings: tuple[Finding, ...]) -> list[str]:
    """Their codes, and the evidence in case an assertion shows them."""
    return [f"{each.code}: {each.evidence}" for each in findings]


def names(findings: tuple[Finding, ...]) -> list[str]:
    """Their codes alone."""
    return [str(each.code) for each in findings]


def ca() -> TestAuthority:
    """Who signs what the authority hands out."""
    return stand_in.authority_in(boxes.state_dir(), datetime.now(UTC))


def _with_database(box: boxes.Box) -> Unit:
    subdomain = hashlib.sha256(box.name.encode()).hexdigest()[:12]
    db_uuid, code = str(uuid.uuid5(uuid.NAMESPACE_DNS, box.name)), f"M{int(subdomain, 16) % 1000000:06}"
    peers = boxes.peers()
    peers.control("PUT", "/control/databases", {db_uuid: [code, subdomain]})
    return Unit(
        box,
        Desired(
            name=box.name,
            serial=box.serial,
            server_url=SERVER,
            token=Secret(TOKEN),
            db_name="customer-a",
            db_uuid=Secret(db_uuid),
            enterprise_code=Secret(code),
            resolvers=(peers.address,),
        ),
        subdomain,
    )
