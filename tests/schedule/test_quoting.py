"""A program started by systemd gets exactly the arguments that were meant."""

from __future__ import annotations

import pytest

from reconciler.schedule import quoting


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
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
    ],
)
def test_argument(text: str, quoted: str) -> None:
    assert quoting.argument(text) == quoted
