"""`make help` tells every target of the Makefile in one line."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PHONY = [name for line in re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE) for name in line.split()]
RULES = {name for line in re.findall(r"^([a-z][a-z -]*):(?!=)", MAKEFILE, re.MULTILINE) for name in line.split()}
WIDEST = 100


@pytest.fixture(scope="module", params=["help", None])
def said(request: pytest.FixtureRequest) -> list[str]:
    """Return what `make help` prints, and what `make` alone does."""
    words = ["make", "--no-print-directory", *([request.param] if request.param else [])]
    # a make that runs these tests says what it was told itself in variables such as MAKEFLAGS
    calm = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    done = subprocess.run(words, cwd=ROOT, env=calm, capture_output=True, text=True, check=True, timeout=60)
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
