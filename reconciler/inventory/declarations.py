"""What an inventory declares of its boxes and groups, and where: for whoever adds to it and must not overrule it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..model.secret import Secret
from . import inner
from .command_line import CommandLine
from .decrypted import each_text_once
from .encrypting import Encrypter
from .fleet import Inventory
from .hosts import Hosts
from .identity import ALL
from .overruled import static_files
from .quiet import quiet
from .reading import read_all
from .source import Source
from .values import read_values
from .vault import VaultOptions


@dataclass(frozen=True, slots=True)
class Declaration:
    """A value that somebody declared.

    Args:
        giver: the group that gives it, `None` for a box's own.
        path: the file in which it stands, where Ansible knows.
        line: from 1 on.
        value: in clear; `None` where it cannot be read here.
        is_read: it could be read, so that `None` is what was declared.
    """

    giver: str | None
    path: str | None
    line: int | None
    value: object = field(repr=False)
    is_read: bool = True

    def equals(self, value: object) -> bool:
        """Tell whether it is this value, which may be a `Secret`."""
        if isinstance(value, Secret):
            return isinstance(self.value, str) and Secret(self.value) == value
        return self.value is not None and type(self.value) is type(value) and self.value == value


class Declarations:
    """An inventory as it is declared.

    Args:
        source: the inventory as Ansible reads it.
        encrypter: encrypts what is to be added.
    """

    def __init__(self, source: Source, encrypter: Encrypter) -> None:
        self._all: Hosts = source.all
        self.places: tuple[str, ...] = source.places
        self.encrypter = encrypter
        self._hosts: Mapping[str, Any] = {str.__str__(host.name): host for host in self._all.hosts}
        self._groups: Mapping[str, Any] = {str.__str__(name): each for name, each in source.groups.items()}
        self._last: tuple[str, Mapping[str, Any], Any] | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every box."""
        return tuple(self._hosts)

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group, those that plugins make included."""
        return tuple(self._groups)

    def files(self) -> tuple[Path, ...]:
        """Return the files that are an inventory by themselves: no scripts, nothing that Ansible passes over."""
        return tuple(dict.fromkeys(path for place in self.places for path in static_files(place)))

    def folder_of(self, host: str) -> Path | None:
        """Return the folder of the inventory that names a box first, where Ansible knows."""
        told = self._hosts[host].vars.get("inventory_dir") if host in self._hosts else None
        return Path(str.__str__(told)) if isinstance(told, str) else None

    def hosts_of(self, group: str) -> tuple[str, ...]:
        """Return the boxes of a group, those of the groups below it included."""
        return (
            tuple(str.__str__(each.name) for each in self._groups[group].get_hosts()) if group in self._groups else ()
        )

    def of_host(self, host: str, variable: str) -> Declaration | None:
        """Return what a box has, from wherever; for a box that is not there, what every box has."""
        if host not in self._hosts:
            return self._of_all(variable)
        raw, template = self._raw(host)
        if variable not in raw:
            return None
        values = read_values(template, raw, [variable])
        giver = self._all.givers(self._hosts[host], raw, [variable]).get(variable)
        return _declaration(raw[variable], values.plain.get(variable), giver, is_read=variable in values.plain)

    def of_every_host(self, variables: Sequence[str]) -> dict[str, dict[str, Declaration]]:
        """Return what every box has of some variables; each distinct encrypted text is decrypted once."""
        with each_text_once():
            return {
                host: {name: found for name in variables if (found := self.of_host(host, name)) is not None}
                for host in self._hosts
            }

    def of_group(self, group: str, variable: str) -> Iterator[Declaration]:
        """Yield what a value of a group would overrule, or would be overruled by in ways that nobody foresees.

        That is what the group says itself, the groups above it, and other groups of its boxes; not what a box or a
        group below it says, which counts for fewer boxes on purpose.
        """
        if group not in self._groups:
            every = self._of_all(variable)
            yield from () if every is None else (every,)
            return
        above = [self._groups[group], *self._groups[group].get_ancestors()]
        for each in above:
            if (own := self._own(each, variable)) is not None:
                yield own
        if group == ALL:  # every other group is below it
            return
        below = {str.__str__(each.name) for each in self._groups[group].get_descendants()}
        known = {str.__str__(each.name) for each in above} | below
        for host in self.hosts_of(group):
            found = self.of_host(host, variable)
            if found is not None and found.giver is not None and found.giver not in known:
                yield found

    def _of_all(self, variable: str) -> Declaration | None:
        return self._own(self._groups[ALL], variable)

    def _own(self, group: Any, variable: str) -> Declaration | None:
        self._last = None  # templates are filled in from one place at a time
        own = self._all.own_value(group, variable)
        return None if own is None else _declaration(own[0], own[1], str.__str__(group.name))

    def _raw(self, host: str) -> tuple[Mapping[str, Any], Any]:
        if self._last is None or self._last[0] != host:
            with quiet():
                self._last = (host, *self._all.variables(self._hosts[host]))
        return self._last[1], self._last[2]


def _declaration(raw: Any, plain: object, giver: str | None, *, is_read: bool = True) -> Declaration:
    place = inner.place_of(raw)
    path, line = (None, None) if place is None else (place.path, place.line)
    return Declaration(giver, path, line, plain, is_read)


def read_declarations(sources: Sequence[str], vault: VaultOptions, encrypt_vault_id: str | None = None) -> Declarations:
    """Read what an inventory declares; one without any box is no error.

    Raises:
        InventoryError: it cannot be read.
    """
    with quiet() as heard, each_text_once():
        source = Source(sources, vault, heard, may_be_empty=True)
        return Declarations(source, Encrypter(source.secrets, encrypt_vault_id))


def read_both(
    sources: Sequence[str],
    limit: str | None,
    patterns: Sequence[str],
    vault: VaultOptions,
    *,
    said: CommandLine,
    encrypt_vault_id: str | None,
) -> tuple[Inventory, Declarations]:
    """Read an inventory once for its boxes and for what it declares; see `load_and_declared`."""
    inventory, source = read_all(sources, limit, patterns, vault, said)
    return inventory, Declarations(source, Encrypter(source.secrets, encrypt_vault_id))
