"""`make help` tells every target of the Makefile in one line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PHONY = [name for line in re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE) for name in line.split()]
RULES = {name for line in re.findall(r"^([a-z][a-z -]*):(?!=)", MAKEFILE, re.MULTILINE) for name in line.split()}
WIDEST = 100
KEPT_BY_CLEAN = {"fuzz/findings/", "inventories/demo/.access/", "inventories/demo-[0-9]/"}
"""What is found again by nobody, and the access to boxes that a demo may be keeping up."""
CALM = {name: value for name, value in os.environ.items() if "MAKE" not in name}
"""A make that runs these tests says what it was told itself in variables such as MAKEFLAGS."""


@pytest.fixture(scope="module", params=["help", None])
def said(request: pytest.FixtureRequest) -> list[str]:
    """Return what `make help` prints, and what `make` alone does."""
    words = ["make", "--no-print-directory", *([request.param] if request.param else [])]
    done = subprocess.run(words, cwd=ROOT, env=CALM, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


def test_each_target_has_one_line(said: list[str]) -> None:
    told = [match[1] for line in said if (match := re.match(r"  make (\S+) +\S+", line))]
    assert sorted(told) == sorted(PHONY)


def test_each_target_is_declared_to_be_no_file() -> None:
    assert set(PHONY) == RULES
    assert len(PHONY) == len(set(PHONY))


def test_it_fits_a_terminal_and_names_the_loops_from_the_shortest(said: list[str]) -> None:
    assert [line for line in said if len(line) > WIDEST] == []
    loops = said[next(number for number, line in enumerate(said) if line.startswith("Loops")) + 1 :]
    assert [line.split()[1] for line in loops[:4]] == ["quick", "unit", "test", "soak"]


def test_clean_leaves_nothing_that_git_ignores(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    for pattern in ignored:
        made = tmp_path / pattern.replace("*", "x").replace("[0-9]", "1").rstrip("/")
        made.mkdir(parents=True) if pattern.endswith("/") else _touched(made)
    _touched(tmp_path / "reconciler/deep/__pycache__/a.pyc")
    subprocess.run(["make", "clean"], cwd=tmp_path, env=CALM, capture_output=True, check=True, timeout=60)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} - {"Makefile"}
    kept = {each.rstrip("/").replace("[0-9]", "1") for each in KEPT_BY_CLEAN}
    assert kept <= left
    assert {
        name for name in left if not any(each.startswith(name) for each in (*kept, "changelogs", "reconciler/deep"))
    } == set()
    assert set(ignored) >= KEPT_BY_CLEAN


def _touched(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_a_release_without_a_version_is_told_what_to_type(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    ready = tmp_path / ".venv/ready"
    _touched(ready)
    words = ["make", "release", "--old-file", ".venv/ready"]
    done = subprocess.run(words, cwd=tmp_path, env=CALM, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0
    assert "make release VERSION=1.2.3" in done.stdout
