"""The levels of the log that a box shows: in JSON, or on a page of 16.0 where they are chosen."""

from __future__ import annotations

from collections.abc import Mapping
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
    shown: Mapping[str, object]
    if entry.levels_in_names:
        shown, names = selected(answer, path), (f"{_LOGGER}root", f"{_LOGGER}odoo")
    else:
        shown, names = object_of(answer, path), ("root_logger_log_level", "odoo_current_log_level")
    root, odoo = (shown.get(name) for name in names)
    if not isinstance(root, str) or not isinstance(odoo, str) or not {root, odoo} <= set(LEVELS):
        raise NoAnswer(say("page_strange", path=path), sent=True)
    return PageLogLevels(root, odoo)
