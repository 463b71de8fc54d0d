"""What is wrong with a list, by line, so that all of it can be corrected at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.errors import PermanentFailure


@dataclass(frozen=True, slots=True, order=True)
class ListFlaw:
    """One thing to correct. `line` is that of the file, from 1 on; `None` for the file as a whole."""

    line: int | None
    text: str


class BadList(PermanentFailure):
    """A list cannot be used; its text has a line for each reason, which names file, line and the way out."""

    def __init__(self, name: str, flaws: Iterable[ListFlaw]) -> None:
        ordered = sorted(flaws, key=lambda each: (each.line or 0, each.text))
        super().__init__("\n".join(f"{name}{f':{each.line}' if each.line else ''}: {each.text}" for each in ordered))
