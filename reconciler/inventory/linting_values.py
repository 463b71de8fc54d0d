"""Look at each declaration of an inventory by itself: also at one that is overruled, or that reaches no box."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Final

from ansible import constants
from ansible.plugins.loader import become_loader, connection_loader, shell_loader

from ..model.near import nearest, question
from ..model.validate import PREFIX, unknown_variable
from ..model.variables import VARIABLES
from .assignments import Assignment
from .linted import Flaws, Level, Rule
from .problem import Problem
from .secrecy import holds_password, may_be_read
from .source import Source
from .unfilled import WORD
from .values import encrypted_within, read_values

_PROXY: Final = f"{PREFIX}proxy"
_CLOSE: Final = 0.9
"""How alike a name must be to one of ours to be taken for a slip of it: other programs have variables, too."""
_PLUGINS: Final = {"connection": connection_loader, "become": become_loader, "shell": shell_loader}


def look(source: Source, connection: Collection[str], flaws: Flaws) -> None:
    """Find variables nobody knows, values that cannot be decrypted, secrets in clear, and gaps.

    Args:
        connection: the variables of Ansible that count here.
    """
    known = _known_to_ansible() | set(connection)
    for each in source.assignments.everywhere(source.all.hosts, source.groups.values()):
        if (told := _unknown(each.name, known)) is not None:
            level = Level.ERROR if each.name.startswith(PREFIX) else Level.WARNING
            flaws.add(level, Rule.UNKNOWN, Problem(told, each.position), *_box(each))
        if isinstance(each.value, str) and each.value == WORD:
            flaws.add(Level.WARNING, Rule.UNFILLED, Problem(f"replace {WORD} in {each.name}", each.position))
        _look_at_vault(source, each, connection, flaws)
        if _is_in_clear(each, connection):
            way_out = f"put there what ansible-vault encrypt_string --name {each.name} prints"
            told = f"{each.name} holds a secret that is not encrypted: {way_out}"
            flaws.add(Level.WARNING, Rule.PLAINTEXT, Problem(told, each.position), *_box(each))
    for problem in source.assignments.unread.values():
        flaws.add(Level.ERROR, Rule.ENTRY, problem)


def _box(said: Assignment) -> tuple[str, ...]:
    return (said.giver.name,) if said.giver.is_host else ()


def _look_at_vault(source: Source, said: Assignment, connection: Collection[str], flaws: Flaws) -> None:
    is_ours = said.name.startswith(PREFIX) or said.name in connection
    for value in encrypted_within(said.value):
        for problem in read_values(source.all.alone, {said.name: value}, [said.name]).problems():
            where = problem.position or said.position
            level = Level.ERROR if is_ours else Level.WARNING
            flaws.add(level, Rule.VAULT, Problem(problem.text, where), *_box(said))


def _is_in_clear(said: Assignment, connection: Collection[str]) -> bool:
    """Tell whether a file that anybody who has the inventory can read holds a secret."""
    value, where = said.value, said.position
    if not isinstance(value, str) or said.is_hidden or where is None or os.access(where.path, os.X_OK):
        return False
    if "{{" in value or value == WORD or not value:
        return False
    if said.name in VARIABLES and said.name != _PROXY:
        return VARIABLES[said.name].secret
    if said.name in connection and not may_be_read(said.name):
        return True
    return (said.name == _PROXY or said.name in connection) and holds_password(value)


def _unknown(name: str, known: Collection[str]) -> str | None:
    """Say which variable is meant by a name that nobody knows; `None` for one that may be somebody else's."""
    if name in VARIABLES or name in known:
        return None
    if name.startswith(PREFIX):
        return unknown_variable(name)
    if name.startswith("iot"):
        near = nearest(name.replace("-", "_"), VARIABLES, cutoff=_CLOSE)
    elif name.startswith("ansible"):
        near = nearest(name, known, cutoff=_CLOSE)
    else:
        return None
    return f"{name} is not a known variable: {question(near)}" if near else None


def _known_to_ansible() -> frozenset[str]:
    """Return the variables that settings of Ansible and of its own plugins have."""
    settings = constants.config
    tables = [settings.get_configuration_definitions()]
    for kind, plugins in _PLUGINS.items():
        # the definitions of a plugin are known once it is loaded
        list(plugins.all(class_only=True))
        tables += settings.get_configuration_definitions(kind).values()
    return frozenset(str(each["name"]) for table in tables for one in table.values() for each in one.get("vars") or ())
