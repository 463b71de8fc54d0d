"""Look at a box before anybody is asked: does the key let in, is its host key known, where would a password come from.

Nothing is changed: no password is made, and only routes that do nothing are asked.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from ..codes import CodeName
from ..connections.ssh import NoConnection
from ..homepage.answer import NoAnswer
from ..model.admission import KeyDeed, KeyPlace
from ..model.digests import plain_serial
from ..model.statement import Statement
from ..model.target import ConnectionKind, Target
from .endings import Ending, EnrolmentEnd, found
from .entering import BY_KEY, session
from .inside import ClaimedMachines, Entrant, ask, held_apart
from .pages import Pages, SeenBox
from .prospect import Need, Prospect
from .public_key import NoPublicKey, PublicKey, choose, user_of

USER_OF_ROUTES: Final = "pi"


@dataclass(frozen=True, slots=True)
class Looker:
    """What a look needs.

    Args:
        given: the public key that the command line names.
        pages_of: opens the homepage of a box.
        worded: a reason in words.
        removes: the key is to be taken away.
    """

    given: PublicKey | None
    claims: ClaimedMachines
    pages_of: Callable[[Target], AbstractAsyncContextManager[Pages]]
    worded: Callable[[Statement], str]
    removes: bool = False

    async def look(self, target: Target) -> Prospect | EnrolmentEnd:
        """Look at one box; raises nothing that a box can cause."""
        name, ssh = target.name, target.ssh
        if target.connection is not ConnectionKind.SSH or ssh is None:
            return EnrolmentEnd(name, Ending.NOT_SSH, {"connection": target.connection.value})
        try:
            who = Entrant(target, ssh, choose(ssh, self.given), user_of(ssh))
        except (NoPublicKey, ValueError) as error:
            return EnrolmentEnd(name, Ending.NO_KEY, {"reason": str(error)})
        return await held_apart(name, self._by_key(who))

    async def _by_key(self, who: Entrant) -> Prospect | EnrolmentEnd:
        try:
            async with session(who.ssh, BY_KEY) as box:
                done = await ask(box, who, KeyDeed.LOOK, who.target.desired.serial)
        except NoConnection as failure:
            return self._not_there(who, failure) if self.removes else await self._shut_out(who, failure)
        self.claims.check(who.target, done.serial)
        if done.place is KeyPlace.RESTRICTED and not self.removes:
            return EnrolmentEnd(who.name, Ending.RESTRICTED)
        need = Need.LINE if done.place is KeyPlace.ABSENT else Need.NOTHING
        return Prospect(who=who, need=need, serial=done.serial)

    @staticmethod
    def _not_there(who: Entrant, failure: NoConnection) -> EnrolmentEnd:
        """Say why no key is taken away: a box that refuses it does not have it."""
        if failure.presented is not None:
            return EnrolmentEnd(who.name, Ending.HOST_KEY_UNKNOWN)
        if failure.finding.code == CodeName.AUTHENTICATION_FAILED:
            return EnrolmentEnd(who.name, Ending.NOT_THERE)
        return found(who.name, failure.finding)

    async def _shut_out(self, who: Entrant, failure: NoConnection) -> Prospect | EnrolmentEnd:
        """Find out how to come in by a password, where that is what is lacking."""
        name, code = who.name, failure.finding.code
        if code == CodeName.HOST_KEY_CHANGED:
            return found(name, failure.finding, Ending.HOST_KEY_DIFFERS)
        if code == CodeName.CONNECTION_REFUSED:
            seen = await self._seen(who)
            is_windows = isinstance(seen, SeenBox) and seen.is_windows
            return EnrolmentEnd(name, Ending.WINDOWS if is_windows else Ending.SSH_OFF, {"address": who.ssh.host})
        if failure.presented is None and code != CodeName.AUTHENTICATION_FAILED:
            return found(name, failure.finding)
        if failure.presented is None and failure.takes_password is None:
            return found(name, failure.finding)
        if failure.presented is None and not failure.takes_password:
            return EnrolmentEnd(name, Ending.NO_PASSWORDS, {"source": who.key.source, "user": who.user})
        if who.ssh.password:
            return Prospect(who=who, need=Need.PASSWORD, presented=failure.presented)
        seen = await self._seen(who)
        hindrance = self._hindrance(who, seen)
        if hindrance is not None and (failure.presented is None or hindrance.ending is Ending.OTHER_SERIAL):
            return hindrance
        return Prospect(
            who=who,
            need=Need.NEW_PASSWORD,
            presented=failure.presented,
            seen=seen if isinstance(seen, SeenBox) else None,
            hindrance=hindrance,
        )

    async def _seen(self, who: Entrant) -> SeenBox | EnrolmentEnd:
        port = who.target.desired.homepage_port
        try:
            async with self.pages_of(who.target) as pages:
                return await pages.seen()
        except NoAnswer as error:
            values = {"address": who.ssh.host, "port": str(port), "reason": self.worded(error.statement)}
            return EnrolmentEnd(who.name, Ending.NO_HOMEPAGE, values)
        except NoConnection as failure:
            return found(who.name, failure.finding)

    def _hindrance(self, who: Entrant, seen: SeenBox | EnrolmentEnd) -> EnrolmentEnd | None:
        """Return why the homepage will not help."""
        name, wanted = who.name, who.target.desired.serial
        if isinstance(seen, EnrolmentEnd):
            return seen
        if wanted is not None and seen.serial is not None and plain_serial(wanted) != plain_serial(seen.serial):
            return EnrolmentEnd(name, Ending.OTHER_SERIAL, {"serial": seen.serial, "wanted": wanted})
        if seen.is_windows:
            return EnrolmentEnd(name, Ending.WINDOWS)
        if not seen.makes_password:
            return EnrolmentEnd(name, Ending.NO_ROUTE, {"generation": seen.generation})
        if who.user != USER_OF_ROUTES:
            return EnrolmentEnd(name, Ending.OTHER_USER, {"user": who.user})
        return None
