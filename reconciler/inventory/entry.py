"""One host of an inventory: who it is, what it should be, how to get there, and all that is wrong with its entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ..model.desired import Desired
from ..model.digests import database_digest
from ..model.fields import Refused, read
from ..model.secret import Secret
from ..model.target import ConnectionKind, Invalid, Ssh, Target
from ..model.validate import PREFIX, desired_from_variables
from ..model.variables import VARIABLES
from .fleet import Guards, Identity
from .options import Resolver
from .reasons import explain, place
from .source import Source
from .ssh import ssh_from_options
from .values import Values, read_values

_IDENTITY: Final = ("customer", "store", "server_url", "serial")
_DATABASE: Final = VARIABLES[f"{PREFIX}db_uuid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What came of a host's variables.

    Args:
        unread: why its variables as a whole could not be read.
        password: reasons of the vault password for which values could not be read.
        lacks_customer: something is declared for it, and no customer, not even one that cannot be read.
    """

    identity: Identity
    desired: Desired | None = None
    connection: ConnectionKind = ConnectionKind.SSH
    ssh: Ssh | None = None
    problems: tuple[str, ...] = ()
    unread: str | None = None
    password: frozenset[str] = frozenset()
    lacks_customer: bool = False

    def judged(self, guards: Guards) -> Target | Invalid:
        """Return the box to work on, or what is wrong with it, now that every other entry is known."""
        problems = (*self.problems, *guards.problems(self.identity))
        if self.desired is None or problems:
            who = self.identity
            return Invalid(name=who.name, problems=problems, customer=who.customer, store=who.store)
        own = tuple(url for url in guards.servers_of(self.desired.customer) if url != self.desired.server_url)
        desired = replace(
            self.desired,
            own_servers=own,
            foreign_databases=guards.foreign_databases(self.identity),
            copies=guards.copies(self.identity),
        )
        return Target(desired=desired, connection=self.connection, ssh=self.ssh)


def read_entry(source: Source, host: Any, resolver: Resolver | None) -> Entry:
    """Read a host.

    Args:
        resolver: of connection settings; `None` for a host outside the limit, of which only the identity is read, so
            that no secret of it is decrypted.
    """
    name = str.__str__(host.name)
    try:
        raw, template = source.variables(host)
    except Exception as error:  # noqa: BLE001 - plugins raise anything; one host's files stop no other host
        reason = explain(error)
        text = f"variables cannot be read: a file {reason}{place(error)}"
        password = frozenset({reason.text} if reason.password else ())
        return Entry(identity=Identity(name=name), problems=(text,), unread=text, password=password)
    if resolver is None:
        return _stranger(name, read_values(template, raw, [f"{PREFIX}{each}" for each in _IDENTITY]))
    mine = [each for each in raw if each.startswith(PREFIX)]
    return _full(name, read_values(template, raw, [*mine, *sorted(resolver.variables)]), resolver)


def _stranger(name: str, values: Values) -> Entry:
    identity, problems = _identity(name, values)
    return Entry(identity=identity, problems=(*values.problems(), *problems))


def with_database(entry: Entry, source: Source, host: Any) -> Entry:
    """Read of a host outside the limit which database is its own, too.

    Args:
        entry: what was read of it.
    """
    raw, template = source.variables(host)
    values = read_values(template, raw, [_DATABASE.name])
    identity, problems = replace(entry.identity, database=_database(values)), (*entry.problems, *values.problems())
    return replace(entry, identity=identity, problems=problems)


def _full(name: str, values: Values, resolver: Resolver) -> Entry:
    identity = replace(_identity(name, values)[0], database=_database(values))
    desired, wrong = desired_from_variables(name, values.plain)
    kind = ConnectionKind.SSH
    if values.plain.get(f"{PREFIX}connection") == ConnectionKind.LOCAL:
        kind = ConnectionKind.LOCAL
    ssh, unreachable = _ssh(name, values.plain, resolver) if kind is ConnectionKind.SSH else (None, ())
    of_use = {each for each in values.failed if kind is ConnectionKind.SSH or each.startswith(PREFIX)}
    failed = tuple(f"{each} {reason}" for each, reason in values.failed.items() if each in of_use)
    return Entry(
        identity=identity,
        desired=desired,
        connection=kind,
        ssh=ssh,
        problems=(*failed, *values.located((*wrong, *unreachable))),
        password=values.password,
        lacks_customer=_lacks_customer(desired, values),
    )


def _lacks_customer(desired: Desired | None, values: Values) -> bool:
    if desired is None or not desired.declares_something:
        return False
    return desired.customer is None and f"{PREFIX}customer" not in values.failed


def _ssh(name: str, plain: Mapping[str, object], resolver: Resolver) -> tuple[Ssh, tuple[str, ...]]:
    options, problems = resolver.resolve({**plain, "inventory_hostname": name})
    ssh, more = ssh_from_options(name, options)
    return ssh, (*problems, *more)


def _identity(name: str, values: Values) -> tuple[Identity, list[str]]:
    """Return what is usable of who a box is, and a line for what is not."""
    found: dict[str, str] = {}
    problems = []
    for field in _IDENTITY:
        variable = VARIABLES[f"{PREFIX}{field}"]
        value = values.plain.get(variable.name)
        if value is None:
            continue
        try:
            found[field] = str(read(variable, value))
        except Refused as refusal:
            problems.append(f"{variable.name} {refusal}")
    return Identity(name=name, **found), problems


def _database(values: Values) -> str | None:
    """Return the digest of a database's UUID, `None` for one that is not given or not usable."""
    value = values.plain.get(_DATABASE.name)
    try:
        return None if value is None else database_digest(Secret(str(read(_DATABASE, value))))
    except Refused:
        return None
