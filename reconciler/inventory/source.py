"""An inventory as Ansible reads it: its hosts, which of them a limit selects, and each one's variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ansible import constants
from ansible.errors import AnsibleError
from ansible.inventory.manager import split_host_pattern
from ansible.plugins.loader import init_plugin_loader
from ansible.plugins.vars import host_group_vars
from ansible.utils.collection_loader import AnsibleCollectionConfig
from ansible.utils.path import unfrackpath
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ..model.near import nearest, question
from ..model.secret import redact
from ..model.target import Invalid
from . import odoo, variable_files
from .assignments import Assignments
from .command_line import extra_vars
from .errors import InventoryError
from .hosts import Hosts
from .loader import Loader
from .overruled import Inline
from .parsing import listing, parse
from .problem import Problem
from .quiet import AnsibleWords
from .vault import VaultOptions, open_vault

_GROUPS: Final = ("customer_", "store_")
_NAME: Final = re.compile(r"[\w.-]+")


def refuse(problems: Sequence[Problem]) -> None:
    """Raise what is wrong.

    Raises:
        InventoryError: always.
    """
    raise InventoryError(*map(str, problems))


class Source:
    """An inventory that was read.

    Args:
        sources: as after `-i`; empty leaves it to ansible.cfg.
        heard: what Ansible says meanwhile.
        extra: variables of the command line, which beat those of the inventory.
        fail: is told what is wrong; where it returns, what can be read is read.
        inline: notes what inventories say themselves; what `assignments` has of that is no more than it notes.
        may_be_empty: an inventory without a host is none that is wrong.

    Raises:
        InventoryError: a source or variable cannot be read, or there is no host.
    """

    def __init__(
        self,
        sources: Sequence[str],
        vault: VaultOptions,
        heard: AnsibleWords,
        extra: Sequence[str] = (),
        *,
        fail: Callable[[Sequence[Problem]], None] = refuse,
        inline: Inline | None = None,
        may_be_empty: bool = False,
    ) -> None:
        if AnsibleCollectionConfig.collection_finder is None:
            init_plugin_loader([])
        # What an earlier call found in the folders of variables may have changed.
        for remembered in (host_group_vars.FOUND, host_group_vars.NAK, host_group_vars.CANONICAL_PATHS):
            remembered.clear()
        self._heard = heard
        loader = Loader()
        self.places = tuple(_paths(sources))
        try:
            self.secrets = tuple(open_vault(loader, vault, heard.note))
        except InventoryError as error:
            self.secrets = ()
            fail([Problem(each) for each in error.problems])
        noted = inline or Inline()
        self._manager, problems = parse(loader, self.places, heard, noted)
        if problems:
            fail(problems)
        with extra_vars(extra):
            variables = VariableManager(loader=loader, inventory=self._manager)
        # group_vars of the folder one happens to stand in are none of the inventory's.
        variables.safe_basedir = False
        # Makes `hostvars` known to templates.
        HostVars(inventory=self._manager, variable_manager=variables, loader=loader)
        self.all = Hosts(self._manager, variables, loader, noted)
        self.assignments = Assignments(loader, self.places, noted, variables.extra_vars)
        if not self.all.hosts and not problems and not may_be_empty:
            rows = [Problem(f"{row.name}: {each}") for row in self.left_out(None) for each in row.problems]
            fail([*rows, Problem(f"no host in {', '.join(self.places)}: add boxes, or correct -i")])

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
        spelt = (pattern, *(f"{prefix}{pattern}" for prefix in _GROUPS)) if _NAME.fullmatch(pattern) else ()
        near = next(filter(None, (nearest(each, names, _GROUPS) for each in spelt)), ())
        return question(near) if near else f"{listing(self.places)} lists hosts and groups"

    @property
    def groups(self) -> Mapping[str, Any]:
        """Every group by its name, as Ansible has it."""
        groups: Mapping[str, Any] = self._manager.groups
        return groups

    def left_out(self, customers: frozenset[str | None] | None) -> tuple[Invalid, ...]:
        """Return what of databases is no host, of some customers; see `odoo`."""
        return odoo.left_out(self._manager.groups.values(), customers)

    def passed_over(self) -> tuple[Problem, ...]:
        """Return a problem for each file of variables beside the sources that Ansible does not read."""
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
