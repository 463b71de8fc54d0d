"""The files of an inventory, edited: what is new is added where it belongs, what somebody declared is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..inventory import NO_VAULT, VaultOptions
from ..model.names import shown
from .opened import Edit, shown_path
from .places import ALL_BOXES, Places, put
from .showing import shown_edits
from .values import (
    EditRefused,
    Encrypted,
    NewValue,
    Plain,
    Vaulted,
    refuse_group,
    refuse_host,
    refuse_variable,
)
from .writing import write

if TYPE_CHECKING:
    from ..inventory.declarations import Declaration, Declarations


class AlreadyDeclared(EditRefused):
    """Somebody declared another value, which is not overruled.

    Args:
        path: the file, `None` where Ansible does not know it.
        line: from 1 on, `None` where it is not known.
    """

    def __init__(self, text: str, path: str | None, line: int | None) -> None:
        super().__init__(text)
        self.path = path
        self.line = line


class InventoryFiles:
    """An inventory to be edited. Nothing is written before `write`.

    Args:
        known: what the inventory declares.
    """

    def __init__(self, known: Declarations) -> None:
        self._known = known
        self._places = Places(known.places, known.files())
        self._new: dict[tuple[str, str], dict[str, NewValue]] = {}
        """Variables that were set here, by kind and name of what they are of."""
        self._members: set[tuple[str, str]] = set()

    @classmethod
    def open(
        cls, sources: Sequence[str], vault: VaultOptions = NO_VAULT, encrypt_vault_id: str | None = None
    ) -> InventoryFiles:
        """Read an inventory.

        Args:
            sources: as after `-i`; empty leaves it to ansible.cfg.
            encrypt_vault_id: which vault password encrypts, as after Ansible's option of this name.

        Raises:
            InventoryError: it cannot be read.
        """
        from ..inventory import declared

        return cls(declared(sources, vault=vault, encrypt_vault_id=encrypt_vault_id))

    def set_host(self, host: str, variable: str, value: NewValue) -> bool:
        """Declare a variable of a box; return whether that changes anything.

        Raises:
            AlreadyDeclared: it has another value, from wherever.
            EditRefused: it cannot be declared.
        """
        self._refuse_unknown("host_vars", host, self._known.hosts, "box")
        refuse_variable(variable, value)
        found = self._known.of_host(host, variable)
        if not self._is_new("host_vars", host, variable, value, [found] if found else []):
            return False
        entry = self._entry(value)
        opened = self._places.variables_file("host_vars", host)
        if opened is None:
            if any(put(file, (*path, variable), entry) for file, path in self._places.entries(host)):
                return True
            opened = self._places.new_variables_file(
                "host_vars", host, self._places.folder(self._known.folder_of(host))
            )
        self._places.put_into(opened, (variable,), entry)
        return True

    def set_group(self, group: str, variable: str, value: NewValue) -> bool:
        """Declare a variable of a group; return whether that changes anything.

        Raises:
            AlreadyDeclared: the group, one above it, or another group of one of its boxes says something else.
            EditRefused: it cannot be declared.
        """
        self._refuse_unknown("group_vars", group, self._known.groups, "group")
        refuse_variable(variable, value)
        if not self._is_new("group_vars", group, variable, value, list(self._known.of_group(group, variable))):
            return False
        entry = self._entry(value)
        opened = self._places.variables_file("group_vars", group)
        if opened is None:
            there = [(file, path) for file, name, path in self._places.groups() if name == group]
            inline = [(file, (*path, "vars")) for file, path in there if file.document.is_block((*path, "vars"))]
            if any(put(file, (*path, variable), entry) for file, path in inline):
                return True
            folder = self._places.folder(there[0][0].path.parent if there else None)
            opened = self._places.new_variables_file("group_vars", group, folder)
        self._places.put_into(opened, (variable,), entry)
        return True

    def add_group(self, group: str, parent: str | None = None, *, by_plugin: bool = False) -> bool:
        """Declare a group; return whether that changes anything.

        Args:
            parent: the group above it, `None` for none but `all`.
            by_plugin: a plugin such as `constructed` will make it of variables of its boxes, so that only its
                variables are written.

        Raises:
            EditRefused: it cannot be declared.
        """
        refuse_group(group)
        if group in self._groups():
            return False
        self._new[("group_vars", group)] = {}
        if by_plugin:
            return True
        if parent is not None and parent not in self._groups():
            raise EditRefused(f"no group {shown(parent)} is in the inventory: correct its name")
        self._places.add_key(parent or ALL_BOXES, ("children", group), "group", group)
        return True

    def add_host(self, group: str, host: str, variables: Mapping[str, NewValue]) -> bool:
        """Declare a box in a group, with variables of its own; return whether that changes anything.

        Raises:
            AlreadyDeclared: it is there already, or a group says something else of a variable.
            EditRefused: it cannot be declared.
        """
        refuse_host(host)
        if group not in self._groups():
            raise EditRefused(f"no group {shown(group)} is in the inventory: correct its name")
        if host in self._known.hosts or ("host_vars", host) in self._new:
            raise AlreadyDeclared(f"{host} is in the inventory: choose another name for a new box", None, None)
        if host in self._groups():
            raise EditRefused(f"{shown(host)} is a group of the inventory: choose another name for a new box")
        for variable, value in variables.items():
            refuse_variable(variable, value)
        self._new[("host_vars", host)] = {}
        self._members.add((group, host))
        self._places.add_key(group, ("hosts", host), "box", host)
        for variable, value in variables.items():
            if not any(each.equals(_compared(value)) for each in self._known.of_group(group, variable)):
                self.set_host(host, variable, value)
        return True

    def add_member(self, group: str, host: str) -> bool:
        """Put a box that is there into a further group; return whether that changes anything.

        Raises:
            EditRefused: it cannot be put there.
        """
        self._refuse_unknown("host_vars", host, self._known.hosts, "box")
        if group not in self._groups():
            raise EditRefused(f"no group {shown(group)} is in the inventory: correct its name")
        if host in self._known.hosts_of(group) or (group, host) in self._members:
            return False
        self._members.add((group, host))
        self._places.add_key(group, ("hosts", host), "box", host)
        return True

    def edits(self) -> tuple[Edit, ...]:
        """Return how each file changes.

        Raises:
            EditRefused: a file cannot be edited as meant.
        """
        return tuple(edit for opened in self._places.every() if (edit := opened.edit()) is not None)

    def diff(self) -> str:
        """Return all changes as a unified diff, secrets masked; empty where there are none."""
        return shown_edits(self.edits())

    def write(self) -> tuple[Path, ...]:
        """Write what changes, each file in one step; return which ones.

        Raises:
            EditRefused: a file cannot be written, or was changed meanwhile.
        """
        edits = self.edits()
        write(edits)
        return tuple(each.path for each in edits)

    def _groups(self) -> set[str]:
        return {*self._known.groups, *(name for kind, name in self._new if kind == "group_vars")}

    def _refuse_unknown(self, kind: str, name: str, known: Sequence[str], noun: str) -> None:
        if name not in known and (kind, name) not in self._new:
            raise EditRefused(f"no {noun} {shown(name)} is in the inventory: correct its name, or add it")
        refuse_host(name) if kind == "host_vars" else refuse_group(name)

    def _is_new(self, kind: str, name: str, variable: str, value: NewValue, found: Sequence[Declaration]) -> bool:
        """Tell whether a value is new; what is declared already needs nothing.

        Raises:
            AlreadyDeclared: something else is declared.
        """
        said = self._new.setdefault((kind, name), {})
        if variable in said:
            if said[variable] == value:
                return False
            raise AlreadyDeclared(f"{variable} of {name} was set twice, to different values", None, None)
        for each in found:
            if not each.equals(_compared(value)):
                giver = f" by the group {each.giver}" if each.giver and each.giver != name else ""
                where = f" ({shown_path(Path(each.path))}{f':{each.line}' if each.line else ''})" if each.path else ""
                text = f"{variable} of {name} is declared{giver}{where}, with another value: correct it there"
                raise AlreadyDeclared(text, each.path, each.line)
        said[variable] = value
        return not found

    def _entry(self, value: NewValue) -> Plain | Vaulted:
        return Vaulted(self._known.encrypter(value.secret)) if isinstance(value, Encrypted) else value


def _compared(value: NewValue) -> object:
    return value.secret if isinstance(value, Encrypted) else value
