"""Errors about an inventory as a whole. What is wrong with one box is `Invalid` and stops no other."""

from __future__ import annotations

from ..model.errors import PermanentFailure


class InventoryError(PermanentFailure):
    """An inventory cannot be used; `problems` has one line for each reason, with the way out and without values."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
