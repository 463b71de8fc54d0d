"""The variables of one host: templates rendered, vaulted values decrypted, Ansible's types removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from ansible.errors import AnsibleValueOmittedError
from ansible.parsing.vault import EncryptedString

from ..model.fields import QUOTES, of_ini
from ..model.plain import to_plain
from ..model.secret import Secret, masked
from .inner import place_of
from .problem import Position, Problem
from .reasons import explain, position

_YAML: Final = (".yml", ".yaml", ".json")


@dataclass(frozen=True, slots=True)
class Values:
    """What came of some variables of a host.

    Args:
        plain: values without a trace of Ansible.
        failed: reason and way out for each variable that could not be read.
        places: where the variables are set, as far as that is known.
        locked: reason for each of those for which a vault password is missing or wrong.
        hidden: texts that are encrypted, whatever variable they are in.
    """

    plain: Mapping[str, object]
    failed: Mapping[str, Problem]
    places: Mapping[str, Position]
    locked: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[Secret, ...] = field(default=(), repr=False)

    @property
    def password(self) -> frozenset[str]:
        """Return the reasons that come from a vault password which is missing or wrong."""
        return frozenset(self.locked.values())

    def problems(self, wanted: Callable[[str], bool] = bool) -> tuple[Problem, ...]:
        """Return a line for each variable that could not be read, of those that are wanted."""
        found = self.failed.items()
        return tuple(Problem(f"{name} {why.text}", why.position) for name, why in found if wanted(name))

    def located(self, problems: Iterable[str]) -> tuple[Problem, ...]:
        """Add to problems that begin with a variable where it was set, and drop those that only follow from others."""
        told = (problem for problem in problems if not any(name in problem for name in self.failed))
        return tuple(_at(place_among(self.places, each), masked(each, *self.hidden, cut=False)) for each in told)


def place_among(places: Mapping[str, Position], problem: str) -> Position | None:
    """Return where the variable is set with which a problem begins."""
    return places.get(problem.split(" ", 1)[0].rstrip(":"))


def _at(where: Position | None, problem: str) -> Problem:
    """Add where it was set, and the way out that an INI inventory needs."""
    is_ini = where is not None and PurePath(where.path).suffix not in _YAML
    return Problem(problem.replace(QUOTES, of_ini(problem.split(" ", 1)[0])) if is_ini else problem, where)


def read_values(template: Callable[[Any], Any], raw: Mapping[str, Any], names: Iterable[str]) -> Values:
    """Read some variables.

    Args:
        template: renders a value with all variables of the host.
        raw: every variable of the host as Ansible holds it.
        names: those to read; one that the host does not have is passed over.
    """
    plain: dict[str, object] = {}
    failed: dict[str, Problem] = {}
    locked: dict[str, str] = {}
    hidden: list[Secret] = []
    present = [name for name in names if name in raw]
    for name in present:
        try:
            plain[str.__str__(name)] = to_plain(template(raw[name]))
            hidden += (Secret(str(to_plain(template(each)))) for each in encrypted_within(raw[name]))
        except AnsibleValueOmittedError:
            continue
        except Exception as error:  # noqa: BLE001 - plugins raise anything; one host's template stops no other host
            reason = explain(error)
            failed[str.__str__(name)] = Problem(reason.text, position(error) or place_of(raw[name]))
            if reason.password:
                locked[str.__str__(name)] = reason.text
    known = ((str.__str__(name), place_of(raw[name])) for name in present)
    places = {name: where for name, where in known if where is not None}
    return Values(plain, failed, places, locked, tuple(hidden))


def encrypted_within(value: Any) -> Iterator[EncryptedString]:
    """Yield each text within a value that is encrypted by itself."""
    if isinstance(value, EncryptedString):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from encrypted_within(each)
    elif isinstance(value, list):
        for each in value:
            yield from encrypted_within(each)
