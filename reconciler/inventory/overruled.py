"""Find what two sources of one run declare differently for one group or host: Ansible silently takes the last.

Customers with an inventory each often have a `group_vars/all.yml` each. Named together, all boxes of the first one
would get link, credentials and even the name of the last one, and nothing in their entries would contradict it.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ansible.inventory.manager import IGNORED, InventoryManager
from ansible.parsing.vault import EncryptedString
from ansible.vars.plugins import get_vars_from_path

from . import inner
from .identifying import TAKEN
from .reasons import place_of

CUSTOMER: Final = "iot_https_customer"
NAMES: Final = (CUSTOMER, *TAKEN)
"""What tells customers apart, and what each has for itself."""
_OF_ONE_BOX: Final = ("iot_https_serial",)
_WHERE: Final = ("ansible_host", "ansible_port", "iot_https_store")
"""A further inventory may know another place of a box; one inventory has two for two boxes of one name."""
_COMPARED: Final = {"group_vars": frozenset(NAMES), "host_vars": frozenset((*NAMES, *_OF_ONE_BOX, *_WHERE))}
"""What is compared of a group and of a host."""
_STAGE: Final = "task"
_YAML: Final = (".yml", ".yaml", ".json")
_Key = tuple[str, str]
"""The folder of variables (`group_vars`, `host_vars`) and the name of a group or host."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A value, and the folder of `group_vars` from which it comes; `None` where it stands in an inventory itself."""

    value: Any
    folder: str | None = None

    @property
    def path(self) -> Path | None:
        """The file in which it stands, where Ansible knows."""
        place = inner.place_of(self.value)
        return None if place is None else Path(place.path)

    def differs(self, other: _Said) -> bool:
        """Tell whether both cannot be meant. A file of variables may overrule the inventory beside which it stands."""
        if isinstance(self.value, EncryptedString) or isinstance(other.value, EncryptedString):
            return False  # link and customer beside it tell
        return str(self.value) != str(other.value) and not self._stands_in(other) and not other._stands_in(self)

    def _stands_in(self, other: _Said) -> bool:
        path = self.path if self.folder is None and other.folder is not None else None
        return path is not None and path.is_relative_to(str(other.folder))


class Inline:
    """What inventories say themselves, noted while they are read: a value is gone when the next one overrules it.

    Args:
        is_whole: every variable is noted, not only those that tell customers and boxes apart.
    """

    def __init__(self, *, is_whole: bool = False) -> None:
        self._is_whole = is_whole
        self._said: dict[_Key, dict[str, list[Any]]] = {}

    def listen(self, inventory: Any) -> None:
        """Note from now on what is set in Ansible's `InventoryData`."""
        set_variable = inventory.set_variable

        def noting(entity: str, name: str, value: Any) -> None:
            set_variable(entity, name, value)
            kind = "group_vars" if entity in inventory.groups else "host_vars"
            if self._is_whole or name in _COMPARED[kind]:
                self._said.setdefault((kind, str.__str__(entity)), {}).setdefault(str.__str__(name), []).append(value)

        inventory.set_variable = noting

    def of(self, key: _Key) -> Mapping[str, Sequence[Any]]:
        """Return the values of each variable of a group or host."""
        return self._said.get(key, {})


def read_again(sources: Iterable[str], loader: Any) -> Inline:
    """Return what the files of an inventory say themselves, for a play, which read them before anybody could note it.

    Scripts and plugins are not run again: what those say is one answer, and contradicts nothing.
    """
    inline = Inline()
    manager = InventoryManager(loader=loader, parse=False)
    inline.listen(manager._inventory)  # noqa: SLF001 - it has no other name
    for path in itertools.chain.from_iterable(map(static_files, sources)):
        if path.suffix not in _YAML or "plugin" not in (loader.load_from_file(str(path)) or {}):
            manager.parse_source(str(path))
    return inline


def static_files(source: str) -> Iterator[Path]:
    """Yield the files of a source that Ansible reads as they are: no scripts, nothing that it passes over."""
    path = Path(source)
    if "," in source or not source or not path.exists():
        return
    if path.is_dir():
        for each in sorted(path.iterdir()):
            if not IGNORED.search(os.fsencode(each.name)):
                yield from static_files(str(each))
    elif not os.access(path, os.X_OK):
        yield path


class Overruled:
    """The contradictions of an inventory.

    Args:
        sources: places of the inventory, as Ansible has them.
        inline: what was noted while they were read.
    """

    def __init__(self, loader: Any, sources: Iterable[str], inline: Inline | None) -> None:
        self._loader = loader
        self._inline = inline or Inline()
        self._sources = tuple(sources)
        self._folders = tuple(folders(self._sources))
        self._named = {kind: _named_twice(self._folders, kind) for kind in ("group_vars", "host_vars")}
        self._known: dict[_Key, dict[str, str]] = {}

    def problems(self, host: Any, groups: Iterable[Any], givers: Mapping[str, str]) -> Iterator[str]:
        """Say which values of a box stand differently elsewhere.

        Args:
            givers: group that gives each of `NAMES`, for those that a group gives.
        """
        entities = [("group_vars", each, _GROUP) for each in groups]
        for kind, each, words in (*entities, ("host_vars", host, _HOST)):
            name = str.__str__(each.name)
            found = self._of(kind, each)
            taken = [variable for variable in found if givers.get(variable, host.name) == name]
            if taken:
                yield words.format(variables=", ".join(taken), name=name, where=found[taken[0]])

    def _of(self, kind: str, entity: Any) -> Mapping[str, str]:
        key = (kind, str.__str__(entity.name))
        if key not in self._known:
            self._known[key] = dict(self._differing(key, entity))
        return self._known[key]

    def _differing(self, key: _Key, entity: Any) -> Iterator[tuple[str, str]]:
        noted = self._inline.of(key).items()
        said = {name: [_Said(value) for value in values] for name, values in noted if name in _COMPARED[key[0]]}
        if key[1] in self._named[key[0]] or said:
            for folder in self._folders:
                for name, value in self._file(folder, entity).items():
                    said.setdefault(name, []).append(_Said(value, folder))
        for name, there in said.items():
            pairs = (pair for pair in itertools.combinations(there, 2) if self._contradict(name, *pair))
            for one, two in itertools.islice(pairs, 1):
                yield name, f"{_where(one)} and {_where(two)}"

    def _contradict(self, name: str, one: _Said, two: _Said) -> bool:
        if not one.differs(two) or self._is_computed(one) or self._is_computed(two):
            return False
        return name not in _WHERE or self._source_of(one) == self._source_of(two)

    def _source_of(self, said: _Said) -> str | None:
        path = said.path
        return next((each for each in self._sources if path is not None and path.is_relative_to(each)), None)

    def _is_computed(self, said: _Said) -> bool:
        """Tell whether a plugin such as `constructed` has made a value of others, to overrule them."""
        path = said.path if said.folder is None else None
        if path is None or path.suffix not in _YAML:
            return said.folder is None and path is None and inner.PLACES_ARE_KNOWN
        return "plugin" in self._loader.load_from_file(str(path))

    def _file(self, folder: str, entity: Any) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = get_vars_from_path(self._loader, folder, [entity], _STAGE)
        except Exception:  # noqa: BLE001 - plugins raise anything, and then the boxes whose file it is tell it
            return {}
        return {name: found[name] for name in NAMES if name in found}


_GROUP: Final = (
    "{variables} of the group {name}: {where} say different things, and Ansible takes the last for all its boxes: "
    "give each customer a group of its own, customer_<customer>"
)
_HOST: Final = (
    "{variables} of {name}: {where} say different things, and Ansible takes the last: give each of two boxes a name of "
    "its own, or keep one of them"
)


def _where(said: _Said) -> str:
    return place_of(said.value).strip(" ()") or str(said.folder)


def folders(sources: Iterable[str]) -> Iterable[str]:
    """Return the folders in which Ansible looks for variables of these sources, each once."""
    there = (each for each in sources if each and os.path.exists(each))  # noqa: PTH110 - a long host list is an error
    return dict.fromkeys(each if os.path.isdir(each) else os.path.dirname(each) for each in there)  # noqa: PTH112, PTH120


def _named_twice(folders: Sequence[str], kind: str) -> frozenset[str]:
    """Return the names of which more than one folder has a file of variables."""
    first: set[str] = set()
    again: set[str] = set()
    for folder in folders:
        names = {name for each in _inside(Path(folder) / kind) for name in (each.name, each.stem)}
        again |= first & names
        first |= names
    return frozenset(again)


def _inside(folder: Path) -> Iterable[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # not there, or not to be read, which Ansible says
        return ()
