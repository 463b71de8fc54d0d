"""Put the collection iot_https.fleet together in a folder: plain files without links, and only what it needs.

One file and the standard library only: the build of the wheel loads it by its path.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

FILES = ("galaxy.yml", "CHANGELOG.md", "LICENSE")
FOLDERS = ("meta", "playbooks", "plugins", "roles")
OWN = "tools/collection/own"
"""What the collection has at a place where the repository has something else: a README, and settings for its tests."""
IGNORED = "tests/sanity/ignore-*.txt"
"""What ansible-test leaves out. It knows no folders there; one that ends with a slash is written as its files."""
PACKAGE = "reconciler"
CARRIED = f"plugins/module_utils/{PACKAGE}"
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_LEFT_OUT = re.compile(r"^build_ignore:\n(?: .*\n)+", re.MULTILINE)
"""What of a repository is no part of its collection: here it is left out already."""

Name = tuple[str, ...]
"""A module below the package, such as `("role", "task")`; `()` is the package itself."""


class NotStaged(Exception):
    """The collection cannot be put together; the text is one line."""


def stage(root: Path, into: Path) -> None:
    """Write the collection into a folder, which is made; it may be there if it is empty.

    Args:
        root: of the checkout, or of an unpacked source distribution.
        into: what Ansible is to find as `ansible_collections/iot_https/fleet`.

    Raises:
        NotStaged: the folder holds something, or the package is not whole.
    """
    if into.exists() and any(into.iterdir()):
        raise NotStaged(f"{into} is not empty: name another folder, or empty it")
    into.mkdir(parents=True, exist_ok=True)
    for source, name in sources(root):
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o644)
    for folder in (into, *(each for each in into.rglob("*") if each.is_dir())):
        folder.chmod(0o755)
    for ignored in into.glob(IGNORED):
        ignored.write_text("".join(_each_file(ignored.read_text(encoding="utf-8"), into)), encoding="utf-8")
    for page in into.rglob("*.md"):
        page.write_text(_without_dead_links(page), encoding="utf-8")
    galaxy = into / "galaxy.yml"
    galaxy.write_text(_LEFT_OUT.sub("", galaxy.read_text(encoding="utf-8")), encoding="utf-8")


def sources(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file of the collection: where it comes from, and its path in there."""
    for name in FILES:
        yield root / name, name
    for folder in FOLDERS:
        yield from _plain(root / folder, f"{folder}/")
    package = root / PACKAGE
    for path in closure(package, ways_in(root / "plugins")):
        yield path, f"{CARRIED}/{path.relative_to(package).as_posix()}"
    yield from _plain(root / OWN, "")


def _plain(folder: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    """Yield the files below a folder, without links, hidden ones and what Python leaves there."""
    for path in folder.iterdir():
        if path.is_symlink() or path.name.startswith(".") or path.name == "__pycache__" or path.suffix == ".pyc":
            continue
        if path.is_dir():
            yield from _plain(path, f"{prefix}{path.name}/")
        else:
            yield path, f"{prefix}{path.name}"


def _each_file(lines: str, into: Path) -> Iterator[str]:
    for line in lines.splitlines(keepends=True):
        path, _, rest = line.partition(" ")
        files = sorted((into / path).rglob("*.py")) if path.endswith("/") else [into / path]
        yield from (f"{file.relative_to(into).as_posix()} {rest}" for file in files)


def _without_dead_links(page: Path) -> str:
    """Return a page in which what leads out of the collection is only named."""

    def kept(match: re.Match[str]) -> str:
        text, link = match.groups()
        path = link.partition("#")[0]
        return match[0] if "://" in link or not path or (page.parent / path).exists() else text

    return _LINK.sub(kept, page.read_text(encoding="utf-8"))


def ways_in(plugins: Path) -> frozenset[str]:
    """Return the modules of the package that the plugins import, without following the link to it."""
    start = f"module_utils.{PACKAGE}."
    files = (path for folder in plugins.iterdir() if folder.name != "module_utils" for path in folder.glob("*.py"))
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_bytes())))
    modules = (node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level)
    return frozenset(module.removeprefix(start) for module in modules if module.startswith(start))


def closure(package: Path, ways_in: Iterable[str]) -> frozenset[Path]:
    """Return the files of a package that some of its modules import, however far, themselves among them.

    Imports within functions count, too. Nothing is run.

    Args:
        package: its folder.
        ways_in: modules below it, such as `role.task`.

    Raises:
        NotStaged: a module is not there, or imports the package by the name that it has here only.
    """
    found: dict[Name, Path] = {}
    left: list[Name] = [tuple(way.split(".")) for way in ways_in]
    if missing := [".".join(name) for name in left if _file(package, name) is None]:
        raise NotStaged(f"{package} has no module {', '.join(missing)}")
    while left:
        name = left.pop()
        path = _file(package, name)
        if name in found or path is None:
            continue
        found[name] = path
        left += [name[:length] for length in range(len(name))]
        left += _imported(package, name, path)
    return frozenset(found.values())


def _file(package: Path, name: Name) -> Path | None:
    """Return the file of a module; `None` for what is no module, but a name in one."""
    place = package.joinpath(*name)
    files = (place / "__init__.py", place.parent / f"{place.name}.py")
    return next((path for path in files if path.is_file()), None)


def _imported(package: Path, name: Name, path: Path) -> Iterator[Name]:
    """Yield what a module imports from its package, by relative imports."""
    within = name if path.name == "__init__.py" else name[:-1]
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.ImportFrom(level=0, module=str(module)):
                _refuse_absolute(package, path, [module])
            case ast.Import(names=names):
                _refuse_absolute(package, path, [each.name for each in names])
            case ast.ImportFrom(level=level, module=module, names=names):
                start = (*within[: len(within) - level + 1], *(module.split(".") if module else ()))
                yield start
                yield from ((*start, each.name) for each in names)


def _refuse_absolute(package: Path, path: Path, modules: Iterable[str]) -> None:
    if any(module.partition(".")[0] == package.name for module in modules):
        raise NotStaged(f"{path} imports {package.name} by its name, which it has here only: use a relative import")
