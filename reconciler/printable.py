"""Foreign text on one line: what a box, a server or an error says may hold anything."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return text as one line without control characters, which a terminal would obey, and without double spaces."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
