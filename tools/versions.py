"""Where the version of the project stands, and how a release sets it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

NUMBER = r"\d+\.\d+\.\d+"
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "pyproject.toml": rf'^version = "({NUMBER})"$',
        "galaxy.yml": rf"^version: ({NUMBER})$",
        "reconciler/__init__.py": rf'^__version__ = "({NUMBER})"$',
    }
)
"""The places that programs read, one line in each file."""
SHOWN = "|".join(
    (
        rf"\bdist/({NUMBER})\b",
        rf"\biot_https(?:-fleet)?-({NUMBER})(?=-py3|\.tar\.gz)",
        rf'"name": "iot-https", "version": "({NUMBER})"',
    )
)
"""What pages show of it: names of files, their folder, and the version in a report."""
PAGES = ("docs/**/*.md", "requirements/*.md", "*.md")


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers, to compare.

    Raises:
        ValueError: it is not of the form 1.2.3.
    """
    if not re.fullmatch(NUMBER, version):
        raise ValueError(f"{version}: a version has three numbers, such as 1.2.3")
    return tuple(map(int, version.split(".")))


def found(root: Path) -> dict[str, str]:
    """Return the version that stands in each place; a place where it does not has an empty one."""
    texts = {name: root.joinpath(name).read_text(encoding="utf-8") for name in PLACES}
    matches = {name: re.search(PLACES[name], text, re.MULTILINE) for name, text in texts.items()}
    return {name: match[1] if match else "" for name, match in matches.items()}


def put(root: Path, version: str) -> list[Path]:
    """Write a version into each place and each page, and return the files that changed."""
    changed = []
    for path, pattern in _files(root):
        before = path.read_text(encoding="utf-8")
        after = re.sub(pattern, lambda match: _replaced(match, version), before, flags=re.MULTILINE)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    yield from ((root / name, pattern) for name, pattern in PLACES.items())
    pages = {path for each in PAGES for path in root.glob(each) if path.name != "CHANGELOG.md"}
    yield from ((path, SHOWN) for path in sorted(pages))


def _replaced(match: re.Match[str], version: str) -> str:
    """Return what was found, with another version in the place of its own."""
    group = match.lastindex or 0
    start = match.start(group) - match.start()
    return match[0][:start] + version + match[0][start + len(match[group]) :]
