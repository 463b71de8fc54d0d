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
from configparser import Error as ConfigParserError
from configparser import RawConfigParser
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from ..machine.durable import ROOT_DIRECTORY, ROOT_SECRET, DurableDisk
from ..machine.reason import reason
from ..model import wire
from ..model.errand import Brought, LogLevel
from ..model.errors import WireError
from ..model.generation import Generation
from ..model.repair import StoreKey
from ..model.statement import Statement, Value, say
from .context import Box
from .paths import RUNTIME
from .services.log_page import LOGGERS, ODOO, ROOT, CannotSet, LogPage
from .services.odoo import start_mark
from .store.files import StoreFiles
from .store.ini import SECTION, parser_for
from .store.values import StoreProblem

NOTE: Final = f"{RUNTIME}/log-level.json"
_LIMIT: Final = 1 << 16
_CONFIGURATION: Final = 1 << 18
_OPTIONS: Final = "options"
_PAGES_OWN: Final = "log_"
"""How the names of options and values begin that the page writes itself."""
_TURNED: Final = {Generation.CACHED: (ODOO,), Generation.NEWEST: (ROOT, ODOO)}
"""Older branches set Odoo's own logger at their start. Newer ones leave it to the root, and changing Odoo's own would
change that of its web server as well, which nobody could put back; so it is changed only where the root is not enough.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """What has to be put back.

    Args:
        start: when the program had started.
        options: names of the options in `odoo.conf` before; `kept`: digest of their values and those of the link.
        file: digest of the whole file when the page had written it, which a run that was killed did not come to note.
    """

    before: dict[str, LogLevel]
    level: LogLevel
    until: datetime
    start: float | None = None
    options: tuple[str, ...] = ()
    kept: str = ""
    file: str = ""


@dataclass(slots=True)
class _Level:
    """The log level of one box."""

    box: Box
    seen: list[Statement] = field(default_factory=list)
    page: LogPage = field(init=False)

    def __post_init__(self) -> None:
        self.page = LogPage(self.box)

    def turn_up(self, level: LogLevel, until: datetime) -> dict[str, LogLevel]:
        """Note, change, and see that it came about."""
        before = self.page.levels()
        if before[ODOO] is level:
            self.seen.append(say("level_as_wanted", level=level))
            return {}
        self._must_fit(None)
        options, values = self._options(), self._values()
        note = _Note(
            before={},
            level=level,
            until=until,
            start=start_mark(self.box.system),
            options=options,
            kept=self._kept(options),
        )
        for name in _TURNED[self.box.layout.generation]:
            note = replace(note, before={**note.before, name: before[name]})
            self._keep(note)
            self.page.set(name, level)
            if self.page.levels()[ODOO] is level:
                break
        self._must_have_kept(values)
        self._keep(replace(note, file=self._digest()))
        self.seen.append(say("level_raised", level=level, before=before[ODOO]))
        return note.before

    def turn_down(self, note: _Note) -> None:
        """Put back what was noted."""
        self._must_fit(note)
        values = self._values()
        for name, level in reversed(note.before.items()):
            self.page.set(name, level)
        if (now := self.page.levels()[ODOO]) is not note.before.get(ODOO, now):
            raise CannotSet(say("level_not_taken", said=now))
        self._must_have_kept(values)
        DurableDisk(self.box.system, ()).remove(NOTE)
        self.seen.append(say("level_put_back", before=note.before.get(ODOO, note.before.get(ROOT))))

    def _must_fit(self, note: _Note | None) -> None:
        """Refuse where the page would write something else than the file has."""
        if not self.box.layout.keeps_values_in_memory:
            return
        path, system = self._file, self.box.system
        start = start_mark(system)
        if start is None:
            raise CannotSet(say("level_start_unknown", path=path))
        is_as_read = system.status(path, follow=True).mtime <= start
        is_as_written = note is not None and note.start == start and self._is_as_written(note)
        if not (is_as_read or is_as_written):
            raise CannotSet(say("level_would_undo", path=path))

    def _is_as_written(self, note: _Note) -> bool:
        return note.file == self._digest() if note.file else note.kept == self._kept(note.options)

    def _options(self) -> tuple[str, ...]:
        known = self._parsed()
        names = known.options(_OPTIONS) if known.has_section(_OPTIONS) else []
        return tuple(name for name in names if not name.startswith(_PAGES_OWN))

    def _kept(self, options: tuple[str, ...]) -> str:
        known = self._parsed()
        own = known.items(SECTION, raw=True) if known.has_section(SECTION) else []
        of_link = sorted(each for each in own if not each[0].startswith(_PAGES_OWN))
        kept = [(name, known.get(_OPTIONS, name, raw=True, fallback=None)) for name in options]
        return hashlib.sha256(repr((of_link, kept)).encode("utf-8", "surrogateescape")).hexdigest()

    def _parsed(self) -> RawConfigParser:
        parser = parser_for(self.box.layout.store_format)
        with suppress(ConfigParserError):  # then it is not what it was
            parser.read_string(self.box.system.read(self._file, _CONFIGURATION).decode("utf-8", "surrogateescape"))
        return parser

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
            raise CannotSet(say("level_undid_and_stays", keys=keys, reason=reason(error))) from None
        raise CannotSet(say("level_undid", keys=keys))

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
            raise CannotSet(say("level_note_unwritten", reason=reason(error))) from None


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
    except (CannotSet, OSError) as error:
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
        known = {name: level for name, level in before.items() if name in LOGGERS}
        note = _Note(before=known, level=LogLevel.DEBUG, until=box.system.now())
    if note is None:
        return Brought(seen=(say("nothing_to_put_back"),))
    try:
        one.turn_down(note)
    except (CannotSet, OSError) as error:
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


def _why(error: CannotSet | OSError) -> Statement:
    return error.why if isinstance(error, CannotSet) else say("reads", reason=reason(error))


def sentence_of(error: CannotSet | OSError) -> Value:
    """Return why, as a place of another sentence holds it."""
    from ..codes.phrases.support import SUPPORT
    from ..codes.writing.sentences import sentence

    return sentence(_why(error), SUPPORT)
