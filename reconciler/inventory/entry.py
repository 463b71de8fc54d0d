"""One host of an inventory: who it is, what it should be, how to get there, and all that is wrong with its entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from ..model.desired import Desired
from ..model.names import host_problem, printable_name
from ..model.target import ConnectionKind, HomepageWay, Invalid, Ssh, Target
from ..model.validate import PREFIX, desired_from_variables
from ..model.variables import VARIABLES
from . import identifying
from .guards import Guards
from .hosts import Hosts
from .identity import DeclaredIdentity
from .options import Resolver
from .problem import Position, Problem, at
from .reasons import explain, position
from .ssh import ssh_from_options
from .unfilled import gaps, unfilled
from .values import Values, read_values

_CONNECTION: Final = VARIABLES[f"{PREFIX}connection"]
_HOST: Final = "ansible_host"
_WAY: Final = (
    _HOST,
    "ansible_port",
    "ansible_ssh_common_args",
    "ansible_ssh_extra_args",
    "ansible_ssh_args",
    "ansible_connection",
)
_HOMEPAGE_PORT: Final = VARIABLES[f"{PREFIX}homepage_port"]
_WAY_TO_PAGES: Final = (_HOST, _HOMEPAGE_PORT.name)
_USUAL_PORT: Final = str(_HOMEPAGE_PORT.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What came of a host's variables.

    Args:
        unread: why its variables as a whole could not be read.
        password: reasons of the vault password for which values could not be read.
        disbelieved: why it is not believed what the box has set itself.
        unfilled: what of it is still to be filled in.
        locked: the same of values by which customers are told apart, by where those are.
        places: where its variables are set, as far as that is known.
    """

    identity: DeclaredIdentity
    desired: Desired | None = None
    connection: ConnectionKind = ConnectionKind.SSH
    ssh: Ssh | None = None
    homepage: HomepageWay | None = None
    problems: tuple[Problem, ...] = ()
    unread: str | None = None
    password: frozenset[str] = frozenset()
    disbelieved: tuple[str, ...] = ()
    unfilled: str | None = None
    locked: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Position] = field(default_factory=dict)

    @property
    def refused(self) -> tuple[str, ...]:
        """Return why nothing else of it is looked at."""
        return self.disbelieved if self.unfilled is None else (*self.disbelieved, self.unfilled)

    def judged(self, guards: Guards) -> Target | Invalid:
        """Return the box to work on, or what is wrong with it, now that every other entry is known."""
        who = self.identity
        problems = (*map(str, self.problems), *self.refused, *guards.problems(who))
        if self.desired is None or problems:
            return Invalid(name=printable_name(who.name), problems=problems, customer=who.customer, store=who.store)
        others = guards.others(who)
        desired = replace(
            self.desired,
            own_servers=guards.own_servers(who),
            copies=guards.copies(who),
            compared=others.compared,
        )
        return Target(desired=desired, connection=self.connection, ssh=self.ssh, homepage=self.homepage, others=others)


def read_entry(hosts: Hosts, host: Any, resolver: Resolver | None, salt: bytes, **context: Any) -> Entry:
    """Read a host.

    Args:
        resolver: of connection settings; `None` for a host of which only the identity is read. Of its secrets then only
            those are decrypted by which customers are told apart, and nothing but digests of them is kept.
        salt: of the digests of contracts.
        context: play and task whose variables count, too.
    """
    name = str.__str__(host.name)
    if told := hosts.told_by_box(host):
        line = f"{', '.join(told)} set by a fact of the box: facts do not say what a box should be, clear their cache"
        return Entry(identity=DeclaredIdentity(name=name, groups=hosts.groups_of(host)), disbelieved=(line,))
    try:
        raw, template = hosts.variables(host, **context)
    except Exception as error:  # noqa: BLE001 - plugins raise anything; one host's files stop no other host
        reason, where = explain(error), position(error)
        problem = Problem(f"variables cannot be read: a file {reason}", where)
        password = frozenset({reason.text} if reason.password else ())
        who = DeclaredIdentity(name=name, groups=hosts.groups_of(host))
        locked = {f"variables{at(where)}": reason.text} if reason.password else {}
        return Entry(identity=who, problems=(problem,), unread=str(problem), password=password, locked=locked)
    if (missing := unfilled(raw)) is not None:
        return Entry(identity=DeclaredIdentity(name=name, groups=hosts.groups_of(host)), unfilled=missing)
    mine = [each for each in raw if each.startswith(PREFIX)]
    wanted = [*mine, *sorted(resolver.variables)] if resolver else list(identifying.VARIABLE_NAMES)
    values = read_values(template, raw, wanted)
    who, problems = identifying.identity(name, values, salt)
    if identifying.is_no_box(values):
        desired, wrong = desired_from_variables(name, values.plain)
        return Entry(
            identity=DeclaredIdentity(name=name), desired=desired, problems=values.located(wrong) if resolver else ()
        )
    taken, overruled = hosts.givers(host, raw, identifying.TAKEN), hosts.overruled(host, raw)
    who = replace(who, groups=hosts.groups_of(host), taken=taken, overruled=overruled, way=_way(raw))
    if resolver is None:
        unusable = (*identifying.unread(values), *map(Problem, problems))
        return Entry(identity=who, problems=unusable, locked=identifying.locked(values))
    return _full(who, values, resolver)


def beside_gaps(
    name: str, raw: Mapping[str, Any], template: Callable[[Any], Any], resolver: Resolver
) -> tuple[Problem, ...]:
    """Return what is wrong with the variables of a host that is not filled in yet, beside what is missing."""
    missing = gaps(raw)
    rest = {each: value for each, value in raw.items() if each not in missing}
    wanted = [*(each for each in rest if each.startswith(PREFIX)), *sorted(resolver.variables)]
    values = read_values(template, rest, wanted)
    found = _full(DeclaredIdentity(name=name), values, resolver).problems
    return tuple(each for each in found if not any(gap in each.text for gap in missing))


def _way(raw: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return how a box is reached as its variables have it; of a template nobody knows without filling it in."""
    kind = _kind(raw)
    said = [raw.get(name) for name in (_WAY if kind is not ConnectionKind.HOMEPAGE else _WAY_TO_PAGES)]
    if kind.is_here or said[0] is None or not all(_is_plain(each) for each in said):
        return None
    told = ["" if each is None else str(each) for each in said]
    if kind is not ConnectionKind.HOMEPAGE:
        return tuple(told)
    # As over SSH where nothing is set, so that a box is found to be one machine in either way.
    return (told[0], *[""] * (len(_WAY) - 1), *(port for port in told[1:] if port not in ("", _USUAL_PORT)))


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, int) or (isinstance(value, str) and "{" not in value)


def _full(who: DeclaredIdentity, values: Values, resolver: Resolver) -> Entry:
    name = who.name
    desired, wrong = desired_from_variables(name, values.plain)
    kind = _kind(values.plain)
    reads = _READERS.get(kind)
    ssh, unreachable = reads(name, values.plain, resolver) if reads else (None, ())
    by_homepage = kind is ConnectionKind.HOMEPAGE
    homepage, unnamed = _homepage(name, values.plain, desired) if by_homepage else (None, ())
    needed = (_HOST,) if by_homepage else ()
    of_use = {each for each in values.failed if reads or each.startswith(PREFIX) or each in needed}
    return Entry(
        identity=who,
        desired=desired,
        connection=kind,
        ssh=ssh,
        homepage=homepage,
        problems=(*values.problems(of_use.__contains__), *values.located((*wrong, *unreachable, *unnamed))),
        password=values.password,
        places=values.places,
    )


def _kind(given: Mapping[str, object]) -> ConnectionKind:
    """Return how a box is reached; what is no kind is told as a problem of the entry, and read as the default."""
    told = given.get(_CONNECTION.name)
    return next((each for each in ConnectionKind if each == told), ConnectionKind(str(_CONNECTION.default)))


def _ssh(name: str, plain: Mapping[str, object], resolver: Resolver) -> tuple[Ssh, tuple[str, ...]]:
    options, problems = resolver.resolve({**plain, "inventory_hostname": name})
    ssh, more = ssh_from_options(name, options)
    return ssh, (*problems, *more)


def _homepage(
    name: str, plain: Mapping[str, object], desired: Desired | None
) -> tuple[HomepageWay | None, tuple[str, ...]]:
    """Return where its pages are; of Ansible's own variables only the address counts."""
    told = plain.get(_HOST)
    host = name if told is None else str(told)
    if (wrong := host_problem(host)) is not None:
        return None, (f"{'the name' if told is None else _HOST} {wrong}",)
    if desired is None:
        return None, ()
    return HomepageWay(host=host, port=desired.homepage_port, https_port=desired.https_port), ()


_READERS: Final = MappingProxyType({ConnectionKind.SSH: _ssh})
"""Kinds that are described by Ansible's own variables, and how these are read; the others need `iot_https_*` only."""
