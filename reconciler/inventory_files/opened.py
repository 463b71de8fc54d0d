"""Files of an inventory while they are edited: read once, edited in memory, shown as they would be."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .document import Document
from .nodes import NotEditable
from .values import EditRefused

_MOST: Final = 8 << 20
"""Bytes of a file; an inventory of 50,000 boxes has fewer."""
_BOM: Final = "\ufeff"
_VAULTED: Final = "$ANSIBLE_VAULT;"
_NEW: Final = "---\n"


@dataclass(frozen=True, slots=True)
class Edit:
    """A file as it was read, and as it is to be.

    Args:
        path: where it really is, links followed.
        before: its bytes, `None` for a new file.
        after: bytes that it is to have.
    """

    path: Path
    before: bytes | None
    after: bytes


class OpenFile:
    """A file of YAML.

    Raises:
        NotEditable: it cannot be edited; the text goes after its name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = _read(path)
        text = _NEW if self.before is None else _decoded(self.before)
        self._bom = _BOM if text.startswith(_BOM) else ""
        if text.startswith(_VAULTED):
            raise NotEditable(
                "is encrypted as a whole: encrypt its values one by one, or move them into a folder of files"
            )
        self.document = Document(text.removeprefix(_BOM))

    def put(self, path: tuple[str, ...], value: Any) -> None:
        """Want an entry, as `Document.put` does."""
        self.document.put(path, value)

    def edit(self) -> Edit | None:
        """Return how the file changes, `None` where it does not.

        Raises:
            EditRefused: an entry cannot be added without changing more than is meant.
        """
        try:
            after = self.document.text
        except NotEditable as error:
            raise EditRefused(f"{shown_path(self.path)} {error}: add it by hand") from None
        return None if after == self.document.before else Edit(self.path, self.before, (self._bom + after).encode())


def shown_path(path: Path) -> str:
    """Return a path as it is written from here, on one line."""
    here = Path.cwd()
    text = str(path.relative_to(here) if path.is_relative_to(here) else path)
    return text if text.isprintable() else ascii(text)[1:-1]


def real(path: Path) -> Path:
    """Return where a file really is, or would be."""
    return Path(os.path.realpath(path))


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EditRefused(f"{shown_path(path)}: {error.strerror}: correct its owner and mode") from None
    if len(raw) > _MOST:
        raise NotEditable(f"is longer than {_MOST >> 20} MiB")
    return raw


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise NotEditable("is not UTF-8") from None
