"""How a line of a result stands in a terminal, and in a file."""

from __future__ import annotations

import io

import pytest

from reconciler.cli.usage import laid_out

from .test_cli import Terminal

LONG = "box-off: " + "no answer " * 12
COMMAND = f"{LONG}: `ssh-keygen -R box-off -f known_hosts`"


@pytest.mark.parametrize(
    ("stream", "line", "longest"),
    [(Terminal(), LONG, 80), (Terminal(), COMMAND, len(COMMAND)), (io.StringIO(), LONG, len(LONG))],
    ids=["a terminal", "a command to copy", "a file"],
)
def test_a_line_of_a_result(stream: io.StringIO, line: str, longest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = laid_out(line, stream)
    assert longest - 10 <= max(map(len, lines)) <= longest
