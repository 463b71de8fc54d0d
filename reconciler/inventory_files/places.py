"""Where the variables of a box or a group stand, and where new ones go."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .nodes import NotEditable
from .opened import OpenFile, real, shown_path
from .values import EditRefused

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
            if host in (opened.document.keys((*path, "hosts")) or ())
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
