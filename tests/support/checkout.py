"""A checkout that is this one with something more in one of its files, and what `make generated` makes of that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .loaded import load

ROOT = Path(__file__).parents[2]
NAMES = ROOT / "tools/generate_names.py"


def with_one_more(to: Path, file: str, before: str, more: str) -> None:
    """Make such a checkout.

    Args:
        to: where; nothing is there yet.
        file: the one file that differs, relative to the checkout.
        before: the text in it before which something is put.
        more: that.
    """
    there = (ROOT / file).read_text(encoding="utf-8")
    assert there.count(before) == 1
    names = load(NAMES)
    _written(to, ROOT, {Path(file): there.replace(before, more + before), **dict.fromkeys(names.files(), "")})
    for path, text in names.files(to).items():
        (to / path).write_text(text, encoding="utf-8")


def _written(to: Path, of: Path, texts: Mapping[Path, str]) -> None:
    """Make a folder that holds what another one does, by links, and some files with another text."""
    to.mkdir()
    for each in of.iterdir():
        within = {path.relative_to(each.name): text for path, text in texts.items() if path.parts[0] == each.name}
        if Path() in within:
            (to / each.name).write_text(within[Path()], encoding="utf-8")
        elif within:
            _written(to / each.name, each, within)
        else:
            (to / each.name).symlink_to(each)


def said_in(checkout: Path, program: str) -> dict[str, Any]:
    """Return what a program prints as JSON that imports from a checkout."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
