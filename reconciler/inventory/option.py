"""One connection setting after Ansible has resolved it from variables, environment, ansible.cfg and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .problem import Position
from .shown import DEFAULT, Giver


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionOption:
    """One setting.

    Args:
        source: what a person would edit to change it, such as the name of a variable.
        is_default: nobody has set it.
        giver: who has, if that is no variable.
        position: where, if that is a file of settings.
    """

    value: object
    source: str
    is_default: bool = False
    giver: Giver = DEFAULT
    position: Position | None = None

    @property
    def text(self) -> str | None:
        """The value as text, `None` where there is none."""
        return None if self.value is None or self.value == "" else str(self.value)


Options = Mapping[str, ConnectionOption]
"""Settings by name: those of Ansible's ssh and sudo plugins, and `become`, `become_method`, `connection`, `python`."""
