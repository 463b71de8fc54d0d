"""Read a lock in requirements/, and say what in it an ordinary user could not install from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""Versions that are supported; `requires-python` in pyproject.toml has the first."""
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Pin:
    """One package at one version.

    Args:
        marker: where it is installed, None for everywhere.
        hashes: of the files it may be installed from.
    """

    name: NormalizedName
    version: str
    marker: Marker | None
    hashes: tuple[str, ...]

    def wanted(self, python: str) -> bool:
        """Say whether it is installed on Linux, on x86-64 and with a version of CPython."""
        return self.marker is None or self.marker.evaluate(linux(python))


def linux(python: str) -> Mapping[str, str]:
    """Return what a marker is judged by."""
    return {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
    }


def path_of(lock: str) -> Path:
    """Return the file of a lock."""
    return FOLDER / f"{lock}.txt"


def read(text: str) -> list[Pin]:
    """Return what a lock pins.

    Raises:
        ValueError: it has a line that pins nothing.
    """
    return [_pin(entry) for entry in _entries(text)]


def installed(text: str, python: str) -> dict[NormalizedName, Pin]:
    """Return what a lock installs with one version of Python.

    Raises:
        ValueError: a package comes in two versions.
    """
    found: dict[NormalizedName, Pin] = {}
    for pin in read(text):
        if pin.wanted(python) and found.setdefault(pin.name, pin) is not pin:
            raise ValueError(f"{pin.name} comes in two versions with Python {python}")
    return found


def problems(text: str) -> Iterator[str]:
    """Yield what does not belong in a lock: an option, a path, an address, a package without version or hash."""
    for entry in _entries(text):
        try:
            pin = _pin(entry)
        except ValueError as error:
            yield str(error)
            continue
        if not pin.hashes:
            yield f"{pin.name} has no hash"


def _entries(text: str) -> Iterator[str]:
    """Yield the requirements, each on one line with its hashes."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield " ".join(line.split())


def _pin(entry: str) -> Pin:
    hashes = tuple(_HASH.findall(entry))
    try:
        requirement = Requirement(_HASH.sub("", entry).strip())
    except InvalidRequirement:
        raise ValueError(f"no package at a version: {entry}") from None
    exact = [each for each in requirement.specifier if each.operator == "=="]
    if len(exact) != 1 or "*" in exact[0].version or requirement.url:
        raise ValueError(f"no package at a version: {entry}")
    return Pin(canonicalize_name(requirement.name), exact[0].version, requirement.marker, hashes)
