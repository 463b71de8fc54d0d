"""Where the variables of a box or a group stand, and where new ones go."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .nodes import NotEditable
from .opened import OpenFile, real, shown_path
from .values import EditRefused, Plain, Vaulted

ALL_BOXES: Final = "all"
_INVENTORY: Final = (".yml", ".yaml")
_VARIABLES: Final = ("", ".yml", ".yaml", ".json")
"""Endings of files of variables, of which Ansible takes the first that is there."""
_OF_FOLDER: Final = "iot_https.yml"
_NEW_INVENTORY: Final = "iot_https_boxes.yml"
_PREFIX: Final = "iot_https_"
Key = tuple[str, ...]


class Places:
    """The files of an inventory, each opened once.

    Args:
        sources: the places of the inventory, as Ansible has them.
        files: the files among these that are an inventory themselves.
    """

    def __init__(self, sources: Sequence[str], files: Sequence[Path]) -> None:
        self._open: dict[Path, OpenFile] = {}
        self.sources = tuple(Path(each) for each in sources if "," not in each)
        self.folders = tuple(dict.fromkeys(each if each.is_dir() else each.parent for each in self.sources))
        yaml = [each for each in files if each.suffix in _INVENTORY]
        self.others = tuple(each for each in files if each.suffix not in _INVENTORY)
        self.inventories: list[OpenFile] = []
        for path in yaml:
            self._add_inventory(path)

    def _add_inventory(self, path: Path) -> None:
        try:
            opened = self.opened(path)
        except NotEditable:  # what it holds is known through Ansible; a place for something new is looked for elsewhere
            return
        if "plugin" not in (opened.document.keys(()) or ()):
            self.inventories.append(opened)

    def opened(self, path: Path) -> OpenFile:
        """Return a file, which may not be there yet.

        Raises:
            NotEditable: it cannot be edited.
        """
        path = real(path)
        if path not in self._open:
            self._open[path] = OpenFile(path)
        return self._open[path]

    def new_inventory(self, folder: Path) -> OpenFile:
        """Return the file of a folder of sources that this program adds to it."""
        opened = self._editable(folder / _NEW_INVENTORY)
        if opened not in self.inventories:
            self.inventories.append(opened)
        return opened

    def every(self) -> tuple[OpenFile, ...]:
        """Return each file that was opened, in order."""
        return tuple(self._open.values())

    def groups(self) -> Iterator[tuple[OpenFile, str, Key]]:
        """Yield every place at which a file speaks of a group: the file, the group and the path to it."""
        for opened in self.inventories:
            waiting: list[Key] = [(each,) for each in opened.document.keys(()) or ()]
            while waiting:
                path = waiting.pop(0)
                yield opened, path[-1], path
                inner = (*path, "children")
                waiting += [(*inner, each) for each in opened.document.keys(inner) or ()]

    def entries(self, host: str) -> Iterator[tuple[OpenFile, Key]]:
        """Yield every place at which a file speaks of a box, those that say something of it first."""
        found = [
            (opened, (*path, "hosts", host))
            for opened, _, path in self.groups()
            if opened.document.has((*path, "hosts", host))
        ]
        yield from sorted(found, key=lambda each: not each[0].document.keys(each[1]))

    def variables_file(self, kind: str, name: str) -> OpenFile | None:
        """Return the file of variables of a group or box, `None` where there is none.

        Args:
            kind: `group_vars` or `host_vars`.

        Raises:
            EditRefused: there is one that cannot be edited.
        """
        there = (_first(folder / kind, name) for folder in self.folders)
        path = next((each for each in there if each is not None), None)
        if path is None:
            waiting = (real(folder / kind / f"{name}.yml") for folder in self.folders)
            return next((self._open[each] for each in waiting if each in self._open), None)
        if path.is_dir():
            return self._in_folder(path)
        if path.suffix == ".json":
            raise EditRefused(f"{shown_path(path)} is JSON, which is not edited: rename it to .yml, which may hold it")
        return self._editable(path)

    def new_variables_file(self, kind: str, name: str, folder: Path) -> OpenFile:
        """Return a new file of variables."""
        return self._editable(folder / kind / f"{name}.yml")

    def put_into(self, opened: OpenFile, path: Key, entry: Plain | Vaulted | None) -> None:
        """Want an entry in a file.

        Raises:
            EditRefused: it cannot stand there.
        """
        try:
            opened.put(path, entry)
        except NotEditable as error:
            raise EditRefused(f"{shown_path(opened.path)} {error}: see {path[-1]}, and add it by hand") from None

    def folder(self, near: Path | None) -> Path:
        """Return the folder in which Ansible looks for variables: that of a source, the near one if it is one.

        Raises:
            EditRefused: no source has a folder.
        """
        folders = self.folders
        folder = near if near in folders else next(iter(folders), None)
        if folder is None:
            raise EditRefused("an inventory that is a list of hosts has no files: name a file or folder with -i")
        return folder

    def add_key(self, group: str, below: Key, noun: str, name: str) -> None:
        """Add a key below a group, in a file that speaks of the group, or in a new one of a folder.

        Args:
            below: the kind of what is added, `children` or `hosts`, and its name.

        Raises:
            EditRefused: no file can take it.
        """
        there = [(file, path) for file, each, path in self.groups() if each == group]
        there.sort(key=lambda each: not each[0].document.keys((*each[1], below[0])))
        if any(put(file, (*path, *below), None) for file, path in there):
            return
        if there:
            where = shown_path(there[0][0].path)
            raise EditRefused(f"{where} cannot take the {noun} {name} below {group}: add it by hand")
        self._add_to_new(group, below, noun, name)

    def _add_to_new(self, group: str, below: Key, noun: str, name: str) -> None:
        folder = next((each for each in self.sources if each.is_dir()), None)
        if group == ALL_BOXES and self.inventories:
            self.put_into(self.inventories[0], below[1:] if below[0] == "children" else (group, *below), None)
        elif folder is not None:
            path = (group, *below) if group == ALL_BOXES else (ALL_BOXES, "children", group, *below)
            self.put_into(self.new_inventory(folder), path, None)
        else:
            where = ", ".join(map(shown_path, self.sources)) or "a list of hosts"
            raise EditRefused(f"{where} is no YAML that has the group {group}: add the {noun} {name} by hand")

    def _in_folder(self, folder: Path) -> OpenFile:
        """Return the file of a folder that has variables of ours, or else a new one."""
        for path in sorted(folder.iterdir()):
            if path.suffix in _INVENTORY and path.is_file() and not path.name.startswith("."):
                try:
                    opened = self.opened(path)
                except NotEditable:
                    continue
                if any(each.startswith(_PREFIX) for each in opened.document.keys(()) or ()):
                    return opened
        return self._editable(folder / _OF_FOLDER)

    def _editable(self, path: Path) -> OpenFile:
        try:
            return self.opened(path)
        except NotEditable as error:
            raise EditRefused(f"{shown_path(path)} {error}") from None


def put(opened: OpenFile, path: Key, value: Any) -> bool:
    """Want an entry; return whether it can stand there."""
    try:
        opened.put(path, value)
    except NotEditable:
        return False
    return True


def _first(folder: Path, name: str) -> Path | None:
    found = (folder / f"{name}{suffix}" for suffix in _VARIABLES)
    return next((each for each in found if os.path.lexists(each)), None)
