"""A box as it is, as far as an inventory can declare it: what it says is read as strictly as a variable would be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from ..checks import Case, gate
from ..checks.clock import judged_at
from ..checks.link import is_linked, store_known
from ..checks.resolvers import MANAGED
from ..codes import Reached
from ..model.digests import contract_digest, database_digest
from ..model.fields import TEMPLATE, BadField, read
from ..model.observed import Observed
from ..model.part import Part
from ..model.reveal import reveal
from ..model.sealing import NotOpened, Opener
from ..model.secret import Secret
from ..model.target import Target
from ..model.validate import PREFIX
from ..model.variables import VARIABLES
from ..printable import printable
from ..results.result import Result

_WANTED: Final = (Part.STORE_SERVER_URL, Part.STORE_DB_UUID, Part.STORE_ENTERPRISE_CODE)
_SHOWN_NOT: Final = {Part.STORE_DB_UUID: "database UUID", Part.STORE_ENTERPRISE_CODE: "enterprise code"}
_LOOPBACK: Final = ("127.", "::1")


@dataclass(frozen=True, slots=True)
class BoxDatabase:
    """The database of a box.

    Args:
        server: its address.
        uuid: its UUID.
        contract: its enterprise code.
        uuid_mark: digest of the UUID, by which databases are compared.
        contract_mark: the same of the contract, of this run alone.
    """

    server: str
    uuid: Secret
    contract: Secret
    uuid_mark: str
    contract_mark: str

    @property
    def marks(self) -> tuple[str, str]:
        """What two boxes of one database have in common."""
        return self.uuid_mark, self.contract_mark

    @property
    def host(self) -> str:
        """The host of its address, by which people know it."""
        return urlsplit(self.server).hostname or ""


@dataclass(frozen=True, slots=True)
class FoundBox:
    """A box that can be declared.

    Args:
        customer: whose it is by the inventory, if that says it.
        serial: `None` where it shows none that can be declared.
        resolvers: DNS servers that it keeps over a restart.
    """

    name: str
    database: BoxDatabase
    customer: str | None = None
    serial: str | None = None
    resolvers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LeftOutBox:
    """A box of which nothing is taken. `why`: in one line; `unreached`: it did not answer."""

    name: str
    why: str
    unreached: bool = field(default=False)


def database_of(server: str, uuid: Secret, contract: Secret, salt: bytes) -> BoxDatabase:
    """Return a database with what it is compared by.

    Args:
        salt: random, of one run.
    """
    return BoxDatabase(server, uuid, contract, database_digest(uuid), contract_digest(contract, salt))


def found(target: Target, result: Result, opener: Opener, salt: bytes) -> FoundBox | LeftOutBox:
    """Return what a box has.

    Args:
        opener: the key of the request that it answered.
        salt: of the digests of contracts.
    """
    name, observed = target.name, result.observed
    if observed is None:
        return _unseen(name, result)
    stop = gate(Case(target.desired, observed, judged_at(observed)))
    if stop is not None:
        return LeftOutBox(name, f"{stop.code}: {printable(stop.evidence)}")
    if (hidden := next((each for each in _WANTED if not store_known(observed, each)), None)) is not None:
        return LeftOutBox(name, _hidden(hidden, observed))
    if not is_linked(observed) or observed.store.server_url is None:
        return LeftOutBox(name, "it is not linked to a database: link it, or declare what it should be")
    try:
        database = _database(observed.store.server_url.strip(), result, opener, salt)
    except (BadField, NotOpened) as refusal:
        return LeftOutBox(name, str(refusal))
    return FoundBox(name, database, target.desired.customer, _serial(observed), _resolvers(observed))


def _hidden(part: Part, observed: Observed) -> str:
    """Say why what is wanted was not seen."""
    if observed.by_homepage is None:
        return "what it has stored cannot be read: see what check says of it"
    if part is Part.STORE_SERVER_URL:
        return (
            "its homepage shows its link only while its certificate is good: declare the server, reconcile, adopt again"
        )
    return f"its homepage does not show its {_SHOWN_NOT[part]}: declare it"


def _unseen(name: str, result: Result) -> LeftOutBox:
    first = result.after[0]
    unreached = any(each.entry.reached is Reached.NOTHING for each in result.after)
    return LeftOutBox(name, f"{first.code}: {printable(first.evidence)}", unreached)


def _database(server: str, result: Result, opener: Opener, salt: bytes) -> BoxDatabase:
    """Return the database of a box.

    Raises:
        BadField: it says something that is not declared; the text names it without its value.
        NotOpened: what it sealed is not what was asked for.
    """
    if result.sealed is None:
        raise NotOpened("what the box was asked for did not come back")
    sealed = opener.open(result.sealed)
    uuid, contract = _secret("db_uuid", sealed), _secret("enterprise_code", sealed)
    shown = result.marks.database if result.marks else None
    if shown != database_digest(uuid):
        raise NotOpened("the box shows one database and sends another: see what is on it")
    return database_of(str(_value("server_url", server)), uuid, contract, salt)


def _secret(name: str, sealed: dict[str, Secret]) -> Secret:
    value = sealed.get(name)
    if value is None:
        raise BadField(f"it has no {_NOUNS[name]}: connect it to its database again, or declare what it should be")
    _value(name, reveal(value))
    return value


_NOUNS: Final = {"db_uuid": "database UUID", "enterprise_code": "enterprise code", "server_url": "server's address"}


def _value(name: str, value: object) -> object:
    """Return a value as a variable would be read.

    Raises:
        BadField: names what the box has.
    """
    what = _NOUNS.get(name, name.replace("_", " "))
    if isinstance(value, str) and any(each in value for each in TEMPLATE):
        raise BadField(f"its {what} contains what Ansible takes for a template: see who wrote it there")
    try:
        return read(VARIABLES[f"{PREFIX}{name}"], value)
    except BadField as refusal:
        raise BadField(f"its {what} {refusal}") from None


def _serial(observed: Observed) -> str | None:
    try:
        return str(_value("serial", (observed.identity.serial or "").strip().strip("\0")))
    except BadField:
        return None


def _resolvers(observed: Observed) -> tuple[str, ...] | None:
    """Return the DNS servers of a box which it has after a restart, too, and which can be declared."""
    seen = observed.resolvers
    if (
        seen.owner not in MANAGED
        or seen.persistent != seen.live
        or any(each.startswith(_LOOPBACK) for each in seen.live)
    ):
        return None
    try:
        servers = _value("resolvers", list(seen.live))
    except BadField:
        return None
    return servers if isinstance(servers, tuple) else None
