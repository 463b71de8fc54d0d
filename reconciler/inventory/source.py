"""An inventory as Ansible reads it: its hosts, which of them a limit selects, and each one's variables."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ansible import constants
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager, split_host_pattern
from ansible.plugins.loader import init_plugin_loader
from ansible.plugins.vars import host_group_vars
from ansible.utils.collection_loader import AnsibleCollectionConfig
from ansible.utils.path import unfrackpath
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ..model.near import nearest, question
from ..model.secret import redact
from ..model.target import Invalid
from ..yaml_file import first_tab
from . import odoo, variable_files
from .command_line import extra_vars
from .errors import InventoryError
from .hosts import Hosts
from .loader import Loader, variables_are_read_again
from .overruled import Inline
from .projects import named_project, no_source
from .quiet import AnsibleWords
from .reasons import explain, place, stopped_at, twice
from .vault import VaultOptions, open_vault

_YAML: Final = (".yml", ".yaml", ".json")
_INDENTED: Final = (".yml", ".yaml")
_GROUPS: Final = ("customer_", "store_")
_NAME: Final = re.compile(r"[\w.-]+")
_WITHOUT_ANY: Final = "/etc/ansible/hosts"
"""What Ansible reads where nothing names an inventory."""


class Source:
    """An inventory that was read.

    Args:
        sources: as after `-i`; empty leaves it to ansible.cfg.
        heard: what Ansible says meanwhile.
        extra: variables of the command line, which beat those of the inventory.

    Raises:
        InventoryError: a source or variable cannot be read, or there is no host.
    """

    def __init__(
        self, sources: Sequence[str], vault: VaultOptions, heard: AnsibleWords, extra: Sequence[str] = ()
    ) -> None:
        if AnsibleCollectionConfig.collection_finder is None:
            init_plugin_loader([])
        # What an earlier call found in the folders of variables may have changed.
        for remembered in (host_group_vars.FOUND, host_group_vars.NAK, host_group_vars.CANONICAL_PATHS):
            remembered.clear()
        self._heard = heard
        loader = Loader()
        open_vault(loader, vault, heard.note)
        self.places = tuple(_paths(sources))
        inline = Inline()
        self._manager = _parse(loader, self.places, heard, inline)
        with extra_vars(extra):
            variables = VariableManager(loader=loader, inventory=self._manager)
        # group_vars of the folder one happens to stand in are none of the inventory's.
        variables.safe_basedir = False
        # Makes `hostvars` known to templates.
        HostVars(inventory=self._manager, variable_manager=variables, loader=loader)
        self.all = Hosts(self._manager, variables, loader, inline)
        if not self.all.hosts:
            rows = [f"{row.name}: {problem}" for row in self.left_out(None) for problem in row.problems]
            raise InventoryError(*rows, f"no host in {', '.join(self.places)}: add boxes, or correct -i")

    def select(self, limit: str | None, patterns: Sequence[str] = ()) -> frozenset[str]:
        """Return the names of the hosts that any of the patterns selects, and a limit, too.

        Ansible has no way to write this as one: in `a:&b,c` the comma comes first, and `c` is chosen whatever `a` is.

        Raises:
            InventoryError: one of them is empty, cannot be read, or matches no host; or both have no host in common.
        """
        _refuse_lonely(patterns)
        chosen = [frozenset().union(*(self._matching("pattern", each) for each in patterns))] if patterns else []
        if limit is not None or not patterns:
            chosen.append(self._matching("--limit", limit))
        selected = frozenset.intersection(*chosen)
        if not selected:
            both = f"--limit {limit} and pattern {' '.join(patterns)}"
            raise InventoryError(f"{both} match no host in common: correct one of them")
        return selected

    def _matching(self, noun: str, limit: str | None) -> frozenset[str]:
        if limit is not None:
            _refuse_empty(noun, limit)
        try:
            self._manager.subset(limit)
            selected = frozenset(str.__str__(host.name) for host in self._manager.get_hosts("all"))
        except AnsibleError as error:
            raise InventoryError(f"{noun} {limit}: {redact(str(error))}") from None
        finally:
            self._manager.subset(None)
        if not selected:
            self._heard.forget_unmatched(str(limit))
            number = len(self.all.hosts)
            matches = f"matches none of the {number} hosts" if number > 1 else "does not match the only host"
            raise InventoryError(f"{noun} {limit} {matches}: {self._meant(str(limit))}")
        return selected

    def _meant(self, pattern: str) -> str:
        names = {str.__str__(each.name) for each in (*self.all.hosts, *self._manager.groups.values())}
        near = nearest(pattern, names, _GROUPS) if _NAME.fullmatch(pattern) else ()
        return question(near) if near else f"{_listing(self.places)} lists hosts and groups"

    def left_out(self, customers: frozenset[str | None] | None) -> tuple[Invalid, ...]:
        """Return what of databases is no host, of some customers; see `odoo`."""
        return odoo.left_out(self._manager.groups.values(), customers)

    def passed_over(self) -> tuple[str, ...]:
        """Return a line for each file of variables beside the sources that Ansible does not read."""
        names = [str.__str__(name) for name in self._manager.groups]
        addresses = {str.__str__(host.name): _address(host) for host in self.all.hosts}
        return variable_files.passed_over(self.places, frozenset(names), addresses)


def _address(host: Any) -> str | None:
    """Return the address that stands beside a host, if it is no template or secret."""
    address = host.vars.get("ansible_host")
    return str.__str__(address) if isinstance(address, str) else None


def _paths(sources: Sequence[str]) -> list[str]:
    """Return absolute paths and host lists as they are, those of ansible.cfg where none is given.

    Raises:
        InventoryError: one is empty, which Ansible takes for the folder one happens to stand in.
    """
    if any(not each.strip() for each in sources):
        raise InventoryError("-i names nothing: name an inventory, or leave it out for that of ansible.cfg")
    given = list(sources) or [str(each) for each in constants.DEFAULT_HOST_LIST]
    return [each if "," in each else str(unfrackpath(each, follow=False)) for each in given]


def _parse(loader: Loader, paths: Sequence[str], heard: AnsibleWords, inline: Inline) -> Any:
    """Read the sources.

    Ansible warns of one that it cannot read and goes on; here boxes would be missing, and so would their guards.

    Raises:
        InventoryError: has a line for each source that cannot be read.
    """
    manager = InventoryManager(loader=loader, parse=False)
    inline.listen(manager._inventory)  # noqa: SLF001 - it has no other name
    problems: list[str] = []
    parse = manager.parse_source

    def parse_source(source: str, *arguments: Any, **keywords: Any) -> bool:
        before = len(problems)
        heard.failures.clear()
        loader.twice.clear()
        parsed = bool(parse(source, *arguments, **keywords))
        # A directory is parsed file by file through this same function.
        if len(problems) == before and loader.twice:
            problems.append(f"{source} {twice(loader.twice[0])}{place(loader.twice[0])}")
        elif len(problems) == before and not parsed:
            problems.extend(odoo.told(heard.failures, source) or [f"{source} {_unparsed(source, heard.failures)}"])
        return parsed

    manager.parse_source = parse_source
    manager._sources = list(paths)  # noqa: SLF001 - given to the constructor they would be parsed at once
    loader.is_lenient = variables_are_read_again()
    try:
        # as Ansible's commands do: a plugin that keeps a cache asks nobody while that is young
        manager.parse_sources(cache=True)
    except Exception as error:  # noqa: BLE001 - plugins of variables raise anything
        problems.append(f"variables cannot be read: {explain(error)}{place(error)}")
    finally:
        loader.is_lenient = False
    if problems:
        inside = named_project(paths)
        raise InventoryError(*((inside,) if inside else problems))
    return manager


def _unparsed(source: str, failures: Sequence[BaseException]) -> str:
    path = Path(source)
    if "," in source or not path.exists():
        return f"does not exist{no_source() if source == _WITHOUT_ANY else ': correct -i'}"
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
    tab = first_tab(path) if path.suffix in _INDENTED else None
    if tab is not None:
        return f"has a tab at the start of line {tab}, where YAML takes spaces only: replace it"
    places = [where for where in map(place, failures) if ":" in where]
    where = (places[0] if source.endswith(_YAML) else places[-1]) if places else ""
    return f"cannot be read as an inventory{where}: correct it or move it away, {_listing([source])} says more"


def _listing(places: Sequence[str]) -> str:
    """Return Ansible's command that lists an inventory."""
    return shlex.join(["ansible-inventory", *(word for each in places for word in ("-i", each)), "--graph"])


def _refuse_lonely(patterns: Sequence[str]) -> None:
    """Refuse a part of a pattern that stands by itself: it would add all that it does not name."""
    parts = [each for each in patterns if each.startswith(("!", "&"))]
    if parts and len(patterns) > 1:
        first = next((each for each in patterns if each not in parts), "all")
        raise InventoryError(f"pattern {parts[0]} belongs to another one: write '{first}:{parts[0]}' as one word")


def _refuse_empty(noun: str, limit: str) -> None:
    """Refuse a limit without a pattern: to Ansible it is every host, to a person an empty variable or file."""
    patterns = [pattern for each in split_host_pattern(limit) for pattern in _expand(noun, each)]
    if not any(pattern.strip() for pattern in patterns):
        raise InventoryError(f"{noun} {limit or repr('')} names nothing: name hosts or groups, or leave it out for all")


def _expand(noun: str, pattern: str) -> list[str]:
    if not pattern.startswith("@"):
        return [pattern]
    try:
        return Path(pattern[1:]).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise InventoryError(f"{noun} {pattern}: the file cannot be read: correct its name, or its mode") from None
