"""The levels of the log that a box shows: in JSON, or on a page of 16.0 where they are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..model.statement import say
from .answer import NoAnswer, PageAnswer
from .dialect import DialectEntry
from .pages import selected
from .replies import object_of

LEVELS: Final = ("debug", "info", "warning", "error", "critical")
_LOGGER: Final = "iot-logging-"


@dataclass(frozen=True, slots=True)
class PageLogLevels:
    """What is logged now, each one of `LEVELS`.

    Args:
        root: of everything that has no level of its own.
        odoo: of the vendor's program.
    """

    root: str
    odoo: str


def parse_log_levels(entry: DialectEntry, answer: PageAnswer, path: str) -> PageLogLevels:
    """Return what a box shows.

    Raises:
        NoAnswer: it is no such answer.
    """
    if entry.levels_in_names:
        chosen = selected(answer, path)
        root, odoo = chosen.get(f"{_LOGGER}root"), chosen.get(f"{_LOGGER}odoo")
    else:
        shown = object_of(answer, path)
        root, odoo = shown.get("root_logger_log_level"), shown.get("odoo_current_log_level")
    if not isinstance(root, str) or not isinstance(odoo, str) or not {root, odoo} <= set(LEVELS):
        raise NoAnswer(say("page_strange", path=path), sent=True)
    return PageLogLevels(root, odoo)
