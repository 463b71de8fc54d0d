"""From which commit this copy comes: written into it when it is built, asked of git in a checkout.

The build hook uses this file before anything is installed, so it imports nothing of ours and nothing from elsewhere.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FILE: Final = "origin.json"
"""Beside this module in what was built, never in a checkout."""
PATIENCE: Final = 10
"""Seconds for one question to git."""
_SHOWN: Final = 12
"""Digits of a commit; git's own choice depends on how much of the repository is there."""


@dataclass(frozen=True)
class Commit:
    """A commit, and whether files differed from it.

    Args:
        commit: all its digits.
        moment: when it was committed, in seconds since 1970.
        changed: files that git knows were not as committed.
    """

    commit: str
    moment: int
    changed: bool = False

    def __str__(self) -> str:
        day = datetime.fromtimestamp(self.moment, UTC).date().isoformat()
        return f"commit {self.commit[:_SHOWN]}, {day}{', with changes' if self.changed else ''}"


def find(root: Path) -> Commit | None:
    """Return where the copy in a folder comes from, asked of git or read from what the build left; None: unknown.

    Args:
        root: where `reconciler/` is: a checkout, an unpacked sdist, `site-packages`.
    """
    if (root / ".git").exists():
        return _asked(root)
    return _read(root / "reconciler" / FILE)


def own() -> Commit | None:
    """Return where this very copy comes from."""
    return find(Path(__file__).resolve().parent.parent)


def written(origin: Commit) -> str:
    """Return what the build leaves of it."""
    return json.dumps(asdict(origin), sort_keys=True) + "\n"


def _read(file: Path) -> Commit | None:
    try:
        return Commit(**json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _asked(root: Path) -> Commit | None:
    said = _git(root, "log", "-1", "--no-show-signature", "--format=%H %ct")
    if not said:
        return None
    commit, moment = said.split()
    changes = _git(root, "status", "--porcelain", "--untracked-files=no")
    return Commit(commit, int(moment), changed=bool(changes))


def _git(root: Path, *words: str) -> str | None:
    """Ask git about one folder and none above it, whoever owns it; None where there is no answer."""
    foreign = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**foreign, "GIT_OPTIONAL_LOCKS": "0", "GIT_CEILING_DIRECTORIES": str(root.parent)}
    command = ("git", "-c", "safe.directory=*", *words)
    try:
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
