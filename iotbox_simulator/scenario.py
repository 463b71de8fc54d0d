"""Which fleet is simulated, and what is wrong with it: one YAML file.

    customers:
      bakery: {server_url: https://bakery.example, db_uuid: 1111..., enterprise_code: M210101}
    resolvers: [1.1.1.1]
    authority: ok
    boxes:
      till-1: {customer: bakery, store: hanoi, kind: ro_flat, faults: [expired, resolvers], ends: in_sync}

`kind` is a Linux box or a Windows one (`windows_17`), which is visited by its homepage; so is a box with `no_ssh`.
`authority` is a way of answering (see `authority_modes`) or an HTTP status. A box without `faults` is in sync.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import Any, Final, get_args

from reconciler.model.errors import PermanentFailure
from reconciler.model.near import instead
from reconciler.results.fleet import BoxState
from reconciler.yaml_file import BadYaml, parse_mapping, read_mapping

from .boxes.windows import WINDOWS_BRANCHES, WindowsKind
from .faults import FAULTS, ON_WINDOWS
from .machine.authority import Mode
from .machine.spec import LayoutKind
from .ssh import SshFault

FRESH: Final = "fresh"
"""The box is as from the shop: it was never linked."""
OFFLINE: Final = "offline"
"""Nobody answers at its address."""
NO_SSH: Final = "no_ssh"
"""It lets nobody in over SSH, so that its homepage is the only way to it."""
NEW_PASSWORD: Final = "new_password"  # noqa: S105 - the name of a state
"""It knows nobody's key: only the password that its homepage gives lets in."""
MAINTENANCE: Final = "maintenance"
"""The website of www.odoo.com is down for maintenance, and all of it says so."""
_LIMIT = 1 << 22
"""Bytes: a line for each of some thousand boxes."""
_EXAMPLE = "boxes: ..."
_HTTP_STATUS = range(100, 600)
_KINDS: Final[tuple[LayoutKind | WindowsKind, ...]] = (*get_args(LayoutKind), *get_args(WindowsKind))
_KNOWN_ENDS: Final = (
    BoxState.IN_SYNC,
    BoxState.IN_SYNC_AS_SEEN,
    BoxState.DIFFERS,
    BoxState.UNREACHABLE,
    BoxState.UNSUPPORTED,
)
_ENDS: Final = {str(each.value): each for each in _KNOWN_ENDS}
FAULT_NAMES: Final = frozenset({FRESH, OFFLINE, NO_SSH, NEW_PASSWORD, *FAULTS, *(each.value for each in SshFault)})
_FAULTS_ON_WINDOWS: Final = frozenset({FRESH, OFFLINE, *ON_WINDOWS})


class BadScenario(PermanentFailure):
    """A scenario cannot be used; the text names the file, the place in it and the way out."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who owns a database."""

    name: str
    server_url: str
    db_uuid: str
    enterprise_code: str


@dataclass(frozen=True, slots=True)
class ScenarioBox:
    """One box of a scenario.

    Args:
        faults: names, in the order in which they come about.
        ends: where it stands after a reconcile.
    """

    name: str
    customer: Customer
    store: str
    kind: LayoutKind | WindowsKind
    faults: tuple[str, ...] = ()
    ends: BoxState = BoxState.IN_SYNC

    @property
    def windows_branch(self) -> str | None:
        """The code branch of a Windows box, `None` for a Linux one."""
        return next((branch for kind, branch in WINDOWS_BRANCHES.items() if kind == self.kind), None)

    @property
    def linux_kind(self) -> LayoutKind:
        """The kind of a Linux box."""
        return next(kind for kind in get_args(LayoutKind) if kind == self.kind)

    @property
    def is_by_homepage(self) -> bool:
        """Whether its homepage is the only way to it."""
        return self.windows_branch is not None or NO_SSH in self.faults

    @property
    def is_unknown(self) -> bool:
        """Whether nobody has been let in yet, so that neither its host key nor its serial number is written down."""
        return NEW_PASSWORD in self.faults

    @property
    def ssh_faults(self) -> tuple[SshFault, ...]:
        """Return those that only somebody who comes over SSH can meet."""
        return tuple(SshFault(name) for name in self.faults if name in set(SshFault))


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole fleet.

    Args:
        authority: how www.odoo.com answers who asks for a certificate, an HTTP status or a name.
        site: HTTP status of its front page.
    """

    boxes: tuple[ScenarioBox, ...]
    resolvers: tuple[str, ...]
    authority: Mode | int = "ok"
    site: int = 200


def shipped() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the program."""
    files = resources.files(__package__).joinpath("scenarios").iterdir()
    return tuple(sorted(each.name.removesuffix(".yml") for each in files if each.name.endswith(".yml")))


def load(path: Path) -> Scenario:
    """Read a scenario: a file, or where there is none of that name, one that comes with the program.

    Raises:
        BadScenario: the file cannot be read, or does not say what it should.
    """
    if not path.exists() and str(path) in shipped():
        return _of_the_program(str(path))
    if not path.exists():
        raise BadScenario(f"{path}: No such file; give another, or one of {', '.join(shipped())}")
    try:
        data = read_mapping(path, _LIMIT, _EXAMPLE)
    except BadYaml as error:
        raise BadScenario(str(error)) from None
    return _scenario(_Place(str(path), data))


def of_the_demo() -> Scenario:
    """Return the scenario that comes with the program."""
    return _of_the_program("demo")


def _of_the_program(name: str) -> Scenario:
    raw = resources.files(__package__).joinpath(f"scenarios/{name}.yml").read_bytes()
    return _scenario(_Place(f"{name}.yml", parse_mapping(raw, f"{name}.yml", _EXAMPLE)))


@dataclass(frozen=True, slots=True)
class _Place:
    """A value in the file, and where it stands."""

    where: str
    value: Any

    def bad(self, wanted: str) -> BadScenario:
        """Return the error that says what should be here."""
        return BadScenario(f"{self.where}: give {wanted}")

    def mapping(self, known: frozenset[str] | None = None, needed: frozenset[str] = frozenset()) -> dict[str, _Place]:
        """Return what a mapping holds, whose keys are names, by these names."""
        value = self.value
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise self.bad("a mapping")
        for key in value:
            if known is not None and key not in known:
                way_out = instead(key, known, f": give {', '.join(sorted(known))}")
                raise BadScenario(f"{self.where}: {key} is not known here{way_out}")
        for key in needed:
            if key not in value:
                raise BadScenario(f"{self.where}: {key} is missing")
        return {key: _Place(f"{self.where}: {key}", each) for key, each in value.items()}

    def text(self) -> str:
        """Return a text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.bad("a text")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Return a list of such."""
        if not isinstance(self.value, list):
            raise self.bad("a list of texts, such as [one, two]")
        return tuple(_Place(self.where, each).text() for each in self.value)

    def one_of(self, names: tuple[str, ...] | frozenset[str] | Mapping[str, object]) -> str:
        """Return a text that is one of these."""
        if not isinstance(self.value, str) or self.value not in names:
            raise self.bad(f"one of {', '.join(sorted(names))}{instead(str(self.value), names)}")
        return self.value


_CUSTOMER = frozenset({"server_url", "db_uuid", "enterprise_code"})


def _scenario(top: _Place) -> Scenario:
    parts = top.mapping(frozenset({"customers", "resolvers", "authority", "boxes"}), frozenset({"customers", "boxes"}))
    customers = {name: _customer(name, place) for name, place in parts["customers"].mapping().items()}
    boxes = tuple(_box(name, place, customers) for name, place in parts["boxes"].mapping().items())
    if not boxes:
        raise parts["boxes"].bad("at least one box")
    resolvers = parts["resolvers"].texts() if "resolvers" in parts else ("1.1.1.1",)
    authority, site = _authority(parts["authority"]) if "authority" in parts else ("ok", HTTPStatus.OK)
    return Scenario(boxes, resolvers, authority, site)


def _customer(name: str, place: _Place) -> Customer:
    values = {key: each.text() for key, each in place.mapping(_CUSTOMER, _CUSTOMER).items()}
    return Customer(name=name, **values)


def _box(name: str, place: _Place, customers: Mapping[str, Customer]) -> ScenarioBox:
    known = frozenset({"customer", "store", "kind", "faults", "ends"})
    parts = place.mapping(known, frozenset({"customer", "store", "kind"}))
    faults = parts["faults"].texts() if "faults" in parts else ()
    kind = parts["kind"].one_of(_KINDS)
    possible = _FAULTS_ON_WINDOWS if kind in WINDOWS_BRANCHES else FAULT_NAMES
    for fault in faults:
        _Place(parts["faults"].where, fault).one_of(FAULT_NAMES)
        if fault not in possible:
            raise parts["faults"].bad(f"a Windows box only what it can have: {', '.join(sorted(possible))}")
    return ScenarioBox(
        name=name,
        customer=customers[parts["customer"].one_of(customers)],
        store=parts["store"].text(),
        kind=next(each for each in _KINDS if each == kind),
        faults=faults,
        ends=_ENDS[parts["ends"].one_of(_ENDS)] if "ends" in parts else BoxState.IN_SYNC,
    )


def _authority(place: _Place) -> tuple[Mode | int, int]:
    """Return how who asks for a certificate is answered, and the HTTP status of the front page."""
    modes: tuple[Mode, ...] = get_args(Mode)
    if isinstance(place.value, int) and place.value in _HTTP_STATUS:
        return place.value, HTTPStatus.OK
    if place.value == MAINTENANCE:
        return HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE
    if place.value not in modes:
        raise place.bad(f"an HTTP status, or one of {', '.join(sorted((*modes, MAINTENANCE)))}")
    return next(each for each in modes if each == place.value), HTTPStatus.OK
