"""The journal survives whatever ends a run, and reads whatever is left of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.engine.journal import Journal
from reconciler.engine.state_folder import StateUnusable

BEGAN, ENDED = '{"box": "a", "event": "began"}\n', '{"box": "a", "event": "ended"}\n'


@pytest.mark.parametrize(
    ("text", "unfinished"),
    [
        ("", ()),
        (BEGAN, ("a",)),
        (BEGAN + ENDED, ()),
        (BEGAN + ENDED + BEGAN, ("a",)),
        (BEGAN + BEGAN.replace('"a"', '"b"'), ("a", "b")),
        (BEGAN + ENDED[:-5], ("a",)),
        ("not JSON\n" + BEGAN, ("a",)),
        ('[1]\n{"box": 7, "event": "began"}\n{"event": "began"}\n', ()),
        ("\udcff\n" + BEGAN, ("a",)),
    ],
)
def test_what_was_begun_and_not_ended_is_unfinished(tmp_path: Path, text: str, unfinished: tuple[str, ...]) -> None:
    path = tmp_path / "j"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    assert Journal(path).unfinished == unfinished


def test_without_a_file_nothing_is_unfinished(tmp_path: Path) -> None:
    assert Journal(tmp_path / "j").unfinished == ()


def test_a_new_run_keeps_what_is_unfinished_and_forgets_the_rest(tmp_path: Path) -> None:
    first = Journal(tmp_path / "j")
    first.start()
    for name in "ab":
        first.began(name)
    first.ended("a")
    second = Journal(tmp_path / "j")
    second.start()
    assert second.unfinished == ("b",)
    assert len((tmp_path / "j").read_text().splitlines()) == 1


@pytest.mark.parametrize("name", ["j.jsonl", "j.new"])
def test_a_journal_that_cannot_be_read_or_written_anew_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(StateUnusable, match=f"{tmp_path}/{name}: Is a directory"):
        Journal(tmp_path / "j.jsonl").start()
