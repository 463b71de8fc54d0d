"""Files that are written from others are up to date, whichever generators there are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .pages import ROOT

GENERATORS = sorted((ROOT / "tools").glob("generate_*.py"))


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda path: path.stem)
def test_what_it_writes_is_up_to_date(generator: object) -> None:
    done = subprocess.run(
        [sys.executable, str(generator), "--check"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, f"run make generated: {done.stderr}"


def test_make_runs_all_of_them() -> None:
    assert len(GENERATORS) >= 5
    assert "for each in tools/generate_names.py tools/generate_*.py;" in (ROOT / "Makefile").read_text(encoding="utf-8")
