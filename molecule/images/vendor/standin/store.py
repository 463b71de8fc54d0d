"""Where a box keeps its link and credentials: three habits of three generations."""

from __future__ import annotations

import configparser
from pathlib import Path
from typing import Protocol

from .disk import writable
from .facts.options import OPTIONS
from .facts.store import FLAT_FILES, SECTION, Values, flat_text, updated
from .generations import HOME, Generation

CONF = HOME / "odoo.conf"


class Store(Protocol):
    """Reads and saves values; None deletes."""

    def get(self, key: str) -> str | None: ...

    def save(self, values: Values) -> None: ...

    def save_as_started(self) -> None: ...


class FlatStore:
    """15.0, 16.0 and early 17.0: one file per value, nothing cached."""

    def get(self, key: str) -> str | None:
        """First line of the file, only the line end removed."""
        path = HOME / FLAT_FILES[key]
        return path.read_text().partition("\n")[0] if path.exists() else None

    def save(self, values: Values) -> None:
        """Write each value into its file, and delete the file of an absent one."""
        with writable(remounts=True):
            for key, value in values.items():
                path = HOME / FLAT_FILES.get(key, f"odoo-{key}.conf")
                if value:
                    path.write_text(flat_text(key, value))
                else:
                    path.unlink(missing_ok=True)

    def save_as_started(self) -> None:
        """Nothing is kept in memory, so nothing can be put back."""


class CachedStore:
    """Late 17.0 and 18.0: the parsed file is kept, and the first save of a process writes it back, stale or not."""

    def __init__(self) -> None:
        self._kept: configparser.ConfigParser | None = self._read()
        self._at_start = self._read()
        self._saved_once = False
        if not self._kept.has_section(SECTION):
            self._migrate()

    def get(self, key: str) -> str | None:
        """The kept value; a lone per cent sign raises, as it does there."""
        if self._kept is None:
            self._kept = self._read()
        return self._kept.get(SECTION, key, fallback=None)

    def save(self, values: Values) -> None:
        """Write the whole file; only the first time from what was read at the start."""
        parser = self._kept if self._kept is not None and not self._saved_once else self._read()
        self._write(updated(parser, values))
        self._saved_once = True
        self._kept = None

    def save_as_started(self) -> None:
        """What a change of log levels in the page does: as when the process started, with every option there is."""
        parser = self._at_start
        for name, value in OPTIONS.items():
            if not parser.has_option("options", name):
                parser.set("options", name, value)
        self._write(parser)
        self._kept = None

    def _migrate(self) -> None:
        found = {key: HOME / name for key, name in FLAT_FILES.items() if (HOME / name).exists()}
        version = Path("/var/odoo/iotbox_version").read_text()
        self.save({"iotbox_version": version, **{key: path.read_text().strip() for key, path in found.items()}})
        with writable(remounts=True):
            for path in found.values():
                path.unlink()
        self._saved_once = False
        self._at_start = self._read()

    @staticmethod
    def _read() -> configparser.ConfigParser:
        parser = configparser.ConfigParser()
        with CONF.open() as file:
            parser.read_file(file)
        return parser

    @staticmethod
    def _write(parser: configparser.RawConfigParser) -> None:
        with writable(remounts=True), CONF.open("w") as file:
            parser.write(file)


class RawStore:
    """18.4 and later: read again at each call, written once per key, only the server's address is kept."""

    def __init__(self) -> None:
        self._read()
        self._server: str | None = None

    def get(self, key: str) -> str | None:
        """The value in the file now."""
        if key == "remote_server":
            self._server = self._server or self._read().get(SECTION, key, fallback=None)
            return self._server
        return self._read().get(SECTION, key, fallback=None)

    def save(self, values: Values) -> None:
        """Rewrite the file for each key, without a lock."""
        for key, value in values.items():
            parser = updated(self._read(), {key: value})
            with CONF.open("w", encoding="utf-8") as file:
                parser.write(file)
        self._server = None

    def save_as_started(self) -> None:
        """Only older code puts back what it read at its start."""

    @staticmethod
    def _read() -> configparser.RawConfigParser:
        parser = configparser.RawConfigParser()
        with CONF.open() as file:
            parser.read_file(file)
        return parser


def open_store(generation: Generation) -> Store:
    """The store of a generation; a file that does not parse ends the process, and systemd starts it again."""
    if generation.name == "flat":
        return FlatStore()
    return CachedStore() if generation.name == "cached" else RawStore()
