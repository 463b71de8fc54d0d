"""What the command line says of every host, beside the inventory: how to log in, and variables that beat all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ..model.secret import MASK
from .errors import InventoryError

OPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "remote_user": "--user",
        "private_key_file": "--private-key",
        "password": "--ask-pass",
        "become_pass": "--ask-become-pass",
        "DEFAULT_BECOME": "--become",
    }
)
"""The settings of Ansible that options of the command line give, as keywords of a play would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """Options that mean what they mean to Ansible.

    Variables of the inventory beat the first five, and are beaten by `extra_vars`.

    Args:
        password, become_password: as they were typed.
        extra_vars: `name=value` pairs, YAML, JSON, or `@file`.
    """

    user: str | None = None
    private_key_file: str | None = None
    become: bool = False
    password: str | None = field(default=None, repr=False)
    become_password: str | None = field(default=None, repr=False)
    extra_vars: tuple[str, ...] = field(default=(), repr=False)

    @property
    def keywords(self) -> dict[str, object]:
        """What is given, by Ansible's name of the setting."""
        given = {
            "remote_user": self.user,
            "private_key_file": self.private_key_file,
            "password": self.password,
            "become_pass": self.become_password,
            "DEFAULT_BECOME": self.become or None,
        }
        return {name: value for name, value in given.items() if value is not None}


NOTHING_SAID = CommandLine()


@contextmanager
def extra_vars(given: Sequence[str]) -> Iterator[None]:
    """Let Ansible find these extra variables, while this is open, where its own command line would have put them.

    Raises:
        InventoryError: one cannot be read; names the file or variable, and no value.
    """
    from ansible import context
    from ansible.template import trust_as_template
    from ansible.utils.context_objects import CLIArgs
    from ansible.utils.vars import load_extra_vars

    if not given:
        yield
        return
    for each in given:
        _refuse_shapeless(each)
    before = context.CLIARGS
    context.CLIARGS = CLIArgs({**before, "extra_vars": tuple(map(trust_as_template, given))})
    # it keeps what it has read once
    load_extra_vars.extra_vars = None
    try:
        yield
    except Exception as error:  # noqa: BLE001 - a vault, a plugin or YAML raise anything
        raise InventoryError(f"-e {_shown(given)} {_why(error)}") from None
    finally:
        context.CLIARGS = before
        load_extra_vars.extra_vars = None


def _refuse_shapeless(given: str) -> None:
    """Refuse what Ansible would pass over: a word that is no pair becomes a variable that nobody reads."""
    if given[:1] in ("@", "[", "{"):
        return
    name, equals, value = given.partition("=")
    if MASK in (name, value):
        raise InventoryError(f"-e {name} has what a report shows in place of a secret: give the value itself")
    if not equals or not name.strip():
        raise InventoryError(f"-e {name or repr('')} gives no variable a value: write name=value, JSON, or @file")


def _shown(given: Sequence[str]) -> str:
    """Name what was given: files as they are, of anything else no more than the name of the variable."""
    names = (each if each.startswith("@") else "JSON" if each[0] in "[{" else each.partition("=")[0] for each in given)
    return " -e ".join(names)


def _why(error: Any) -> str:
    from ansible.errors import AnsibleFileNotFound, AnsibleOptionsError

    from .reasons import explain, place

    if isinstance(error, AnsibleFileNotFound):
        return "does not exist: correct its name"
    if isinstance(error, AnsibleOptionsError):
        return "gives no variable a value: write name=value, a mapping as JSON, or @file"
    return f"{explain(error)}{place(error)}"
