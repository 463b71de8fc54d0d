"""What a lock installs with each version of Python: versions, licences and what needs what, read from the wheels.

They are unpacked into folders that are thrown away, for versions of Python that this machine need not have.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from tools import lock, pins

NO_LICENSE = ""
_OF_CLASSIFIERS: Mapping[str, str] = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "LicenseRef-BSD",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""SPDX names of the classifiers that older packages have instead; which BSD licence is meant, they do not say."""


@dataclass(frozen=True)
class Package:
    """One package at one version.

    Args:
        pin: its line in the lock.
        license: a SPDX expression, `NO_LICENSE` where the package names none.
        needs: packages at the versions that the lock gives them, by version of Python.
    """

    pin: pins.Pin
    summary: str
    license: str
    needs: Mapping[str, tuple[pins.Pin, ...]]

    @property
    def pythons(self) -> tuple[str, ...]:
        """Return the versions of Python with which it is installed."""
        return tuple(self.needs)


def of_lock(name: str) -> list[Package]:
    """Return what a lock installs, with any version of Python.

    Raises:
        SystemExit: it could not be unpacked.
    """
    path = pins.path_of(name)
    with tempfile.TemporaryDirectory() as folder:
        for python in lock.LOCKS[name].pythons:
            _unpack(path, python, Path(folder, python))
        return merged(path.read_text(encoding="utf-8"), {each.name: each for each in Path(folder).iterdir()})


def _unpack(path: Path, python: str, folder: Path) -> None:
    words = ["uv", "pip", "install", "--quiet", "--no-config", "--require-hashes", "--only-binary", ":all:"]
    words += ["--python-version", python, "--python-platform", lock.X86, "--target", str(folder)]
    line = [str(Path(sys.executable).parent / words[0]), *words[1:], "--requirement", str(path)]
    if subprocess.run(line, env=lock.surroundings(os.environ), check=False).returncode != 0:
        raise SystemExit(f"{path.relative_to(pins.ROOT)} could not be unpacked for Python {python}")


def merged(text: str, folders: Mapping[str, Path]) -> list[Package]:
    """Return the packages of a lock from folders by version of Python, in the order of their names."""
    found: dict[pins.Pin, Package] = {}
    for python in sorted(folders, key=pins.PYTHONS.index):
        for package in described(pins.installed(text, python), python, folders[python]):
            before = found.get(package.pin)
            needs = {**(before.needs if before else {}), **package.needs}
            found[package.pin] = Package(package.pin, package.summary, package.license, needs)
    return sorted(found.values(), key=lambda each: (each.pin.name, each.pin.version))


def described(wanted: Mapping[NormalizedName, pins.Pin], python: str, folder: Path) -> Iterator[Package]:
    """Yield what is installed in a folder.

    Raises:
        ValueError: something else is installed there than the lock says.
    """
    seen = {canonicalize_name(each.name): each for each in metadata.distributions(path=[str(folder)])}
    if {name: each.version for name, each in seen.items()} != {name: pin.version for name, pin in wanted.items()}:
        raise ValueError(f"{folder} has {sorted(seen)}, and not what the lock says")
    for name, each in seen.items():
        lines = (Requirement(line) for line in each.requires or ())
        names = {canonicalize_name(line.name) for line in lines if _applies(line, python)}
        needs = tuple(wanted[other] for other in sorted(names) if other in wanted)
        headers: Message = each.metadata  # type: ignore[assignment] # its Protocol lacks what a message has
        yield Package(wanted[name], headers["Summary"] or "", license_of(headers), {python: needs})


def _applies(line: Requirement, python: str) -> bool:
    return line.marker is None or line.marker.evaluate({**pins.linux(python), "extra": ""})


def license_of(headers: Message) -> str:
    """Return the licence that a package names, in the way that is the least open to doubt."""
    if expression := headers["License-Expression"]:
        return str(expression)
    prefix = "License :: OSI Approved :: "
    classifiers = [each.removeprefix(prefix) for each in headers.get_all("Classifier", []) if each.startswith(prefix)]
    if classifiers:
        return " AND ".join(sorted(_OF_CLASSIFIERS.get(each, f"LicenseRef-{each}") for each in classifiers))
    text = (headers["License"] or "").strip()
    return text if "\n" not in text else NO_LICENSE
