"""Whose log level this machine has raised and not put back: noted before, so that the next run can do it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from ..engine.state_folder import keep_private, state_directory
from ..model import wire
from ..model.errand import LogLevel
from ..model.errors import WireError

_FILE: Final = "log-levels.json"


@dataclass(frozen=True, slots=True)
class Raised:
    """One box. `before`: its levels, `until`: when they are to be put back, by this machine's clock."""

    until: datetime
    before: dict[str, LogLevel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _All:
    boxes: dict[str, Raised] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LevelsLeft:
    """The note beside the journal of one inventory."""

    path: Path

    @classmethod
    def of(cls, sources: Sequence[str]) -> LevelsLeft:
        """Return the note of an inventory.

        Raises:
            StateUnusable: there is no place for it.
        """
        return cls(state_directory(sources) / _FILE)

    def boxes(self) -> Mapping[str, Raised]:
        """Return what is noted; a note that cannot be read says nothing."""
        try:
            return wire.decode(_All, json.loads(self.path.read_text(encoding="utf-8")), "note").boxes
        except (OSError, ValueError, RecursionError, WireError):
            return {}

    def put(self, box: str, raised: Raised | None) -> None:
        """Note a box, or forget it.

        Raises:
            StateUnusable: it cannot be written.
        """
        rest = {name: each for name, each in self.boxes().items() if name != box}
        boxes = rest if raised is None else {**rest, box: raised}
        keep_private(self.path, json.dumps(wire.encode(_All(boxes))))
