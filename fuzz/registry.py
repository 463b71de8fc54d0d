"""The targets: one file each, with `seeds()` and `one_input(data)`, which raises when something does not hold."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuzz.oracle import affordable

_FOLDER = Path(__file__).parent / "targets"
NAMES = tuple(sorted(path.stem for path in _FOLDER.glob("*.py")))


@dataclass(frozen=True, slots=True)
class FuzzTarget:
    """One way in."""

    name: str
    module: Any

    def seeds(self) -> list[bytes]:
        """Return inputs to begin with, good and bad ones."""
        made: list[bytes] = self.module.seeds()
        return made

    def one_input(self, data: bytes) -> None:
        """Try one input; any exception is a finding, and so is what costs too much."""
        with affordable():
            self.module.one_input(data)


def load(name: str) -> FuzzTarget:
    """Import a target.

    Raises:
        KeyError: there is none of this name.
    """
    if name not in NAMES:
        raise KeyError(name)
    return FuzzTarget(name, importlib.import_module(f"fuzz.targets.{name}"))
