"""Let Ansible parse the sources of an inventory, and say of each that it cannot parse why, in our own words."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ansible.inventory.manager import InventoryManager

from ..yaml_file import first_tab
from . import odoo
from .loader import Loader, variables_are_read_again
from .overruled import Inline
from .problem import Position, Problem, at
from .projects import named_project, no_source
from .quiet import AnsibleWords
from .reasons import explain, position, stopped_at, twice

_YAML: Final = (".yml", ".yaml", ".json")
_INDENTED: Final = (".yml", ".yaml")
_WITHOUT_ANY: Final = "/etc/ansible/hosts"
"""What Ansible reads where nothing names an inventory."""


def parse(
    loader: Loader, paths: Sequence[str], heard: AnsibleWords, inline: Inline
) -> tuple[InventoryManager, tuple[Problem, ...]]:
    """Return what was read, and why some of it could not be.

    Ansible warns of a source that it cannot read and goes on; here boxes would be missing, and so would their guards.
    """
    manager = InventoryManager(loader=loader, parse=False)
    inline.listen(manager._inventory)  # noqa: SLF001 - it has no other name
    problems: list[Problem] = []
    parse_one = manager.parse_source

    def parse_source(source: str, *arguments: Any, **keywords: Any) -> bool:
        before = len(problems)
        heard.failures.clear()
        loader.twice.clear()
        parsed = bool(parse_one(source, *arguments, **keywords))
        # A directory is parsed file by file through this same function.
        if len(problems) == before and loader.twice:
            problems.append(Problem(f"{source} {twice(loader.twice[0])}", position(loader.twice[0])))
        elif len(problems) == before and not parsed:
            said = odoo.told(heard.failures, source)
            problems.extend([Problem(each) for each in said] or [_unparsed(source, heard.failures)])
        return parsed

    manager.parse_source = parse_source
    manager._sources = list(paths)  # noqa: SLF001 - given to the constructor they would be parsed at once
    loader.is_lenient = variables_are_read_again()
    try:
        # as Ansible's commands do: a plugin that keeps a cache asks nobody while that is young
        manager.parse_sources(cache=True)
    except Exception as error:  # noqa: BLE001 - plugins of variables raise anything
        problems.append(Problem(f"variables cannot be read: {explain(error)}", position(error)))
    finally:
        loader.is_lenient = False
    inside = named_project(paths) if problems else None
    return manager, (Problem(inside),) if inside else tuple(problems)


def _unparsed(source: str, failures: Sequence[BaseException]) -> Problem:
    path = Path(source)
    if "," in source or not path.exists():
        return Problem(f"{source} does not exist{no_source() if source == _WITHOUT_ANY else ': correct -i'}")
    where = _stopped(path, failures)
    return Problem(f"{source} {_why(path, failures, where)}", where or Position(source, None), names_place=True)


def _why(path: Path, failures: Sequence[BaseException], where: Position | None) -> str:
    if not os.access(path, os.R_OK):
        return "cannot be read by this user: check its owner and mode"
    if path.is_dir():
        return "holds no inventory: put one in it, or correct -i"
    if os.access(path, os.X_OK):
        return "is executable, and as a script it gives no inventory: run it with --list, or chmod a-x"
    reasons = [explain(error) for error in failures]
    encrypted = next((reason.text for reason in reasons if reason.password), None)
    if encrypted is not None:
        return encrypted
    stop = next(filter(None, map(stopped_at, failures)), None)
    if stop is not None:
        return stop
    tab = _tab(path)
    if tab is not None:
        return f"has a tab at the start of line {tab}, where YAML takes spaces only: replace it"
    return f"cannot be read as an inventory{at(where)}: correct it or move it away, {listing([str(path)])} says more"


def _tab(path: Path) -> int | None:
    return first_tab(path) if path.suffix in _INDENTED else None


def _stopped(path: Path, failures: Sequence[BaseException]) -> Position | None:
    """Return the line at which reading stopped: each of Ansible's plugins has one, and the suffix says which counts."""
    if (tab := _tab(path)) is not None:
        return Position(str(path), tab)
    places = [where for where in map(position, failures) if where is not None and where.line is not None]
    return (places[0] if path.suffix in _YAML else places[-1]) if places else None


def listing(places: Sequence[str]) -> str:
    """Return Ansible's command that lists an inventory."""
    return shlex.join(["ansible-inventory", *(word for each in places for word in ("-i", each)), "--graph"])
