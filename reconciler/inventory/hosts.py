"""The hosts and groups of an inventory that Ansible has parsed, for the command and for a play alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ansible import constants
from ansible.inventory.helpers import sort_groups
from ansible.template import Templar
from ansible.utils.vars import combine_vars
from ansible.vars.plugins import get_vars_from_inventory_sources, get_vars_from_path

from ..model.validate import PREFIX
from .identity import ALL, Group
from .overruled import CUSTOMER, NAMES, Inline, Overruled
from .values import read_values

_STAGE: Final = "task"


class Hosts:
    """Hosts, groups, and their variables.

    Args:
        manager: Ansible's `InventoryManager`.
        variables: its `VariableManager`.
        loader: its `DataLoader`.
        inline: what was noted while the sources were read.
    """

    def __init__(self, manager: Any, variables: Any, loader: Any, inline: Inline | None = None) -> None:
        self._manager, self._variables, self._loader = manager, variables, loader
        self._templar = Templar(loader=loader)
        self._own: dict[str, Mapping[str, Any]] = {}
        self._overruled = Overruled(loader, manager._sources, inline)  # noqa: SLF001 - it has no other name
        self.hosts: tuple[Any, ...] = tuple(manager.get_hosts(ALL, ignore_limits=True, ignore_restrictions=True))

    def variables(self, host: Any, **context: Any) -> tuple[Mapping[str, Any], Callable[[Any], Any]]:
        """Return every variable of a host as Ansible holds it, and what renders a value with them.

        The renderer is good until this is called for the next host.

        Args:
            context: play and task whose variables count, too.

        Raises:
            Exception: whatever Ansible or a plugin raises where a file of variables cannot be read.
        """
        raw: Mapping[str, Any] = self._variables.get_vars(host=host, **context)
        self._templar.available_variables = raw
        return raw, self._templar.template

    def alone(self, value: Any) -> Any:
        """Render a value without any variable of a host."""
        self._templar.available_variables = {}
        return self._templar.template(value)

    def told_by_box(self, host: Any) -> tuple[str, ...]:
        """Return the variables of ours that a box itself has set by a fact; one that a play set is none of them."""
        try:
            facts = self._variables._fact_cache.get(host.name)  # noqa: SLF001 - asked for the same by Ansible itself
        except KeyError:
            return ()
        by_play = self._variables._nonpersistent_fact_cache.get(host.name, {})  # noqa: SLF001
        names = (str.__str__(name) for name in facts if constants.INJECT_FACTS_AS_VARS and name not in by_play)
        return tuple(sorted(name for name in names if name.startswith(PREFIX)))

    def groups(self) -> dict[str, Group]:
        """Return every group, with the customer that its own variables name."""
        return {
            str.__str__(group.name): Group(
                name=str.__str__(group.name),
                customer=self._customer(group),
                parents=tuple(str.__str__(each.name) for each in group.parent_groups if each.name != ALL),
            )
            for group in self._manager.groups.values()
        }

    def groups_of(self, host: Any) -> tuple[str, ...]:
        """Return the groups of a host, those above its groups included, the nearest last, without `all`."""
        return tuple(str.__str__(each.name) for each in sort_groups(host.get_groups()) if each.name != ALL)

    def givers(self, host: Any, raw: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
        """Return the group that gives a host each of these variables, for those that a group gives.

        Args:
            raw: every variable of the host, as Ansible holds it.
        """
        groups = list(sort_groups(host.get_groups()))
        found: dict[str, str] = {}
        for name in names:
            givers = [each for each in groups if name in raw and self._own_variables(each).get(name) is raw[name]]
            if givers:
                found[name] = str.__str__(givers[-1].name)
        return found

    def overruled(self, host: Any, raw: Mapping[str, Any]) -> tuple[str, ...]:
        """Return a line for each group of a host, and for itself, of which two sources say different things."""
        return tuple(self._overruled.problems(host, sort_groups(host.get_groups()), self.givers(host, raw, NAMES)))

    def _customer(self, group: Any) -> str | None:
        own = self._own_variables(group)
        if CUSTOMER not in own:
            return None
        self._templar.available_variables = dict(own)
        customer = read_values(self._templar.template, own, [CUSTOMER]).plain.get(CUSTOMER)
        return customer if isinstance(customer, str) else None

    def own_value(self, group: Any, variable: str) -> tuple[Any, object] | None:
        """Return a variable that a group says itself, as Ansible holds it and in clear; `None` where it has none."""
        own = self._own_variables(group)
        if variable not in own:
            return None
        self._templar.available_variables = dict(own)
        return own[variable], read_values(self._templar.template, own, [variable]).plain.get(variable)

    def _own_variables(self, group: Any) -> Mapping[str, Any]:
        """Return what a group says itself, in its inventory and in files; what cannot be read fails its hosts."""
        if group.name not in self._own:
            try:
                files = get_vars_from_inventory_sources(self._loader, self._manager._sources, [group], _STAGE)  # noqa: SLF001 - as Ansible's own manager of variables does it
                beside = get_vars_from_path(self._loader, self._beside_play, [group], _STAGE) if self._in_play else {}
                self._own[group.name] = combine_vars(combine_vars(group.get_vars(), files), beside)
            except Exception:  # noqa: BLE001 - plugins raise anything, and then the hosts of the group tell it
                self._own[group.name] = group.get_vars()
        return self._own[group.name]

    @property
    def _in_play(self) -> bool:
        return bool(self._variables.safe_basedir)

    @property
    def _beside_play(self) -> str:
        return str(Path(self._loader.get_basedir()).resolve())
