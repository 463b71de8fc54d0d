"""Every declaration of every variable: what groups, hosts and the command line say, overruled or not.

Ansible keeps only what counts in the end. Who asks where a value comes from, or what is wrong anywhere, needs the rest.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ansible import constants
from ansible.inventory.helpers import sort_groups

from . import inner
from .identity import ALL
from .overruled import Inline, folders
from .problem import Position, Problem
from .reasons import explain, position
from .shown import COMMAND_LINE, Giver, GiverKind

_FOLDERS: Final = {GiverKind.GROUP: "group_vars", GiverKind.HOST: "host_vars"}
_ENCRYPTED: Final = b"$ANSIBLE_VAULT;"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What somebody says of a variable.

    Args:
        value: as Ansible holds it.
        position: where it stands, `None` for what a plugin or a script says.
        is_hidden: the file is encrypted as a whole.
    """

    giver: Giver
    name: str
    value: Any
    position: Position | None
    is_hidden: bool = False


class Assignments:
    """The declarations of an inventory.

    Args:
        loader: Ansible's `DataLoader`.
        sources: places of the inventory, as Ansible has them.
        inline: everything that was noted while they were read.
        extra: variables of the command line.
    """

    def __init__(self, loader: Any, sources: Iterable[str], inline: Inline, extra: Mapping[str, Any]) -> None:
        self._loader, self._inline, self._extra = loader, inline, extra
        self._folders = tuple(folders(sources))
        self._read: dict[Path, Mapping[str, Any]] = {}
        self._hidden: dict[str, bool] = {}
        self.unread: dict[Path, Problem] = {}

    def of_host(self, host: Any) -> dict[str, list[Assignment]]:
        """Return what counts for a host, by variable, in Ansible's order: the last one is the value."""
        groups = list(sort_groups(host.get_groups()))
        everybody = [each for each in groups if each.name == ALL]
        rest = [each for each in groups if each.name != ALL]
        steps: Mapping[str, Callable[[], Iterable[Assignment]]] = {
            "all_inventory": lambda: self._said(GiverKind.GROUP, everybody),
            "groups_inventory": lambda: self._said(GiverKind.GROUP, rest),
            "all_plugins_inventory": lambda: self._filed(GiverKind.GROUP, everybody),
            "groups_plugins_inventory": lambda: self._filed(GiverKind.GROUP, rest),
        }
        found: dict[str, list[Assignment]] = {}
        ordered = (steps[each]() for each in constants.VARIABLE_PRECEDENCE if each in steps)
        of_host = (self._said(GiverKind.HOST, [host]), self._filed(GiverKind.HOST, [host]), self._of_command())
        for each in itertools.chain(*ordered, *of_host):
            found.setdefault(each.name, []).append(each)
        return found

    def everywhere(self, hosts: Iterable[Any], groups: Iterable[Any]) -> Iterator[Assignment]:
        """Yield each declaration of the inventory once."""
        for kind, entities in ((GiverKind.GROUP, list(groups)), (GiverKind.HOST, list(hosts))):
            yield from self._said(kind, entities)
            yield from self._filed(kind, entities)

    def places_of_groups(self, groups: Iterable[Any]) -> dict[str, Position]:
        """Return where something is said of each group, for those of which that is known."""
        found: dict[str, Position] = {}
        for each in self.everywhere((), groups):
            if each.position is not None:
                found.setdefault(each.giver.name, each.position)
        return found

    def _said(self, kind: GiverKind, entities: Sequence[Any]) -> Iterator[Assignment]:
        for each in entities:
            giver = Giver(kind, str.__str__(each.name))
            for name, values in self._inline.of((_FOLDERS[kind], giver.name)).items():
                for value in values:
                    yield self._assignment(giver, name, value, inner.place_of(value))

    def _filed(self, kind: GiverKind, entities: Sequence[Any]) -> Iterator[Assignment]:
        for folder in self._folders:
            for each in entities:
                giver = Giver(kind, str.__str__(each.name))
                for path in self._files(Path(folder) / _FOLDERS[kind], giver.name):
                    for name, value in self._content(path).items():
                        where = inner.place_of(value) or Position(str(path), None)
                        yield self._assignment(giver, str.__str__(name), value, where)

    def _of_command(self) -> Iterator[Assignment]:
        for name, value in self._extra.items():
            yield Assignment(COMMAND_LINE, str.__str__(name), value, None)

    def _assignment(self, giver: Giver, name: str, value: Any, where: Position | None) -> Assignment:
        return Assignment(giver, name, value, where, where is not None and self._is_hidden(where.path))

    def _files(self, folder: Path, name: str) -> Iterator[Path]:
        """Yield the files that Ansible reads for a group or a host, in its order."""
        if name[0] != os.path.sep and folder.is_dir():
            yield from map(Path, self._loader.find_vars_files(str(folder), name))

    def _content(self, path: Path) -> Mapping[str, Any]:
        """Return the variables of a file; one that cannot be read is noted."""
        if path not in self._read:
            self._read[path] = {}
            try:
                # as Ansible reads it, with which this shares what was read
                loaded = self._loader.load_from_file(str(path), cache="all", unsafe=True, trusted_as_template=True)
            except Exception as error:  # noqa: BLE001 - vault and plugins raise anything
                where = position(error) or Position(str(path), None)
                self.unread[path] = Problem(f"variables cannot be read: a file {explain(error)}", where)
            else:
                self._read[path] = loaded if isinstance(loaded, Mapping) else {}
        return self._read[path]

    def _is_hidden(self, path: str) -> bool:
        if path not in self._hidden:
            try:
                with Path(path).open("rb") as file:
                    self._hidden[path] = file.read(len(_ENCRYPTED)) == _ENCRYPTED
            except OSError:
                self._hidden[path] = False
        return self._hidden[path]
