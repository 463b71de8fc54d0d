"""What the vendor's program lets into its log: the level of each logger, as `log_handler` of its options names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_ORDER: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_OF_PYTHON: Final = "WARNING"
PARENT: Final = "parent"
"""In place of a level: none of its own."""


@dataclass(frozen=True, slots=True)
class LogLevels:
    """Levels as `log_handler` has them: `logger:LEVEL`, the root logger without a name. A later one wins."""

    handlers: tuple[str, ...] = ()

    @classmethod
    def of(cls, option: str) -> LogLevels:
        """Read the option."""
        return cls(tuple(each.strip() for each in option.split(",") if ":" in each))

    @property
    def option(self) -> str:
        """Return what the option says."""
        return ",".join(self.handlers)

    def of_logger(self, logger: str) -> str:
        """Return the level that counts for a logger: its own, or that of the nearest one above it."""
        known = dict(each.rsplit(":", 1) for each in self.handlers)
        while logger and logger not in known:
            logger = logger.rpartition(".")[0]
        level = known.get(logger, _OF_PYTHON).upper()
        return level if level in _ORDER else _OF_PYTHON

    def lets_in(self, logger: str, level: str) -> bool:
        """Say whether a line is written."""
        return _ORDER.index(level) >= _ORDER.index(self.of_logger(logger))

    def with_level(self, logger: str, level: str) -> LogLevels:
        """Return these with another level of a logger, as its page sets it."""
        rest = tuple(each for each in self.handlers if not each.startswith(f"{logger}:"))
        return LogLevels(rest if level == PARENT else (*rest, f"{logger}:{level.upper()}"))
