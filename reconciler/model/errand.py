"""What the program on a box is asked to do that is neither a look nor a repair: bring files along, turn up its log.

Files travel as raw bytes behind the reply, each with a length that the reply names. They are never part of it, so that
nothing that stands in a log is ever taken for something that the program says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from .desired import WIRE_VERSION, Desired
from .statement import Statement

LOG_BYTES: Final = 5 << 20
"""Of the end of a log: some hours of an Odoo that logs everything, and what a mail still takes."""
MOST_CARRIED: Final = LOG_BYTES + (1 << 19)
"""Bytes of all files together."""


class ErrandKind(StrEnum):
    """What is to be done."""

    COLLECT = "collect"
    RAISE_LOG_LEVEL = "raise_log_level"
    PUT_BACK_LOG_LEVEL = "put_back_log_level"


class LogLevel(StrEnum):
    """The levels that the vendor's page offers."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class PortionName(StrEnum):
    """Which file it is; the box chooses no names."""

    CONFIGURATION = "configuration"
    RESOLVERS = "resolvers"
    NGINX = "nginx"
    LOG = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One file that follows the reply.

    Args:
        size: bytes that follow.
        left_out: bytes before them that were left out.
    """

    name: PortionName
    size: int
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One errand.

    Args:
        level: to which the log is to be raised.
        until: when it is to be put back at the latest, by the control machine's clock.
        before: what was noted of the levels on the control machine, for a box that has forgotten it.
        sent_at: the control machine's clock when it sent this.
    """

    errand: ErrandKind
    desired: Desired
    deadline_seconds: float = 120.0
    level: LogLevel | None = None
    until: datetime | None = None
    before: dict[str, LogLevel] = field(default_factory=dict)
    sent_at: datetime | None = None
    version: int = WIRE_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What came of an errand.

    Args:
        portions: the files that follow, in order.
        versions: of the programs on the box.
        seen: what was done, or could not be, in sentences of `codes.phrases.support`.
        done: it is done; else `seen` says why not.
        before: the levels that have to be put back, by what the vendor's page calls their loggers.
    """

    portions: tuple[Portion, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    seen: tuple[Statement, ...] = ()
    done: bool = True
    before: dict[str, LogLevel] = field(default_factory=dict)
