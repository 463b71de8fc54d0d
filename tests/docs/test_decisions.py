"""Decisions are numbered without a gap, dated, of one shape and one page, and listed with title and date."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs/decisions"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
STATUS = re.compile(r"accepted(; replaces .+)?|replaced by \[\d{4}\]\(.+\)")
MOST_WORDS = 600


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_decision_is_of_one_shape(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    title, status, day = re.match(r"# (\d{4}: .+)\n\n- Status: (.+)\n- Date: (.+)\n", text).groups()  # type: ignore[union-attr]
    assert STATUS.fullmatch(status)
    assert date.fromisoformat(day)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.split()) <= MOST_WORDS, "one page"
    number, name = title.split(": ", 1)
    assert f"| [{number}]({path.name}) | {name} | {day} |" in INDEX.splitlines()


def test_they_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]
    assert len(RECORDS) >= 6
