"""A wheel and an sdist of a checkout, and what is in them."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Built:
    """What one build left."""

    wheel: Path
    sdist: Path

    @property
    def in_wheel(self) -> frozenset[str]:
        """Return the paths in the wheel."""
        with zipfile.ZipFile(self.wheel) as archive:
            return frozenset(archive.namelist())

    @property
    def in_sdist(self) -> frozenset[str]:
        """Return the paths in the sdist, its top folder left out."""
        with tarfile.open(self.sdist) as archive:
            return frozenset(member.name.partition("/")[2] for member in archive.getmembers())

    def read(self, path: str) -> bytes:
        """Return a file of the wheel."""
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.read(path)

    def unpack_sdist(self, into: Path) -> Path:
        """Unpack the sdist into a folder, and return its top folder."""
        subprocess.run(("tar", "-xzf", str(self.sdist), "-C", str(into)), check=True, timeout=60)
        return into / self.sdist.name.removesuffix(".tar.gz")


def build(into: Path, root: Path = ROOT, **environment: str) -> Built:
    """Build both from a checkout, or from an unpacked sdist."""
    _hatchling(root, into, environment)
    return Built(_only(into, "*.whl"), _only(into, "*.tar.gz"))


def _hatchling(root: Path, into: Path, environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(into)]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def tracked(*folders: str, root: Path = ROOT) -> frozenset[str]:
    """Return the files that git knows below some folders, links left out."""
    listed = subprocess.run(
        ("git", "ls-files", "-s", "-z", *folders), cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    entries = (entry.partition("\t") for entry in listed.stdout.split("\0") if entry)
    return frozenset(path for head, _, path in entries if not head.startswith("120000") and (root / path).exists())
