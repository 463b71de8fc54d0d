"""What comes of one request to a homepage: an answer, or one exception that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ..model.statement import Statement


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """An answer, whatever its status.

    Args:
        body: all of it. It may hold credentials or a password, so no representation shows it.
        date: what the box's clock said, in UTC; `None` where the header is missing or is no date.
        content_type: in lower case, without parameters; plain GET routes say `text/html` for JSON, too.
    """

    status: int
    body: bytes = field(repr=False)
    date: datetime | None = None
    content_type: str = ""


class NoAnswer(Exception):
    """There is no answer, or none that can be used.

    Its text is the name of a sentence only: what a box said is a value of the statement, and a secret is in neither.

    Args:
        statement: why, in a sentence that any code may use.
        sent: the request may have reached the box, so what it asks for may have been done.
    """

    def __init__(self, statement: Statement, *, sent: bool = False) -> None:
        super().__init__(statement.says)
        self.statement = statement
        self.sent = sent


class NotABox(NoAnswer):
    """Something answers, and it is not the homepage of a box of a known generation."""
