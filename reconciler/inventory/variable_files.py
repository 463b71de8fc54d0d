"""Find files of variables that Ansible silently ignores: of no group or host, hidden by another, wrong suffix.

The variables in such a file reach no box, and nothing else would report it.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ansible import constants

from ..model.near import nearest, question
from .problem import Position, Problem, short

_PREFIXES: Final = ("customer_", "store_")
_NEAR: Final = 0.8
"""How alike two names are of which one is taken for a slip of the other, as `difflib` counts."""
_MOST: Final = 20
"""Files that are told of in one run; finding a near name takes a look at every name."""
_IMPLICIT: Final = "localhost"
"""A host that plays have without an inventory."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What files in one folder are named after. `names`: those of this inventory; `others`: of the other kind."""

    folder: str
    noun: str
    names: Collection[str]
    other_folder: str
    other_noun: str
    others: Collection[str]
    addresses: Mapping[str, str]


def passed_over(places: Iterable[str], groups: Collection[str], hosts: Mapping[str, str | None]) -> tuple[Problem, ...]:
    """Return a problem for each file that Ansible does not read, of very many for the first ones.

    Args:
        places: the sources of the inventory, as Ansible has them.
        groups: names of all groups.
        hosts: names of all hosts, and the address of each that is written beside it.
    """
    addresses = {address: name for name, address in hosts.items() if address is not None}
    kinds = (
        Kind("group_vars", "group", groups, "host_vars", "host", hosts.keys(), {}),
        Kind("host_vars", "host", [*hosts, _IMPLICIT], "group_vars", "group", groups, addresses),
    )
    folders = dict.fromkeys(_beside(places))
    lines = (line for folder in folders for kind in kinds for line in _in(folder / kind.folder, kind))
    told = tuple(itertools.islice(lines, _MOST + 1))
    return told if len(told) <= _MOST else (*told[:_MOST], Problem("and further files of variables are not read"))


def _beside(places: Iterable[str]) -> Iterator[Path]:
    """Yield the folders in which Ansible looks for variables of these sources."""
    for place in places:
        if os.path.isdir(place):  # noqa: PTH112 - to pathlib a long list of hosts is an error
            yield Path(place)
        elif os.path.exists(place):  # noqa: PTH110 - likewise
            yield Path(place).parent


def _in(folder: Path, kind: Kind) -> Iterator[Problem]:
    for path in _listed(folder):
        name = _name_of(path, kind.names)
        if name is None:
            yield from _of_nobody(path, kind)
        elif (first := _first(folder, name)) != path:
            taken = f"Ansible takes {first.name} for the {kind.noun} {name}"
            yield _passed(path, f"is not read, since {taken}: merge the two")
        elif path.is_dir():
            yield from _not_taken(path)


def _listed(folder: Path) -> list[Path]:
    """Return what may be meant to be read; notes, backups and hidden files are not."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:  # not there, or not to be read, which Ansible says
        return []
    ignored = tuple(constants.INVENTORY_IGNORE_EXTS)
    return [each for each in inside if not each.name.startswith(".") and not each.name.endswith((*ignored, "~"))]


def _suffixes() -> list[str]:
    return ["", *constants.YAML_FILENAME_EXTENSIONS]


def _name_of(path: Path, names: Collection[str]) -> str | None:
    """Return whose variables a file or folder holds, `None` if nobody's."""
    possible = (path.name.removesuffix(suffix) for suffix in _suffixes() if path.name.endswith(suffix))
    return next((name for name in possible if name in names), None)


def _first(folder: Path, name: str) -> Path:
    """Return what Ansible reads for a name: only the first that is there."""
    return next(each for suffix in _suffixes() if (each := folder / f"{name}{suffix}").exists())


def _not_taken(folder: Path) -> Iterator[Problem]:
    """Look through the folder of one group or host as Ansible does, which enters no folder with a suffix."""
    for path in _listed(folder):
        if path.is_dir() and not path.suffix:
            yield from _not_taken(path)
        elif path.is_dir() or path.suffix not in _suffixes():
            yield _passed(path, f"is not read: Ansible reads {_readable()} in this folder, rename it")


def _passed(path: Path, why: str) -> Problem:
    return Problem(f"{short(path)} {why}", Position(str(path), None), names_place=True)


def _readable() -> str:
    return f"{', '.join(constants.YAML_FILENAME_EXTENSIONS)} and names without a suffix"


def _of_nobody(path: Path, kind: Kind) -> Iterator[Problem]:
    stem = _stem(path)
    if stem in kind.names:
        yield _passed(path, f"is not read: Ansible reads {_readable()}, rename it")
    else:
        yield _passed(path, f"is not read, since no {kind.noun} is called {stem}: {_way_out(stem, kind)}")


def _stem(path: Path) -> str:
    """Return a name without a suffix that Ansible reads, in whatever case; names of hosts have dots, too."""
    is_readable = path.suffix.lower() in _suffixes()
    return path.stem if is_readable else path.name


def _way_out(stem: str, kind: Kind) -> str:
    if stem in kind.others:
        return f"a {kind.other_noun} is, move it to {kind.other_folder}"
    if stem in kind.addresses:
        return f"it is the address of {kind.addresses[stem]}, rename it"
    by_folded = {_folded(name): name for name in kind.names}
    near = nearest(_folded(stem), by_folded, _PREFIXES, _NEAR)
    return question([f"{kind.noun} {by_folded[each]}" for each in near]) if near else "rename it, or move it away"


def _folded(name: str) -> str:
    """Return a name as Ansible makes groups of it, in lower case."""
    return re.sub(r"\W", "_", name).strip("_").casefold()
