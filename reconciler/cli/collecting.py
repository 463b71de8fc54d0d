"""What is done on a box for its support bundle, in order: what an earlier run left, the log level, the files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ..connections.errand_reply import Carried, ErrandFailed
from ..connections.errands import ERRANDS
from ..connections.reached import Unreached
from ..engine.lock import RunHeld, one_run
from ..engine.state_folder import StateUnusable, state_directory
from ..model.errand import Errand, ErrandKind, LogLevel
from ..model.secret import Secret
from ..model.target import Target
from .boxes import Boxes
from .levels_left import LevelsLeft, Raised

if TYPE_CHECKING:
    from ..support.scrub import Scrubber

_TRIES: Final = 60
_PAUSE: Final = 5.0
"""Seconds between tries to put a log level back while a reconcile of the same inventory is under way: 5 min in all."""
_MARGIN: Final = timedelta(minutes=2)
"""After its time by which a log level is put back by the next run, whoever had to do it."""


wait: Callable[[float], Awaitable[None]] = asyncio.sleep
"""Lets time pass; tests put something quicker here."""


@dataclass(slots=True)
class SupportCollection:
    """What came of it. `said`: what was done; `missing`: what could not be."""

    carried: Carried | None = None
    said: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Errands:
    """The errands on one box."""

    target: Target
    sources: tuple[str, ...]
    deadline: float
    tell: Callable[[str], None]
    sleep: Callable[[float], Awaitable[None]] = field(default_factory=lambda: wait)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    result: SupportCollection = field(default_factory=SupportCollection)

    async def done(self, closed: str | None, level: LogLevel | None, minutes: int) -> SupportCollection:
        """Do all of it.

        Args:
            closed: why nobody goes to the box.
            minutes: how long the level stays raised before the log is read.
        """
        if closed is not None:
            self.result.missing.append(closed)
            return self.result
        if self.target.connection not in ERRANDS:
            self.result.missing.append(f"Files are not collected over the connection {self.target.connection}.")
            return self.result
        if self.target.name in LevelsLeft.of(self.sources).boxes():
            await self._put_back()
        if level is None:
            await self._collect()
            return self.result
        await self._with_level(level, minutes)
        return self.result

    async def _with_level(self, level: LogLevel, minutes: int) -> None:
        is_raised = False
        try:
            is_raised = await self._raise(level, minutes)
            if is_raised:
                self.tell(f"the log level is {level.value}; the log is read in {minutes} min. Do now what fails.")
                await self.sleep(minutes * 60.0)
            await self._collect()
        finally:
            if self.target.name in LevelsLeft.of(self.sources).boxes():
                await self._put_back()

    async def _raise(self, level: LogLevel, minutes: int) -> bool:
        """Raise the level, noted here before, too; tell whether it is."""
        until = self.now() + timedelta(minutes=minutes) + _MARGIN
        notes = LevelsLeft.of(self.sources)
        with ExitStack() as stack:
            if not self._locked(stack, "the log level stays as it is"):
                return False
            notes.put(self.target.name, Raised(until))
            carried = await self._run(self._errand(ErrandKind.RAISE_LOG_LEVEL, level=level, until=until))
            if carried is None:
                return False
            before = carried.brought.before
            notes.put(self.target.name, Raised(until, before) if before else None)
        return carried.brought.done and bool(before)

    async def _put_back(self) -> None:
        notes = LevelsLeft.of(self.sources)
        noted = notes.boxes().get(self.target.name)
        for left in reversed(range(_TRIES)):
            with ExitStack() as stack:
                if self._locked(
                    stack, "the log level is still raised; the next support-bundle puts it back", left=left
                ):
                    before = noted.before if noted else {}
                    carried = await self._run(self._errand(ErrandKind.PUT_BACK_LOG_LEVEL, before=before))
                    if carried is not None and carried.brought.done:
                        notes.put(self.target.name, None)
                    return
            await self.sleep(_PAUSE)

    def _locked(self, stack: ExitStack, otherwise: str, *, left: int = 0) -> bool:
        """Hold the lock of all that changes boxes of this inventory; say what is not done without it."""
        try:
            stack.enter_context(one_run(state_directory(self.sources)))
        except (RunHeld, StateUnusable) as error:
            if not left:
                self.result.missing.append(f"{otherwise}: {error}")
            return False
        return True

    async def _collect(self) -> None:
        carried = await self._run(self._errand(ErrandKind.COLLECT))
        if carried is not None and carried.brought.done:
            self.result.carried = carried

    def _errand(self, kind: ErrandKind, **how: Any) -> Errand:
        return Errand(errand=kind, desired=self.target.desired, deadline_seconds=self.deadline, **how)

    async def _run(self, errand: Errand) -> Carried | None:
        """Run an errand; what comes of it, or why nothing does, is noted."""
        from ..support.contents import in_words

        try:
            carried = await ERRANDS[self.target.connection](self.target, errand)
        except (Unreached, ErrandFailed) as failure:
            found = failure.finding
            self.result.missing.append(f"{_TITLES[errand.errand]}: {found.code}: {found.evidence}")
            return None
        if words := in_words(carried.brought):
            (self.result.said if carried.brought.done else self.result.missing).append(words)
        return carried


_TITLES: Final = {
    ErrandKind.COLLECT: "The files of the box could not be collected",
    ErrandKind.RAISE_LOG_LEVEL: "The log level could not be raised",
    ErrandKind.PUT_BACK_LOG_LEVEL: "The log level could not be put back",
}


def scrubber(everything: Boxes, target: Target) -> Scrubber:
    """Return what takes out secrets that the inventory knows, and other customers' names."""
    from ..support.scrub import Scrubber

    secrets = [each for one in everything.targets for each in _secrets(one)]
    own = {each for one in everything.targets if _is_own(one, target) for each in _names(one)}
    others = {each for one in everything.targets if not _is_own(one, target) for each in _names(one)}
    for invalid in everything.invalid:
        names = {each for each in (invalid.name, invalid.customer, invalid.store) if each}
        if invalid.customer is not None and invalid.customer == target.desired.customer:
            own |= names
        else:
            others |= names
    return Scrubber(secrets, others, own)


def _is_own(one: Target, target: Target) -> bool:
    """Tell whether a box belongs to the same customer; of boxes without one nobody knows that."""
    same = one.desired.customer is not None and one.desired.customer == target.desired.customer
    return same or one.name == target.name


def _names(one: Target) -> list[str]:
    desired = one.desired
    hosts = [urlsplit(each).hostname for each in (desired.server_url, *desired.own_servers, *desired.copies) if each]
    return [each for each in (one.name, desired.customer, desired.store, desired.db_name, *hosts) if each]


def _secrets(one: Target) -> list[Secret]:
    desired = one.desired
    of_way = (one.ssh.password, one.ssh.become_password) if one.ssh else ()
    return [each for each in (desired.token, desired.db_uuid, desired.enterprise_code, desired.proxy, *of_way) if each]
