"""Write the layers in docs/architecture.md from the import contracts, each room with the start of its docstring.

`generate_layers.py` writes the part between the marks, `generate_layers.py --check` only says whether it is up to date.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/architecture.md"
BEGIN, END = "<!-- layers: written by tools/generate_layers.py -->", "<!-- end of layers -->"
WIDTH = 112
COLUMN = 18
"""Where the text of a room begins."""
_SIBLINGS = re.compile(r"[|:]")


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract about layers.

    Args:
        layers: highest first, each with its modules by their full names.
    """

    name: str
    layers: tuple[tuple[str, ...], ...]

    @property
    def modules(self) -> tuple[str, ...]:
        """Return every module of it, highest first."""
        return tuple(module for layer in self.layers for module in layer)


def contracts(configuration: str | None = None) -> tuple[Contract, ...]:
    """Return the contracts about layers in pyproject.toml, or in a text of that form."""
    return tuple(_contract(each) for each in _entries(configuration) if each["type"] == "layers")


def others(configuration: str | None = None) -> tuple[str, ...]:
    """Return the names of the contracts about anything else."""
    return tuple(each["name"] for each in _entries(configuration) if each["type"] != "layers")


def _entries(configuration: str | None) -> list[dict[str, Any]]:
    text = configuration or (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return entries


def _contract(entry: dict[str, Any]) -> Contract:
    (container,) = entry.get("containers", [""])
    prefix = f"{container}." if container else ""
    layers = []
    for layer in entry["layers"]:
        names = (name.strip().strip("()").strip() for name in _SIBLINGS.split(layer))
        layers.append(tuple(f"{prefix}{name}" for name in names))
    return Contract(entry["name"], tuple(layers))


def section(every: tuple[Contract, ...], more: tuple[str, ...] = ()) -> str:
    """Return what stands between the marks: contracts about layers, and the names of others."""
    told = {module for contract in every for module in contract.modules}
    parts = [f"### {contract.name}\n\n```text\n{_picture(contract, told)}\n```" for contract in every]
    listed = ["### Further contracts\n\n" + "\n".join(f"- {name}." for name in more)] if more else []
    return "\n\n".join((BEGIN, *parts, *listed, END))


def _picture(contract: Contract, told: set[str]) -> str:
    layers = ["\n".join(line for module in layer for line in _room(module, told)) for layer in contract.layers]
    return f"\n{'-' * COLUMN}\n".join(layers)


def _room(module: str, told: set[str]) -> Iterator[str]:
    """Yield the lines of a module, and of the packages in it that no contract tells apart."""
    path = ROOT.joinpath(*module.split("."))
    yield from _line(f"{path.name}/" if path.is_dir() else path.name, _summary(path))
    for inner in sorted(each.parent for each in path.glob("*/__init__.py")):
        if f"{module}.{inner.name}" not in told:
            yield from _line(f"  {path.name}/{inner.name}/", _summary(inner))


def _line(name: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"{name:<{COLUMN}}", subsequent_indent=" " * COLUMN, break_on_hyphens=False
    )


def _summary(path: Path) -> str:
    """Return the first paragraph of a module's docstring, on one line.

    Raises:
        SystemExit: a contract names a module that is not there.
    """
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not file.is_file():
        raise SystemExit(f"pyproject.toml: a contract names {file.relative_to(ROOT)}, which is not there")
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.partition("\n\n")[0].split())


def page() -> str:
    """Return docs/architecture.md as it should be."""
    text = PAGE.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{PAGE.relative_to(ROOT)} has no place for layers: put the lines {BEGIN} and {END} into it")
    return f"{before}{section(contracts(), others())}{after}"


def main(arguments: list[str]) -> int:
    """Write the layers, or compare them."""
    wanted = page()
    if arguments == ["--check"]:
        current = PAGE.read_text(encoding="utf-8")
        if current != wanted:
            print(f"{PAGE.relative_to(ROOT)} is out of date: run {Path(__file__).name}", file=sys.stderr)
        return int(current != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
