"""The variables of one host: templates rendered, vaulted values decrypted, Ansible's types removed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ansible.errors import AnsibleValueOmittedError

from ..model.fields import QUOTES, of_ini
from ..model.plain import to_plain
from .reasons import explain, place, place_of

_YAML: Final = re.compile(r"\.(ya?ml|json)(:\d+)?\)$")


@dataclass(frozen=True, slots=True)
class Values:
    """What came of some variables of a host.

    Args:
        plain: values without a trace of Ansible.
        failed: reason and way out for each variable that could not be read.
        places: ` (file:line)` of the variables, empty where not known.
        locked: reason for each of those for which a vault password is missing or wrong.
    """

    plain: Mapping[str, object]
    failed: Mapping[str, str]
    places: Mapping[str, str]
    locked: Mapping[str, str] = field(default_factory=dict)

    @property
    def password(self) -> frozenset[str]:
        """Return the reasons that come from a vault password which is missing or wrong."""
        return frozenset(self.locked.values())

    def problems(self) -> tuple[str, ...]:
        """Return a line for each variable that could not be read."""
        return tuple(f"{name} {reason}" for name, reason in self.failed.items())

    def located(self, problems: Iterable[str]) -> tuple[str, ...]:
        """Add to problems that begin with a variable where it was set, and drop those that only follow from others."""
        told = (problem for problem in problems if not any(name in problem for name in self.failed))
        return tuple(_at(self.places.get(problem.split(" ", 1)[0].rstrip(":"), ""), problem) for problem in told)


def _at(where: str, problem: str) -> str:
    """Add where it was set, and the way out that an INI inventory needs."""
    is_ini = bool(where) and _YAML.search(where) is None
    return f"{problem.replace(QUOTES, of_ini(problem.split(' ', 1)[0])) if is_ini else problem}{where}"


def read_values(template: Callable[[Any], Any], raw: Mapping[str, Any], names: Iterable[str]) -> Values:
    """Read some variables.

    Args:
        template: renders a value with all variables of the host.
        raw: every variable of the host as Ansible holds it.
        names: those to read; one that the host does not have is passed over.
    """
    plain: dict[str, object] = {}
    failed: dict[str, str] = {}
    locked: dict[str, str] = {}
    present = [name for name in names if name in raw]
    for name in present:
        try:
            plain[str.__str__(name)] = to_plain(template(raw[name]))
        except AnsibleValueOmittedError:
            continue
        except Exception as error:  # noqa: BLE001 - plugins raise anything; one host's template stops no other host
            reason = explain(error)
            failed[str.__str__(name)] = f"{reason}{place(error) or place_of(raw[name])}"
            if reason.password:
                locked[str.__str__(name)] = reason.text
    places = {str.__str__(name): place_of(raw[name]) for name in present}
    return Values(plain, failed, places, locked)
