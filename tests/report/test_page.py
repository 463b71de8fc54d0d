"""One place decides how wide texts are: the variable, the terminal, or a width that is documented."""

from __future__ import annotations

import io
import os
import pty
from collections.abc import Iterator
from typing import TextIO

import pytest

from reconciler.report import page
from reconciler.report.page import wrapped


class Terminal(io.StringIO):
    """A stream that calls itself a terminal and has no descriptor."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb"), os.fdopen(theirs, "w") as stream:
        yield stream


@pytest.mark.parametrize(
    ("given", "width"),
    [
        ({}, 100),
        ({"COLUMNS": "72"}, 72),
        ({"COLUMNS": "10"}, 40),
        ({"COLUMNS": "500"}, 160),
        ({"COLUMNS": "0"}, 100),
        ({"COLUMNS": ""}, 100),
        ({"COLUMNS": "wide"}, 100),
        ({"COLUMNS": "-80"}, 100),
        ({"COLUMNS": "9" * 5000}, 100),
    ],
)
def test_without_a_terminal_the_width_is_fixed_but_for_the_variable(given: dict[str, str], width: int) -> None:
    assert page.width_of(io.StringIO(), given) == width


@pytest.mark.parametrize(("columns", "width"), [(72, 72), (40, 40), (20, 40), (160, 160), (250, 160), (0, 80)])
def test_a_terminal_has_its_own(terminal: TextIO, columns: int, width: int) -> None:
    import termios

    termios.tcsetwinsize(terminal.fileno(), (24, columns))
    assert page.width_of(terminal, {}) == width
    assert page.width_of(terminal, {"COLUMNS": "90"}) == 90


def test_what_only_calls_itself_a_terminal_is_an_ordinary_one() -> None:
    assert page.width_of(Terminal(), {}) == 80


def test_a_word_is_never_broken() -> None:
    long = "https://" + "a-b." * 30
    assert wrapped(f"see {long} and more", 40, "  ") == ["see", f"  {long}", "  and more"]


@pytest.mark.parametrize(("ours", "lines"), [(True, ["run", "`sudo service nginx restart`", "on it"]), (False, None)])
def test_only_a_command_of_ours_stays_on_one_line(ours: bool, lines: list[str] | None) -> None:  # noqa: FBT001
    shown = wrapped("run `sudo service nginx restart` on it", 20, ours=ours)
    assert shown == lines if lines else max(map(len, shown)) <= 20


def test_text_with_wide_words_keeps_its_label_and_its_blanks() -> None:
    assert wrapped("    seen   one two", 16, "           ") == ["    seen   one", "           two"]
