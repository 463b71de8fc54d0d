"""What `inventory show` tells of a box: each variable that counts, its value, and who says so; secrets are masked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model.target import ConnectionKind
from .problem import Position


class GiverKind(StrEnum):
    """Who gives a variable its value."""

    GROUP = "group"
    HOST = "host"
    COMMAND_LINE = "command_line"
    ENVIRONMENT = "environment"
    SETTINGS = "ansible_cfg"
    PLUGIN = "plugin"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives a value. `name` is that of the group or host, or of the setting; empty where there is none."""

    kind: GiverKind
    name: str = ""

    @property
    def is_host(self) -> bool:
        """Tell whether it is said of one box alone."""
        return self.kind is GiverKind.HOST


COMMAND_LINE: Final = Giver(GiverKind.COMMAND_LINE)
DEFAULT: Final = Giver(GiverKind.DEFAULT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """A value, as it may be read by anybody.

    Args:
        value: plain data; a mask in place of a secret, `None` where it cannot be read.
        problem: why it cannot be read or used.
    """

    giver: Giver
    value: object
    position: Position | None = None
    is_secret: bool = False
    is_encrypted: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVariable:
    """A variable.

    Args:
        counts: what it is for this box.
        overruled: what else is said of it, in Ansible's order: what comes later overrules what comes before.
    """

    name: str
    counts: ShownValue
    overruled: tuple[ShownValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBox:
    """A box of an inventory.

    Args:
        address: with which a connection is made, such as `pi@192.0.2.11:22`; `None` where there is none, or it is not
            known.
        groups: all that it is in, the nearest last.
        declared: the variables of ours.
        reached: those of Ansible's that say how it is reached.
        not_set: variables of ours that nobody sets and that have no default.
        problems: why the entry cannot be used.
    """

    name: str
    connection: ConnectionKind
    customer: str | None = None
    store: str | None = None
    address: str | None = None
    is_managed: bool = True
    groups: tuple[str, ...] = ()
    declared: tuple[ShownVariable, ...] = ()
    reached: tuple[ShownVariable, ...] = ()
    not_set: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
