"""Print the rooms of a package and who imports whom: how many arrows there are to keep in mind, and no circle.

`arrows.py` shows `reconciler.box` as it stands here, `arrows.py --at COMMIT` as it was then, `arrows.py PACKAGE`
another package. A room is a file or folder right below the package. The exit status is 1 where rooms import each other
in a circle.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "reconciler.box"


@dataclass(frozen=True, slots=True)
class Rooms:
    """A package as a graph.

    Args:
        files: how many modules there are, packages' own files left out.
        imports: who imports whom, as pairs of modules.
        arrows: every room with those that it imports.
        beside: every room with what it imports from the same house, outside of the package.
    """

    package: str
    files: int
    imports: frozenset[tuple[str, str]]
    arrows: Mapping[str, frozenset[str]]
    beside: Mapping[str, frozenset[str]]

    @property
    def count(self) -> int:
        """Return how many arrows there are between rooms."""
        return sum(map(len, self.arrows.values()))

    def circle(self) -> tuple[str, ...]:
        """Return rooms that import each other in a circle, the first once more at the end; empty where none do."""
        try:
            TopologicalSorter(self.arrows).prepare()
        except CycleError as error:
            return tuple(error.args[1])
        return ()

    def lowest_first(self) -> Iterator[tuple[str, ...]]:
        """Yield the rooms by height: each imports from those before it only. Only for rooms without a circle."""
        sorter = TopologicalSorter(self.arrows)
        sorter.prepare()
        while sorter.is_active():
            ready = sorter.get_ready()
            yield tuple(sorted(ready))
            sorter.done(*ready)


def rooms(package: str, folder: Path) -> Rooms:
    """Return the rooms of a package from the source in a folder; nothing of it is run."""
    house = package.partition(".")[0]
    sys.path.insert(0, str(folder))
    try:
        graph = grimp.build_graph(house, cache_dir=None)
    finally:
        sys.path.remove(str(folder))
    inside = {module for module in graph.modules if module.startswith(f"{package}.")}
    if not inside:
        raise SystemExit(f"{package} is no package of {folder}")
    arrows: dict[str, set[str]] = {_room(module, package): set() for module in inside}
    beside: dict[str, set[str]] = {room: set() for room in arrows}
    imports = {(module, other) for module in inside for other in graph.find_modules_directly_imported_by(module)}
    for module, other in imports:
        room = _room(module, package)
        if other not in inside and other != house:
            beside[room].add(_room(other, house))
        elif other in inside and _room(other, package) != room:
            arrows[room].add(_room(other, package))
    return Rooms(
        package,
        len([module for module in inside if not graph.find_children(module)]),
        frozenset((module, other) for module, other in imports if other in inside),
        {room: frozenset(others) for room, others in arrows.items()},
        {room: frozenset(others) for room, others in beside.items()},
    )


def _room(module: str, package: str) -> str:
    return module.removeprefix(f"{package}.").partition(".")[0]


def text(found: Rooms) -> str:
    """Return the rooms with their arrows, lowest first, and the counts."""
    circle = found.circle()
    order = [tuple(sorted(found.arrows))] if circle else list(found.lowest_first())
    width = max(map(len, found.arrows)) + 2
    lines = []
    for layer in order:
        for room in layer:
            own, others = (" ".join(sorted(each[room])) for each in (found.arrows, found.beside))
            lines.append(f"{room:<{width}}-> {own or '-'}{f'  ({others})' if others else ''}")
        lines.append("")
    lines.append(f"{found.package}: {found.files} files, {len(found.arrows)} rooms")
    lines.append(f"arrows: {len(found.imports)} between files, {found.count} between rooms")
    lines.append(f"a circle: {' -> '.join(circle)}" if circle else "no circle")
    return "\n".join(lines)


@contextmanager
def _source(commit: str | None) -> Iterator[Path]:
    if commit is None:
        yield ROOT
        return
    archive = subprocess.run(("git", "archive", commit), cwd=ROOT, capture_output=True, check=False)
    if archive.returncode != 0:
        raise SystemExit(f"{commit}: {archive.stderr.decode().strip().splitlines()[-1]}")
    with tempfile.TemporaryDirectory(prefix="arrows-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            tar.extractall(folder, filter="data")
        yield Path(folder)


def main(arguments: list[str] | None = None) -> int:
    """Print it."""
    parser = argparse.ArgumentParser(description="Print the rooms of a package and who imports whom.")
    parser.add_argument("package", nargs="?", default=PACKAGE, help=f"default: {PACKAGE}")
    parser.add_argument("--at", metavar="COMMIT", help="as it was then, instead of as it stands here")
    options = parser.parse_args(arguments)
    with _source(options.at) as folder:
        found = rooms(options.package, folder)
    print(text(found))
    return 1 if found.circle() else 0


if __name__ == "__main__":
    sys.exit(main())
