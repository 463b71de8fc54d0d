"""Read and write the values of a box where its code branch keeps them, whatever the branch.

The vendor's program saves `odoo.conf` without a rename, so a reader can find it empty for a moment: it is read again.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from ...codes.writing.sentences import MOST
from ...machine.durable import DurableDisk, Owner
from ...machine.reason import reason
from ...machine.system import FileStatus, System, User
from ...machine.walking import allowed
from ...model.observed import Layout, Store, StoreFormat
from ...model.repair import StoreKey
from ...model.secret import Secret
from ...model.statement import Statement, say
from . import flat, ini
from .ini_edit import edit
from .values import StoreProblem, StoreReading

_INI_FILE = "odoo.conf"
_NEW_MODE = 0o600
_PERMISSIONS = 0o666
"""Reading and writing: nobody runs a store, or as its owner."""
_LIMIT = 1 << 18
_MOST_WARNINGS = MOST - 1
"""With one statement that counts the others, as many as a reader takes."""
_LONGEST_VALUE = 1000
"""Characters of a value that are told; none that is right is as long."""
_ATTEMPTS = 5
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class StoreFiles:
    """The store of one box."""

    system: System
    layout: Layout

    def observe(self) -> Store:
        """Return the values, or why they cannot be read."""
        try:
            reading = self.read()
        except OSError as error:
            why = reason(error)
            of_file = say("at_path", path=self._place(_INI_FILE), why=why)
            return Store(unreadable=why if error.filename else of_file)
        where = self.layout.home if self._flat else self._place(_INI_FILE)
        warnings = _first(reading.warnings)
        if wrong := _wrong(reading):
            return Store(place=where, malformed=wrong, warnings=warnings)
        values = reading.values
        return Store(
            place=where,
            server_url=_told(values[StoreKey.SERVER_URL]),
            token=_secret(values[StoreKey.TOKEN]),
            db_name=_told(values[StoreKey.DB_NAME]),
            db_uuid=_secret(values[StoreKey.DB_UUID]),
            enterprise_code=_secret(values[StoreKey.ENTERPRISE_CODE]),
            subject=_told(values[StoreKey.SUBJECT]),
            warnings=warnings,
        )

    def read(self) -> StoreReading:
        """Read all values.

        Raises:
            OSError: a file is there and cannot be read, or `odoo.conf` is missing.
        """
        if self._flat:
            return flat.read({key: self._content(self._place(name)) for key, name in flat.FILES.items()})
        reading = ini.read(self.system.read(self._place(_INI_FILE), _LIMIT), self.layout.store_format)
        for _ in range(_ATTEMPTS):
            if not reading.empty:
                break
            self.system.sleep(_PAUSE)
            reading = ini.read(self.system.read(self._place(_INI_FILE), _LIMIT), self.layout.store_format)
        return reading

    def write(self, disk: DurableDisk, changes: Mapping[StoreKey, str]) -> tuple[StoreKey, ...]:
        """Write what differs; return which keys that were.

        Raises:
            OSError: from the kernel.
            StoreProblem: the store is malformed, or cannot hold a value; nothing was written.
        """
        reading = self.read()
        if wrong := _wrong(reading):
            raise StoreProblem(wrong[0])
        different = {key: value for key, value in changes.items() if reading.values[key] != value}
        if self._flat:
            for key, value in different.items():
                path = self._place(flat.FILES[key])
                disk.replace(path, flat.render(value, key), self._owner(self._status(path)))
        elif different:
            path = self._place(_INI_FILE)
            held = self.system.hold(path, _LIMIT)
            content = edit(held.content, self.layout.store_format, different)
            disk.replace(path, content, self._owner(held.status))
        return tuple(different)

    def knows(self, key: StoreKey) -> bool:
        """Say whether this branch has a place for the value."""
        return not self._flat or key in flat.FILES

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every file that `write` may replace."""
        return tuple(self._place(name) for name in (flat.FILES.values() if self._flat else (_INI_FILE,)))

    @property
    def _flat(self) -> bool:
        return self.layout.store_format is StoreFormat.FLAT

    def _place(self, name: str) -> str:
        return posixpath.join(self.layout.home, name)

    def _content(self, path: str) -> bytes | None:
        try:
            return self.system.read(path, _LIMIT)
        except FileNotFoundError:
            return None

    def _status(self, path: str) -> FileStatus | None:
        try:
            return self.system.hold(path, _LIMIT).status
        except FileNotFoundError:
            return None

    def _owner(self, before: FileStatus | None) -> Owner:
        """Keep owner and permissions that root or the service user gave; nobody else is to read what is written."""
        user: User = self.system.user(self.layout.service_user)
        new = Owner(_NEW_MODE, user.uid, user.groups[0])
        if before is None or before.uid not in (0, user.uid):
            return new
        if before.uid == 0 and not before.guarded and allowed(before, user, 0o4):
            return new  # the folder's owner can put any file of root's there, of which others may read what is written
        return Owner(before.mode & _PERMISSIONS, before.uid, before.gid)


def _wrong(reading: StoreReading) -> tuple[Statement, ...]:
    """Return what keeps the vendor's program from reading the store."""
    return reading.malformed or ((say("store_empty"),) if reading.empty else ())


def _first(warnings: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return so many that the reply stays within its bounds, however many the box's user made."""
    more = len(warnings) - _MOST_WARNINGS
    return (*warnings[:_MOST_WARNINGS], say("more_of_this", more=more)) if more > 0 else warnings


def _told(value: str | None) -> str | None:
    return value and value[:_LONGEST_VALUE]


def _secret(value: str | None) -> Secret | None:
    return None if value is None else Secret(value)
