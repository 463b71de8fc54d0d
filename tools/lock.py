"""Renew the locks in requirements/: every package at one version, with the hashes of its files.

`python -m tools.lock [--keep] [NAME...]`. Without names it renews all. With --keep, versions stay where they are still
allowed. The settings of this machine for pip and uv do not count: what stands in a lock is what everybody gets.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tools import pins

ROOT = pins.ROOT
SETTINGS = ("PIP_", "UV_")
"""What the names of variables begin with that would have a lock written from elsewhere."""


X86, ARM = "x86_64-manylinux_2_28", "aarch64-manylinux_2_28"
"""Linux distributions from 2018 on."""


@dataclass(frozen=True)
class Lock:
    """How one lock is made.

    Args:
        what: what it is installed for, the first line of the file.
        project: whether it has what the project itself needs.
        extras: extras of the project beside that.
        alone: extras without the project's own dependencies; `build-system` stands for what builds the project.
        like: locks whose versions count here, too.
        pythons: versions of Python for which each package has a wheel: nobody has to compile.
        machines: and for which platforms.
    """

    what: str
    project: bool = False
    extras: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    pythons: tuple[str, ...] = pins.PYTHONS
    machines: tuple[str, ...] = (X86,)


BUILD = "build-system"
LOCKS: Mapping[str, Lock] = MappingProxyType(
    {
        "user": Lock("what iot-https needs at work", project=True, machines=(X86, ARM)),
        "build": Lock(
            "what builds the wheel, or installs a checkout", alone=(BUILD,), like=("user",), machines=(X86, ARM)
        ),
        "ci": Lock("what make test installs", project=True, extras=("dev",), like=("user", "build")),
        "fuzz": Lock("the fuzzer, where it has a wheel", alone=("fuzz",)),
        "box-cryptography-36": Lock("what the program on a box meets on 24.x images", pythons=pins.PYTHONS[:-1]),
        "box-cryptography-38": Lock("what the program on a box meets on Debian bookworm", pythons=pins.PYTHONS[:-1]),
        "ansible-2.21": Lock("what a control machine of Debian 13 has in the lab", project=True, pythons=("3.13",)),
        "ansible-2.22": Lock("what it has with the next ansible-core", project=True, pythons=("3.13",)),
    }
)
"""In the order in which they are made. One may have a list of its own, `requirements/NAME.in`."""


COMPILE = ("uv", "pip", "compile", "--quiet", "--no-config", "--no-header", "--no-annotate")


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


def choosing(lock: Lock, sources: Sequence[Path], output: Path, *, keep: bool) -> list[str]:
    """Return the command that chooses versions."""
    words = ["--universal", "--python-version", lock.pythons[0], "--generate-hashes", "--output-file", str(output)]
    words += [] if keep else ["--upgrade"]
    words += [word for other in lock.like for word in ("--constraints", str(pins.path_of(other)))]
    words += [word for extra in lock.extras for word in ("--extra", extra)]
    return [*COMPILE, *words, *(str(each) for each in sources)]


def looking_for_wheels(output: Path, python: str, machine: str) -> list[str]:
    """Return the command that fails where a package of a lock has no wheel."""
    words = ["--no-deps", "--only-binary", ":all:", "--python-version", python, "--python-platform", machine]
    return [*COMPILE, *words, "--output-file", os.devnull, str(output)]


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without this machine's indexes and folders of packages."""
    return {name: value for name, value in environment.items() if not name.startswith(SETTINGS)}


def make(name: str, lock: Lock, *, keep: bool) -> None:
    """Write one lock.

    Raises:
        SystemExit: it could not be made, or has lines that somebody else could not install from.
    """
    path, own = pins.path_of(name), listed(name, lock)
    with tempfile.TemporaryDirectory() as folder:
        wanted, output = Path(folder, f"{name}.in"), Path(folder, path.name)
        wanted.write_text("\n".join(own) + "\n", encoding="utf-8")
        if keep and path.exists():
            output.write_bytes(path.read_bytes())
        sources = [*([ROOT / "pyproject.toml"] if lock.project else []), *([wanted] if own else [])]
        run(choosing(lock, sources, output, keep=keep), path)
        for python, machine in itertools.product(lock.pythons, lock.machines):
            run(looking_for_wheels(output, python, machine), path)
        text = output.read_text(encoding="utf-8")
    if found := list(pins.problems(text)):
        raise SystemExit(f"{path.relative_to(ROOT)} is as it was: {'; '.join(found)}")
    path.write_text(f"# {lock.what[0].upper()}{lock.what[1:]}; written by make locks.\n{text}", encoding="utf-8")


def run(command: Sequence[str], path: Path) -> None:
    """Run uv from this environment.

    Raises:
        SystemExit: it failed; it has said why.
    """
    line = [str(Path(sys.executable).parent / command[0]), *command[1:]]
    if subprocess.run(line, env=surroundings(os.environ), check=False).returncode != 0:
        raise SystemExit(f"{path.relative_to(ROOT)} is as it was: {' '.join(command)}")


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
