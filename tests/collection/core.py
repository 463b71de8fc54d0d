"""An Ansible of a control machine on which nothing of this project is installed, and the ways to bring it there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("reconciler", "iotbox_simulator", "ansible_collections")


@dataclass(frozen=True)
class Core:
    """ansible-core and what it requires, with a home of its own; this environment's other packages are out of reach."""

    packages: Path
    home: Path

    @classmethod
    def made(cls, folder: Path, *beside: str) -> Core:
        """Link what ansible-core needs into a folder, and what other distributions need."""
        core = cls(folder / "packages", folder / "home")
        core.packages.mkdir()
        core.home.mkdir()
        seen: set[str] = set()
        for part in {part for name in ("ansible-core", *beside) for part in _parts(name, seen)}:
            (core.packages / part.name).symlink_to(part)
        return core

    def command(self, verb: str, *words: str) -> tuple[str, ...]:
        """Return a command line of `ansible-VERB`; `-S` leaves all installed packages out."""
        return (sys.executable, "-S", "-m", "ansible", verb, *words)

    def environment(self, collections: Path) -> Mapping[str, str]:
        """Return all that Ansible gets to know."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(self.packages),
            "HOME": str(self.home),
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, collections: Path, verb: str, *words: str, status: int = 0) -> str:
        """Run `ansible-VERB` to its end, and return what it printed."""
        done = subprocess.run(
            self.command(verb, *words),
            cwd=self.home,
            env=self.environment(collections),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == status, done.stdout
        return done.stdout


def _parts(name: str, seen: set[str]) -> Iterator[Path]:
    """Yield the files and folders of a distribution, and of all that it requires, at the top of site-packages."""
    seen.add(name)
    found = distribution(name)
    yield from {Path(str(found.locate_file(first))) for first in _tops(found)}
    for line in found.requires or ():
        needed = re.split(r"[ ;<>=!~\[(]", line, maxsplit=1)[0].lower()
        if "extra ==" not in line and needed not in seen and not _is_for_another_python(line):
            yield from _parts(needed, seen)


def _tops(found: Distribution) -> set[str]:
    paths = [file.parts[0] for file in found.files or () if ".." not in file.parts]
    return {path for path in paths if path != "__pycache__"}


def _is_for_another_python(line: str) -> bool:
    from packaging.requirements import Requirement

    marker = Requirement(line).marker
    return marker is not None and not marker.evaluate()


def repository(into: Path) -> Path:
    """Make a repository of the files of this checkout as they are now, as a clone of it would be."""

    def git(*words: str, cwd: Path) -> str:
        who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(("git", *who, *words), cwd=cwd, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout

    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0")
    for name in filter(None, names):
        source, target = ROOT / name, into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            target.symlink_to(source.readlink())
        elif source.is_file():
            target.write_bytes(source.read_bytes())
    git("init", "-q", cwd=into)
    git("add", "-A", "-f", cwd=into)
    git("commit", "-q", "-m", "All of it", cwd=into)
    return into
