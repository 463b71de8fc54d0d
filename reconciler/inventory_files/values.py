"""What may be written into an inventory: names that are names, values that Ansible takes as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ..model.errors import PermanentFailure
from ..model.fields import TEMPLATE
from ..model.names import box_problem, shown
from ..model.secret import Secret

Plain = str | int | bool | list[str]
"""A value that is written in clear."""
_GROUP: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_VARIABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,99}")
_LONGEST: Final = 2000


class EditRefused(PermanentFailure):
    """An edit of an inventory cannot be made; one line that names the place and the way out."""


@dataclass(frozen=True, slots=True)
class Encrypted:
    """A value that is written for the vault only, as a `!vault` block."""

    secret: Secret


@dataclass(frozen=True, slots=True)
class Vaulted:
    """What ansible-vault made of a secret: the lines of the block."""

    text: str = field(repr=False)


NewValue = Plain | Encrypted


def refuse_group(name: str) -> None:
    """Raise unless a group may be called so: what Ansible would have to change is no name."""
    if not _GROUP.fullmatch(name):
        raise EditRefused(f"{shown(name)} is no name of a group: use letters, digits and _")


def refuse_host(name: str) -> None:
    """Raise unless a box may be called so, and is meant by this name alone."""
    problem = box_problem(name)
    if problem is not None:
        raise EditRefused(f"{shown(name)} is no name of a box: {problem}")


def refuse_variable(name: str, value: NewValue) -> None:
    """Raise unless a variable may be called so and hold this value. The text never holds the value.

    Raises:
        EditRefused: names the variable.
    """
    if not _VARIABLE.fullmatch(name):
        raise EditRefused(f"{shown(name)} is no name of a variable: use small letters, digits and _")
    if isinstance(value, Encrypted):
        return
    for text in value if isinstance(value, list) else [value]:
        reason = _text_problem(text) if isinstance(text, str) else None
        if reason is not None:
            raise EditRefused(f"{name} {reason}, and is not written into the inventory")


def _text_problem(text: str) -> str | None:
    if not text or not text.isprintable() or len(text) > _LONGEST:
        return f"is empty, longer than {_LONGEST} characters, or contains a line break or another control character"
    if any(each in text for each in TEMPLATE):
        return "contains what Ansible takes for a template"
    return None
