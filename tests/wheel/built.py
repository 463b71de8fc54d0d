"""What is in the packages that users install."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from pathlib import Path

from tools.build_packages import Packages

ROOT = Path(__file__).resolve().parents[2]


def in_wheel(packages: Packages) -> frozenset[str]:
    """Return the paths in the wheel."""
    with zipfile.ZipFile(packages.wheel) as archive:
        return frozenset(archive.namelist())


def in_sdist(packages: Packages) -> frozenset[str]:
    """Return the paths in the sdist, its top folder left out."""
    with tarfile.open(packages.sdist) as archive:
        return frozenset(member.name.partition("/")[2] for member in archive.getmembers())


def tracked(*folders: str) -> frozenset[str]:
    """Return the files below some folders that git knows or would take, links left out."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders)
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    paths = (path for path in listed.stdout.split("\0") if path)
    return frozenset(path for path in paths if (ROOT / path).is_file() and not (ROOT / path).is_symlink())
