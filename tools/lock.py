"""Renew the locks in requirements/: every package at one version, with the hashes of its files.

`python -m tools.lock [--keep] [NAME...]`. Without names it renews all. With --keep, versions stay where they are still
allowed. The settings of this machine for pip and uv do not count: what stands in a lock is what everybody gets.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import pins

ROOT = pins.ROOT
SETTINGS = ("PIP_", "UV_")
"""What the names of variables begin with that would have a lock written from elsewhere."""


@dataclass(frozen=True)
class Lock:
    """How one lock is made.

    Args:
        what: what it is installed for, the first line of the file.
        project: whether it has what the project itself needs.
        extras: extras of the project beside that.
        alone: extras without the project's own dependencies; `build-system` stands for what builds the project.
        like: locks whose versions count here, too.
        python: the oldest version of Python.
    """

    what: str
    project: bool = False
    extras: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    python: str = pins.PYTHONS[0]


BUILD = "build-system"
LOCKS: Mapping[str, Lock] = {
    "user": Lock("what iot-https needs at work", project=True),
    "build": Lock("what builds the wheel, or installs a checkout", alone=(BUILD,), like=("user",)),
    "ci": Lock("what make test installs", project=True, extras=("dev",), like=("user", "build")),
    "fuzz": Lock("the fuzzer, where it has a wheel", alone=("fuzz",)),
    "box-cryptography-36": Lock("what the program on a box meets on 24.x images"),
    "box-cryptography-38": Lock("what the program on a box meets on Debian bookworm"),
}
"""A name without project and extras has its own list, `requirements/NAME.in`. The order is that in which they are made."""


def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def listed(name: str, lock: Lock) -> list[str]:
    """Return the requirements of a lock that are not those of the project itself."""
    configuration = project()
    extras = configuration["project"]["optional-dependencies"] | {BUILD: _builders(configuration)}
    own = ROOT / f"requirements/{name}.in"
    lines = own.read_text(encoding="utf-8").splitlines() if own.exists() else []
    return [*(line for line in lines if line and not line.startswith("#")), *(r for e in lock.alone for r in extras[e])]


def _builders(configuration: Mapping[str, Any]) -> list[str]:
    """Return what builds a wheel; hatchling asks for `editables` as well where a checkout is installed in place."""
    return [*configuration["build-system"]["requires"], "editables"]


def command(name: str, lock: Lock, wanted: Path, output: Path, *, keep: bool) -> list[str]:
    """Return the command that makes a lock from a file of requirements."""
    words = ["uv", "pip", "compile", "--quiet", "--no-config", "--universal", "--python-version", lock.python]
    words += ["--generate-hashes", "--no-header", "--no-annotate", "--output-file", str(output)]
    words += [] if keep else ["--upgrade"]
    words += [word for other in lock.like for word in ("--constraints", str(pins.path_of(other)))]
    words += [word for extra in lock.extras for word in ("--extra", extra)]
    return [
        *words,
        *([str(ROOT / "pyproject.toml")] if lock.project else []),
        *([str(wanted)] if listed(name, lock) else []),
    ]


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without this machine's indexes and folders of packages."""
    return {name: value for name, value in environment.items() if not name.startswith(SETTINGS)}


def make(name: str, lock: Lock, *, keep: bool) -> None:
    """Write one lock.

    Raises:
        SystemExit: it could not be made, or has lines that nobody else could install from.
    """
    path = pins.path_of(name)
    with tempfile.TemporaryDirectory() as folder:
        wanted, output = Path(folder, f"{name}.in"), Path(folder, path.name)
        wanted.write_text("\n".join(listed(name, lock)) + "\n", encoding="utf-8")
        if keep and path.exists():
            output.write_bytes(path.read_bytes())
        line = command(name, lock, wanted, output, keep=keep)
        line[0] = str(Path(sys.executable).parent / line[0])
        if subprocess.run(line, cwd=folder, env=surroundings(os.environ), check=False).returncode != 0:
            raise SystemExit(f"{path.relative_to(ROOT)} is as it was: its packages could not be chosen")
        text = output.read_text(encoding="utf-8")
    if found := list(pins.problems(text)):
        raise SystemExit(f"{path.relative_to(ROOT)} is as it was: {'; '.join(found)}")
    path.write_text(f"# {lock.what[0].upper()}{lock.what[1:]}; written by make locks.\n{text}", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Renew the named locks, or all."""
    parser = argparse.ArgumentParser(description="renew the locks in requirements/")
    parser.add_argument("--keep", action="store_true", help="keep versions that are still allowed")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(LOCKS)}; all without")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in LOCKS]:
        parser.error(f"no such lock: {', '.join(unknown)}; there are {', '.join(LOCKS)}")
    for name, lock in LOCKS.items():
        if name in (options.names or LOCKS):
            make(name, lock, keep=options.keep)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
