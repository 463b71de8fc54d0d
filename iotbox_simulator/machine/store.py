"""How the vendor's program reads and writes its values: flat files, or one INI file with or without interpolation."""

from __future__ import annotations

import configparser
import errno
import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from reconciler.model.observed import StoreFormat

from ..vendor_facts.store import FLAT_FILES, SECTION, flat_text, updated
from .image import INI
from .view import FileView

OPTIONS_SECTION = "options"
LINK_KEYS = ("remote_server", "token", "db_uuid", "enterprise_code", "subject")


@dataclass(slots=True)
class VendorStore:
    """The vendor's own view of its values.

    Args:
        cached: text of the file as it was when the program started.
        started_with: the same, which saves do not change.
        server: the link, once it was read; the newer code keeps it until its next start or save.
    """

    store_format: StoreFormat
    files: FileView
    cached: str | None = None
    started_with: str = ""
    server: str | None = None

    def load_at_start(self) -> None:
        """Do what the program does first.

        Raises:
            configparser.Error, UnicodeDecodeError, OSError: it cannot start with this file.
        """
        self.server = None
        if self.store_format is StoreFormat.FLAT:
            return
        text = self.files.read(INI).decode()
        if text.startswith("\ufeff"):
            raise configparser.MissingSectionHeaderError(INI, 1, "BOM")
        self._read(text)
        self.cached = self.started_with = text

    def get(self, key: str) -> str | None:
        """Return a value as the program sees it now; None where it has none.

        Raises:
            configparser.InterpolationError: the value holds a lone percent sign, on branches that mind.
        """
        if self.store_format is StoreFormat.FLAT:
            return self._first_line(key)
        if self.store_format is StoreFormat.INI_INTERPOLATED and self.cached is not None:
            return self._read(self.cached).get(SECTION, key, fallback=None)
        if key == "remote_server" and self.server:
            return self.server
        value = self._read(self.files.read(INI).decode()).get(SECTION, key, fallback=None)
        if key == "remote_server" and self.store_format is StoreFormat.INI_RAW:
            self.server = value
        return value

    def save(self, key: str, value: str) -> None:
        """Write one value; see `save_all`."""
        self.save_all({key: value})

    def save_all(self, values: Mapping[str, str | None]) -> None:
        """Write values as the program does; what is empty is deleted.

        The first save since its start brings back what it had read then. The newest code writes the file once per key.

        Raises:
            ValueError: a value holds a lone percent sign, on branches that mind.
        """
        if self.store_format is StoreFormat.FLAT:
            for key, value in values.items():
                self._save_flat(key, value)
            return
        self.server = None
        raw = self.store_format is StoreFormat.INI_RAW
        for part in [{key: value} for key, value in values.items()] if raw else [values]:
            self._save_ini(part)

    def save_options(self, values: Mapping[str, str]) -> None:
        """Write options of the program itself, beside its values.

        Raises:
            configparser.Error, OSError: as for any save.
        """
        raw = self.store_format is StoreFormat.INI_RAW
        self.server = None
        for part in [{key: value} for key, value in values.items()] if raw else [values]:
            self._save_ini(part, OPTIONS_SECTION)

    def save_as_started(self, options: Mapping[str, str], values: Mapping[str, str]) -> None:
        """Write all options, and the values as they were when the program started, whatever was saved since.

        Args:
            values: go over those of then.
        """
        parser = configparser.RawConfigParser()
        parser.read_string(self.started_with)
        then = dict(parser.items(SECTION)) if parser.has_section(SECTION) else {}
        parser[OPTIONS_SECTION] = dict(options)
        parser[SECTION] = {**then, **values}
        self.files.write(INI, as_text(parser).encode())

    def _save_ini(self, values: Mapping[str, str | None], section: str = SECTION) -> None:
        stale = self.cached if self.store_format is StoreFormat.INI_INTERPOLATED else None
        parser = _parse(stale if stale is not None else self.files.read(INI).decode(), self.store_format)
        self.cached = None
        self.files.write(INI, as_text(updated(parser, values, section)).encode())

    def _save_flat(self, key: str, value: str | None) -> None:
        path = self._flat_path(key)
        if value:
            self.files.write(path, flat_text(key, value).encode())
            return
        with suppress(FileNotFoundError):
            self.files.remove(path)

    def _read(self, text: str) -> configparser.RawConfigParser:
        return _parsed(text, self.store_format)

    def _first_line(self, key: str) -> str | None:
        try:
            return self.files.read(self._flat_path(key)).decode().partition("\n")[0] or None
        except FileNotFoundError:
            return None

    def _flat_path(self, key: str) -> str:
        if key not in FLAT_FILES:
            raise OSError(errno.EINVAL, f"this branch keeps no {key}")
        return f"/home/pi/{FLAT_FILES[key]}"


def _parse(text: str, store_format: StoreFormat) -> configparser.RawConfigParser:
    raw = store_format is StoreFormat.INI_RAW
    parser = configparser.RawConfigParser() if raw else configparser.ConfigParser()
    parser.read_string(text)
    return parser


_parsed = lru_cache(maxsize=256)(_parse)
"""For reading only: each start of the program asks for five values, and thousands of boxes start with the same text."""


def as_text(parser: configparser.RawConfigParser) -> str:
    """Return what `write` of the standard library makes of it: comments are gone, one blank line after a section."""
    written = io.StringIO()
    parser.write(written)
    return written.getvalue()
