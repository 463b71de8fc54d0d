"""The page by which the vendor's program shows and changes the levels of its log, from late 17.0 on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ...model.errand import LogLevel
from ...model.generation import Generation
from ...model.secret import redact
from ...model.statement import Statement, say
from ..context import Box

ODOO: Final = "iot-logging-odoo"
ROOT: Final = "iot-logging-root"
LOGGERS: Final[Mapping[str, str]] = MappingProxyType({ODOO: "odoo_current_log_level", ROOT: "root_logger_log_level"})
"""What the page calls a logger when it changes it -> when it shows it."""
_PREFIX: Final = {Generation.CACHED: "hw_posbox_homepage", Generation.NEWEST: "iot_drivers"}
_SECONDS: Final = 10.0
_LIMIT: Final = 1 << 16
_HTTP_OK: Final = 200


class CannotSet(Exception):
    """It cannot be done; the statement says why."""

    def __init__(self, why: Statement) -> None:
        super().__init__(why.says)
        self.why = why


@dataclass(frozen=True, slots=True)
class LogPage:
    """The page of one box."""

    box: Box

    def levels(self) -> dict[str, LogLevel]:
        """Return the level of each logger that is known here.

        Raises:
            CannotSet: the page does not say them.
        """
        told = self._ask("log_levels", None)
        try:
            return {name: LogLevel(str(told[key]).lower()) for name, key in LOGGERS.items()}
        except (KeyError, ValueError):
            raise CannotSet(say("level_no_answer", said="no log levels")) from None

    def set(self, name: str, level: LogLevel) -> None:
        """Change the level of a logger.

        Raises:
            CannotSet: the page did not do it, or did not say so.
        """
        told = self._ask("log_levels_update", {"params": {"name": name, "value": level.value}})
        result = told.get("result")
        if not isinstance(result, dict) or result.get("status") != "success":
            said = result.get("message") if isinstance(result, dict) else "an error"
            raise CannotSet(say("level_not_taken", said=redact(str(said))))

    def _ask(self, route: str, body: object | None) -> dict[str, Any]:
        box, prefix = self.box, _PREFIX.get(self.box.layout.generation)
        if prefix is None:
            raise CannotSet(say("level_has_no_page", branch=box.layout.branch))
        url = f"http://127.0.0.1:{box.desired.homepage_port}/{prefix}/{route}"
        seconds = box.deadline.within(_SECONDS)
        try:
            if body is None:
                reply = box.system.get(url, seconds, _LIMIT)
            else:
                reply = box.system.post(url, json.dumps(body).encode(), seconds, _LIMIT)
            told = json.loads(reply.body) if reply.status == _HTTP_OK else None
        except (OSError, ValueError, RecursionError) as error:
            raise CannotSet(say("level_no_answer", said=_said(error))) from None
        if not isinstance(told, dict):
            raise CannotSet(say("level_no_answer", said=f"HTTP {reply.status}"))
        return told


def _said(error: Exception) -> str:
    return redact(str(error) if isinstance(error, OSError) else "something that is no JSON")
