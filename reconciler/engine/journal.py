"""What a run has begun to change, durable before it begins, so that the next run can finish what this one could not.

In the field's words a write-ahead log. One line of JSON per event. A box that was begun and not ended in the newest
entry about it is unfinished: the program on it finished or undid its work alone, and the next run looks how far it
came.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from .state_folder import kept


class Journal:
    """The journal of one inventory. Entries of runs that ended in good order are forgotten at the next start."""

    def __init__(self, path: Path) -> None:
        """Read what earlier runs left.

        Raises:
            StateUnusable: it cannot be read.
        """
        self._path = path
        with kept(path):
            self._unfinished = dict.fromkeys(_read(path))

    @classmethod
    def beside(cls, folder: Path) -> Self:
        """Open the journal in an inventory's state directory."""
        return cls(folder / "journal.jsonl")

    @property
    def unfinished(self) -> tuple[str, ...]:
        """Boxes that a run began to change and whose end it did not see, in the order in which they were begun."""
        return tuple(self._unfinished)

    def start(self) -> None:
        """Write the journal anew with nothing but what is unfinished.

        Raises:
            StateUnusable: it cannot be written; so for the following.
        """
        fresh = self._path.with_suffix(".new")
        with kept(fresh):
            with fresh.open("w", encoding="utf-8") as file:
                file.writelines(_line(name, "began") for name in self._unfinished)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)

    def began(self, name: str) -> None:
        """Note that a box is about to be changed; this is on the disk when it returns."""
        self._append(name, "began", durable=True)
        self._unfinished[name] = None

    def ended(self, name: str) -> None:
        """Note that the end of a box's run was seen; should this be lost, the next run only looks once more."""
        self._append(name, "ended", durable=False)
        self._unfinished.pop(name, None)

    def _append(self, name: str, what: str, *, durable: bool) -> None:
        with kept(self._path), self._path.open("a", encoding="utf-8") as file:
            file.write(_line(name, what))
            if durable:
                file.flush()
                os.fsync(file.fileno())


def _line(name: str, what: str) -> str:
    return json.dumps({"box": name, "event": what}) + "\n"


def _read(path: Path) -> list[str]:
    begun: dict[str, None] = {}
    for entry in _entries(path):
        name, what = entry.get("box"), entry.get("event")
        if isinstance(name, str) and what == "began":
            begun[name] = None
        elif isinstance(name, str) and what == "ended":
            begun.pop(name, None)
    return list(begun)


def _entries(path: Path) -> Iterator[dict[str, object]]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # a power cut may leave the last line half written; what it said had not begun
        if isinstance(entry, dict):
            yield entry
