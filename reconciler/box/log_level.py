"""Turn up the log of the vendor's program for a while, by its own page, and put it back.

The page changes the level at once, without a restart, and writes it into `odoo.conf`. Late 17.0 and 18.0 write all of
that file as they read it at their start, which would undo what was edited since: so there it is done only while the
file is what the program has in memory, and what the file says of the link is compared afterwards. What has to be put
back is noted before anything is changed, so that the next run can do it where this one is killed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from ..machine.durable import ROOT_DIRECTORY, ROOT_SECRET, DurableDisk
from ..machine.reason import reason
from ..model import wire
from ..model.errand import Brought, LogLevel
from ..model.errors import WireError
from ..model.generation import Generation
from ..model.repair import StoreKey
from ..model.secret import redact
from ..model.statement import Statement, Value, say
from .context import Box
from .paths import RUNTIME
from .services.odoo import start_mark
from .store.files import StoreFiles
from .store.values import StoreProblem

NOTE: Final = f"{RUNTIME}/log-level.json"
_SECONDS: Final = 10.0
_LIMIT: Final = 1 << 16
_CONFIGURATION: Final = 1 << 18
_HTTP_OK: Final = 200
_PREFIX: Final = {Generation.CACHED: "hw_posbox_homepage", Generation.NEWEST: "iot_drivers"}
"""15.0, 16.0 and early 17.0 have no such page."""
_ODOO: Final = "iot-logging-odoo"
_ROOT: Final = "iot-logging-root"
_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {_ODOO: "odoo_current_log_level", _ROOT: "root_logger_log_level"},
)
_TURNED: Final = {Generation.CACHED: (_ODOO,), Generation.NEWEST: (_ROOT, _ODOO)}
"""Older branches set Odoo's own logger at their start. Newer ones leave it to the root, and changing Odoo's own would
change that of its web server as well, which nobody could put back; so it is changed only where the root is not enough.
"""


class _Unable(Exception):
    """It cannot be done; the statement says why."""

    def __init__(self, why: Statement) -> None:
        super().__init__(why.says)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """What has to be put back.

    Args:
        file: digest of `odoo.conf` when the page had written it; `start`: when the program had started then.
    """

    before: dict[str, LogLevel]
    level: LogLevel
    until: datetime
    file: str = ""
    start: float | None = None


@dataclass(slots=True)
class _Level:
    """The log level of one box."""

    box: Box
    seen: list[Statement] = field(default_factory=list)

    def turn_up(self, level: LogLevel, until: datetime) -> dict[str, LogLevel]:
        """Note, change, and see that it came about."""
        before = self._levels()
        if before[_ODOO] is level:
            self.seen.append(say("level_as_wanted", level=level))
            return {}
        self._must_fit(None)
        loggers = _TURNED[self.box.layout.generation]
        note = _Note(before={name: before[name] for name in loggers}, level=level, until=until)
        self._keep(note)
        values = self._values()
        for name in loggers:
            self._set(name, level)
            if self._levels()[_ODOO] is level:
                break
        self._must_have_kept(values)
        self._keep(replace(note, file=self._digest(), start=start_mark(self.box.system)))
        self.seen.append(say("level_raised", level=level, before=before[_ODOO]))
        return note.before

    def turn_down(self, note: _Note) -> None:
        """Put back what was noted."""
        self._must_fit(note)
        values = self._values()
        for name, level in reversed(note.before.items()):
            self._set(name, level)
        if (now := self._levels()[_ODOO]) is not note.before.get(_ODOO, now):
            raise _Unable(say("level_not_taken", said=now))
        self._must_have_kept(values)
        DurableDisk(self.box.system, ()).remove(NOTE)
        self.seen.append(say("level_put_back", before=note.before.get(_ODOO, note.before.get(_ROOT))))

    def _must_fit(self, note: _Note | None) -> None:
        """Refuse where the page would write something else than the file has."""
        if not self.box.layout.keeps_values_in_memory:
            return
        path, system = self._file, self.box.system
        start = start_mark(system)
        if start is None:
            raise _Unable(say("level_start_unknown", path=path))
        is_as_read = system.status(path, follow=True).mtime <= start
        is_as_written = note is not None and note.start == start and note.file == self._digest()
        if not (is_as_read or is_as_written):
            raise _Unable(say("level_would_undo", path=path))

    def _must_have_kept(self, values: Mapping[StoreKey, str | None]) -> None:
        """Compare what the file says of link and credentials, and write back what the page undid."""
        now = self._values()
        lost = {key: value for key, value in values.items() if value and now[key] != value}
        if not lost:
            return
        keys = tuple(map(str, lost))
        try:
            self.box.system.private_mounts()
            StoreFiles(self.box.system, self.box.layout).write(self.box.disk, lost)
        except (OSError, StoreProblem) as error:
            raise _Unable(say("level_undid_and_stays", keys=keys, reason=reason(error))) from None
        raise _Unable(say("level_undid", keys=keys))

    def _values(self) -> Mapping[StoreKey, str | None]:
        return StoreFiles(self.box.system, self.box.layout).read().values

    @property
    def _file(self) -> str:
        return StoreFiles(self.box.system, self.box.layout).paths[0]

    def _digest(self) -> str:
        return hashlib.sha256(self.box.system.read(self._file, _CONFIGURATION)).hexdigest()

    def _keep(self, note: _Note) -> None:
        disk = DurableDisk(self.box.system, ())
        try:
            disk.directory(RUNTIME, ROOT_DIRECTORY)
            disk.replace(NOTE, json.dumps(wire.encode(note)).encode(), ROOT_SECRET)
        except OSError as error:
            raise _Unable(say("level_note_unwritten", reason=reason(error))) from None

    def _levels(self) -> dict[str, LogLevel]:
        told = self._ask("log_levels", None)
        try:
            return {name: LogLevel(told[key]) for name, key in _KEYS.items()}
        except (KeyError, ValueError):
            raise _Unable(say("level_no_answer", said="no log levels")) from None

    def _set(self, name: str, level: LogLevel) -> None:
        told = self._ask("log_levels_update", {"params": {"name": name, "value": level.value}})
        result = told.get("result")
        if not isinstance(result, dict) or result.get("status") != "success":
            said = result.get("message") if isinstance(result, dict) else "an error"
            raise _Unable(say("level_not_taken", said=redact(str(said))))

    def _ask(self, route: str, body: object | None) -> dict[str, Any]:
        box, prefix = self.box, _PREFIX.get(self.box.layout.generation)
        if prefix is None:
            raise _Unable(say("level_has_no_page", branch=box.layout.branch))
        url = f"http://127.0.0.1:{box.desired.homepage_port}/{prefix}/{route}"
        seconds = box.deadline.within(_SECONDS)
        try:
            if body is None:
                reply = box.system.get(url, seconds, _LIMIT)
            else:
                reply = box.system.post(url, json.dumps(body).encode(), seconds, _LIMIT)
            told = json.loads(reply.body) if reply.status == _HTTP_OK else None
        except (OSError, ValueError, RecursionError) as error:
            raise _Unable(say("level_no_answer", said=_said(error))) from None
        if not isinstance(told, dict):
            raise _Unable(say("level_no_answer", said=f"HTTP {reply.status}"))
        return told


def raise_level(box: Box, level: LogLevel, until: datetime) -> Brought:
    """Raise the level; what an earlier run left is put back first.

    Args:
        until: when the next run is to put it back, should this one not come to it.
    """
    one = _Level(box)
    try:
        if (left := _recall(box)) is not None:
            one.turn_down(left)
        before = one.turn_up(level, until)
    except (_Unable, OSError) as error:
        left = _recall(box)
        return Brought(seen=(*one.seen, _why(error)), done=False, before=left.before if left else {})
    return Brought(seen=tuple(one.seen), before=before)


def put_back(box: Box, before: Mapping[str, LogLevel]) -> Brought:
    """Put the level back.

    Args:
        before: what the control machine noted, for a box that has forgotten it since.
    """
    one, note = _Level(box), _recall(box)
    if note is None and before:
        known = {name: level for name, level in before.items() if name in _KEYS}
        note = _Note(before=known, level=LogLevel.DEBUG, until=box.system.now())
    if note is None:
        return Brought(seen=(say("nothing_to_put_back"),))
    try:
        one.turn_down(note)
    except (_Unable, OSError) as error:
        left = say("level_left", level=note.level, why=sentence_of(error))
        return Brought(seen=(*one.seen, left), done=False, before=note.before)
    return Brought(seen=tuple(one.seen))


def put_back_overdue(box: Box) -> Brought | None:
    """Put back what a run that was killed left, once its time is over; `None` where there is nothing to do."""
    note = _recall(box)
    if note is None or box.system.now() < note.until:
        return None
    return put_back(box, {})


def _recall(box: Box) -> _Note | None:
    try:
        return wire.decode(_Note, json.loads(box.system.read(NOTE, _LIMIT)), "note of the log level")
    except (OSError, ValueError, RecursionError, WireError):
        return None


def _why(error: _Unable | OSError) -> Statement:
    return error.why if isinstance(error, _Unable) else say("reads", reason=reason(error))


def sentence_of(error: _Unable | OSError) -> Value:
    """Return why, as a place of another sentence holds it."""
    from ..codes.phrases.support import SUPPORT
    from ..codes.writing.sentences import sentence

    return sentence(_why(error), SUPPORT)


def _said(error: Exception) -> str:
    return redact(str(error) if isinstance(error, OSError) else "something that is no JSON")
