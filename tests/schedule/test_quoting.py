"""A program started by systemd gets exactly the arguments that were meant."""

from __future__ import annotations

import pytest

from reconciler.schedule import quoting

QUOTED = [
    ("store_lotus__hanoi", "store_lotus__hanoi"),
    ("/srv/a-b_c.d", "/srv/a-b_c.d"),
    ("a b", '"a b"'),
    ("100%", '"100%%"'),
    ("$HOME", '"$$HOME"'),
    ('say "x"', '"say \\"x\\""'),
    ("a\\b", '"a\\\\b"'),
    (";", '";"'),
    ("store_lotus__hanoi:&image_ro", '"store_lotus__hanoi:&image_ro"'),
    ("", '""'),
]


@pytest.mark.parametrize(("text", "quoted"), QUOTED)
def test_argument_of_a_unit_is_understood_as_it_was_meant(text: str, quoted: str) -> None:
    assert quoting.words_of(f"/bin/x {quoted}") == ["/bin/x", text]


@pytest.mark.parametrize("line", ["/bin/x 'a b'", "/bin/x $HOME", '/bin/x "a', "/bin/x  a", "/bin/x 100%"])
def test_a_command_that_is_not_of_our_making_is_not_understood(line: str) -> None:
    assert quoting.words_of(line) == []


@pytest.mark.parametrize(("text", "quoted"), QUOTED)
def test_argument(text: str, quoted: str) -> None:
    assert quoting.argument(text) == quoted
