"""Two releases, of which the first has modules that are gone in the second, and a clone to install them from."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tools.build_packages import Packages, build, unpacked

FIRST, SECOND = "9.1", "9.2"
"""Newer than whatever an index may have."""
GONE = ("reconciler/gone_later.py", "plugins/action/gone_later.py")
_VERSIONED = {
    "pyproject.toml": (r'^version = ".*"$', 'version = "{}"'),
    "reconciler/__init__.py": (r'^__version__ = ".*"$', '__version__ = "{}"'),
    "galaxy.yml": (r"^version: .*$", "version: {}"),
}


def release(packages: Packages, version: str, into: Path, place: Path) -> None:
    """Build the wheel of a version into a folder.

    Args:
        packages: of this checkout.
        place: a folder in which one can be made for it.
    """
    scratch = place / version
    scratch.mkdir()
    root = unpacked(packages, scratch)
    become(root, version)
    shutil.copy(build(scratch / "dist", root).wheel, into)


def become(root: Path, version: str) -> None:
    """Make a copy of the checkout one of a version, with modules that only the first one has."""
    for name, (pattern, line) in _VERSIONED.items():
        file = root / name
        text, found = re.subn(pattern, line.format(version), file.read_text(), count=1, flags=re.MULTILINE)
        assert found, name
        file.write_text(text)
    for name in GONE:
        if version == FIRST:
            (root / name).write_text('"""In the first release only."""\n')
        else:
            (root / name).unlink(missing_ok=True)


def commit(root: Path) -> str:
    """Commit all that there is; return the commit."""
    git(root, "add", "-A")
    git(root, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-q", "-m", "One")
    return git(root, "rev-parse", "HEAD")


def git(root: Path, *words: str) -> str:
    """Run git there; return what it prints."""
    done = subprocess.run(("git", *words), cwd=root, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()
