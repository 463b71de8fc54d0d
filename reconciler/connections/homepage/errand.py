"""An errand at a box without SSH: its log by a stream of its own, what its pages show, and the level of its log.

Nothing is kept on such a box, so what has to be put back is noted on the control machine alone. Late 17.0 and 18.0
write all of `odoo.conf` from memory when a level is changed, and no page shows whether the file is still what is in
memory: so Odoo is restarted before, after which it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ...checks import Case, gate
from ...checks.clock import judged_at
from ...homepage.answer import NoAnswer
from ...homepage.detect import SeenPage, detect
from ...homepage.dialect import Dialect, PageRoute
from ...homepage.orders import carry_out, log_level
from ...homepage.replies import object_of
from ...model.errand import LOG_BYTES, Brought, Errand, ErrandKind, LogLevel, Portion, PortionName
from ...model.secret import Secret, WideMask
from ...model.statement import Statement, say
from ..errand_reply import Carried, ErrandFailed
from .awaited import Awaiting, RestartSeen
from .clock import TimeLeft
from .look import Looking
from .run import silent
from .way import PagesOfBox

_MOST_READ: Final = 64 << 20
"""Bytes of a log that are gone through for its end: the page gives all of it."""
_STATUS: Final = 1 << 16
_PREFIX: Final = "iot-logging-"
_SHOWN: Final = {"odoo": "odoo_current_log_level", "root": "root_logger_log_level"}
_TURNED: Final = {
    Dialect.OWL: {"odoo": LogLevel.WARNING},
    Dialect.OWL_18_3: {"odoo": LogLevel.WARNING},
    Dialect.NEWEST: {"root": LogLevel.INFO, "odoo": LogLevel.INFO},
}
"""Which loggers are changed, in order until the level counts, and how each is on a box that nobody changed."""
_ESCAPED: Final = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_SHORT: Final = {"b": " ", "f": " ", "n": "\n", "r": "\n", "t": "\t"}


def carried(way: PagesOfBox, errand: Errand) -> Carried:
    """Run an errand.

    Raises:
        ErrandFailed: the box does not answer, or is none.
    """
    left = TimeLeft.of(way.timing, errand.deadline_seconds)
    way = replace(way, left=left)
    try:
        seen = detect(way.page)
        look = Looking(way, errand.desired, seen).look()
        if (closed := gate(Case(errand.desired, look.observed, judged_at(look.observed)))) is not None:
            refused = say("closed", code=closed.code, seen=closed.evidence)
            return Carried(Brought(done=False, seen=(say("nothing_done"), refused)))
        if errand.errand is ErrandKind.COLLECT:
            secrets = (look.observed.store.db_uuid, look.observed.store.enterprise_code)
            return _collected(way, left, seen, secrets)
        return Carried(_Levels(way, seen, left).changed(errand))
    except NoAnswer as why:
        raise ErrandFailed(silent(way.client.address, way.client.port, why)) from None


def _collected(way: PagesOfBox, left: TimeLeft, seen: SeenPage, secrets: Iterable[Secret | None]) -> Carried:
    mask, entry = WideMask(*(each for each in secrets if each)), seen.entry
    said: list[Statement] = []
    files: dict[PortionName, bytes] = {}
    if entry.status.reads:
        files[PortionName.CONFIGURATION] = way.page.get(entry.status.path).body[:_STATUS]
    route = entry.logs_windows if seen.is_windows else entry.logs
    left_out = 0
    try:
        page = way.page
        page.seconds = max(page.seconds, left.seconds)  # one request of all that the box has logged
        tail, left_out = _end(page.log(route.path, _MOST_READ))
        files[PortionName.LOG] = _lines(tail, route, whole=not left_out)
    except NoAnswer as why:
        said.append(say("portion_unread", path=route.path, reason=why.statement))
    masked = {name: mask.of(body.decode("utf-8", "replace")).encode() for name, body in files.items()}
    portions = tuple(
        Portion(name=name, size=len(body), left_out=left_out if name is PortionName.LOG else 0)
        for name, body in masked.items()
    )
    versions = {"system": seen.system.value, "image": seen.image_version, "pages": seen.dialect.value}
    return Carried(Brought(portions=portions, seen=tuple(said), versions=versions), masked)


def _end(pieces: Iterable[bytes]) -> tuple[bytes, int]:
    """Return the last bytes of a stream, and how many came before them."""
    kept, came = bytearray(), 0
    for piece in pieces:
        came += len(piece)
        kept += piece
        if len(kept) > 2 * LOG_BYTES:
            del kept[:-LOG_BYTES]
    return bytes(kept[-LOG_BYTES:]), max(came - LOG_BYTES, 0)


def _lines(tail: bytes, route: PageRoute, *, whole: bool) -> bytes:
    """Return whole lines; where they stand in a text of JSON, its escapes are undone, and nothing of it is parsed."""
    text = tail.decode("utf-8", "replace")
    if route.path.endswith("/iot_logs"):
        text = _ESCAPED.sub(_unescaped, text)
    return (text if whole else text.partition("\n")[2]).encode("utf-8", "replace")


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is not None:
        return chr(int(found[1], 16))
    return _SHORT.get(found[2], found[2])


@dataclass(frozen=True, slots=True)
class _Levels:
    way: PagesOfBox
    seen: SeenPage
    left: TimeLeft

    def changed(self, errand: Errand) -> Brought:
        """Raise the level, or put it back."""
        usual = _TURNED.get(self.seen.dialect)
        if usual is None:
            return Brought(done=False, seen=(say("level_has_no_page", branch=None),))
        if errand.errand is ErrandKind.RAISE_LOG_LEVEL and errand.level is not None:
            return self._raised(errand.level, usual)
        noted = {name.removeprefix(_PREFIX): level for name, level in errand.before.items()}
        return self._put_back({name: level for name, level in noted.items() if name in _SHOWN} or usual)

    def _raised(self, level: LogLevel, usual: Mapping[str, LogLevel]) -> Brought:
        before = self._levels()
        if before["odoo"] is level:
            return Brought(seen=(say("level_as_wanted", level=level),))
        if (problem := self._fitted()) is not None:
            return Brought(done=False, seen=(problem,))
        turned: dict[str, LogLevel] = {}
        for name in usual:
            turned[f"{_PREFIX}{name}"] = before[name]
            self._set(name, level)
            if self._levels()["odoo"] is level:
                break
        return Brought(seen=(say("level_raised", level=level, before=before["odoo"]),), before=turned)

    def _put_back(self, levels: Mapping[str, LogLevel]) -> Brought:
        if (problem := self._fitted()) is not None:
            return Brought(done=False, seen=(problem,))
        for name, level in reversed(tuple(levels.items())):
            self._set(name, level)
        return Brought(seen=(say("level_put_back", before=self._levels()["odoo"]),))

    def _fitted(self) -> Statement | None:
        """Have Odoo read its file where it would write it from memory; say why that did not come about."""
        entry = self.seen.entry
        if not entry.level_saves_options or entry.restart is None:
            return None
        page = self.way.page
        page.get(entry.restart.path)
        page.forget()
        awaited = Awaiting(page.is_alive, self.left).restart()
        return None if awaited is RestartSeen.DONE else say("level_start_unknown", path="odoo.conf")

    def _levels(self) -> dict[str, LogLevel]:
        route = self.seen.entry.log_levels
        path = route.path if route is not None else ""
        told = object_of(self.way.page.get(path), path)
        try:
            return {name: LogLevel(str(told[key]).lower()) for name, key in _SHOWN.items()}
        except (KeyError, ValueError):
            raise NoAnswer(say("page_strange", path=path), sent=True) from None

    def _set(self, logger: str, level: LogLevel) -> None:
        if (order := log_level(self.seen.entry, logger, level.value)) is not None:
            carry_out(self.way.page, order)
