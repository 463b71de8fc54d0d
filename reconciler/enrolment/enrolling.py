"""Enrol one box, or take the key away again; each step may be the last one that was reached.

The order makes every interruption harmless: the key is tried before a password is made, nothing is written before the
box has said that it is the right one, a host key is noted only for a box that took the key, and the inventory learns
the serial number last. A second run does what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from ..codes import CodeName
from ..connections.ssh import LoginTerms, NoConnection
from ..connections.ssh_hops import Offering
from ..connections.ssh_presented import Presented, add
from ..homepage.answer import NoAnswer
from ..model.admission import Admitted, KeyDeed
from ..model.secret import Secret
from ..model.statement import Statement
from ..model.target import Ssh, Target
from .endings import Ending, EnrolmentEnd
from .entering import BY_KEY, session
from .inside import ClaimedMachines, EnrolmentStopped, admitted, ask, held_apart
from .pages import Pages
from .prospect import Need, Prospect

EnrolmentStep = Callable[[str, str], None]
"""Told the name of a box and what is done there next."""


@dataclass(frozen=True, slots=True)
class Enroller:
    """What an enrolment needs.

    Args:
        pages_of: opens the homepage of a box.
        worded: a reason in words.
        step: is told each step before it is done.
        note: adds host keys to a file of known hosts.
    """

    claims: ClaimedMachines
    pages_of: Callable[[Target], AbstractAsyncContextManager[Pages]]
    worded: Callable[[Statement], str]
    step: EnrolmentStep = lambda _name, _step: None
    note: Callable[[str, tuple[Presented, ...]], None] = add

    async def enrol(self, one: Prospect) -> EnrolmentEnd:
        """Let the key in at one box; raises nothing that a box can cause."""
        return await held_apart(one.name, self._enrolled(one))

    async def remove(self, one: Prospect) -> EnrolmentEnd:
        """Take the key away from one box; raises nothing that a box can cause."""
        return await held_apart(one.name, self._removed(one))

    async def _removed(self, one: Prospect) -> EnrolmentEnd:
        if not one.has_the_key:
            return EnrolmentEnd(one.name, Ending.NOT_THERE)
        self.step(one.name, "remove the key")
        async with session(one.who.ssh, BY_KEY) as box:
            await ask(box, one.who, KeyDeed.REMOVE, one.serial)
        return EnrolmentEnd(one.name, Ending.REMOVED)

    async def _enrolled(self, one: Prospect) -> EnrolmentEnd:
        if not one.has_work:
            return EnrolmentEnd(one.name, Ending.NOTHING_TO_DO, serial=one.serial)
        done = await self._by_key(one) or await self._by_password(one)
        if one.presented is not None:
            self.step(one.name, "note the host key")
            self._note(one)
        self.step(one.name, "log in by the key alone")
        proof = await self._proved(one, done)
        what = ["key added" if done.changed else "key was there"]
        what += ["host key noted"] if one.presented is not None else []
        return EnrolmentEnd(one.name, Ending.ENROLLED, {"what": ", ".join(what)}, serial=proof.serial)

    async def _by_key(self, one: Prospect) -> Admitted | None:
        """Come in by a key, where one lets in; that is no news where the host key is known."""
        if one.need is not Need.LINE and one.presented is None:
            return None
        self.step(one.name, "log in by a key")
        try:
            return await self._written(one, one.who.ssh, self._terms(one, Offering.KEY))
        except NoConnection as failure:
            if failure.finding.code != CodeName.AUTHENTICATION_FAILED or failure.takes_password is None:
                raise
            if not failure.takes_password:
                values = {"source": one.who.key.source, "user": one.who.user}
                raise EnrolmentStopped(EnrolmentEnd(one.name, Ending.NO_PASSWORDS, values)) from None
            return None

    async def _by_password(self, one: Prospect) -> Admitted:
        password = one.who.ssh.password if one.need is Need.PASSWORD else await self._new_password(one)
        self.step(one.name, "log in with the password")
        try:
            return await self._written(
                one, replace(one.who.ssh, password=password), self._terms(one, Offering.PASSWORD)
            )
        except NoConnection as failure:
            if failure.finding.code != CodeName.AUTHENTICATION_FAILED or failure.takes_password is None:
                raise
            if failure.takes_password:
                raise EnrolmentStopped(EnrolmentEnd(one.name, Ending.WRONG_PASSWORD, {"user": one.who.user})) from None
            values = {"source": one.who.key.source, "user": one.who.user}
            raise EnrolmentStopped(EnrolmentEnd(one.name, Ending.NO_PASSWORDS, values)) from None

    async def _new_password(self, one: Prospect) -> Secret:
        if one.hindrance is not None:
            raise EnrolmentStopped(one.hindrance)
        seen = one.seen
        reason = "nobody looked at it"
        if seen is not None:
            self.step(one.name, "ask the homepage for a new password")
            try:
                async with self.pages_of(one.who.target) as pages:
                    password = await pages.new_password(seen)
                if password:
                    return password
                reason = "it has no such route"
            except NoAnswer as error:
                reason = self.worded(error.statement)
        raise EnrolmentStopped(EnrolmentEnd(one.name, Ending.NO_PASSWORD, {"reason": reason}))

    async def _written(self, one: Prospect, ssh: Ssh, terms: LoginTerms) -> Admitted:
        """Log in, find out whose box it is, and add the key."""
        told_by = one.seen.serial if one.seen is not None else None
        async with session(ssh, terms) as box:
            looked = await ask(box, one.who, KeyDeed.LOOK, one.who.target.desired.serial)
            self.claims.check(one.who.target, looked.serial, told_by)
            self.step(one.name, "add the key")
            return await admitted(box, one.who, looked.serial)

    def _note(self, one: Prospect) -> None:
        if one.presented is None:
            return
        try:
            self.note(one.presented.file, (one.presented,))
        except OSError as error:
            reason = f"{one.presented.file}: {error.strerror}"
            raise EnrolmentStopped(EnrolmentEnd(one.name, Ending.NOT_NOTED, {"reason": reason})) from None

    async def _proved(self, one: Prospect, done: Admitted) -> Admitted:
        """Log in as every later run will: by the key, with the host key from the file."""
        try:
            async with session(one.who.ssh, BY_KEY) as box:
                return await ask(box, one.who, KeyDeed.LOOK, done.serial)
        except NoConnection as failure:
            values = {"code": failure.finding.code, "evidence": failure.finding.evidence}
            raise EnrolmentStopped(EnrolmentEnd(one.name, Ending.NOT_PROVED, values)) from None

    @staticmethod
    def _terms(one: Prospect, by: Offering) -> LoginTerms:
        return LoginTerms(accepted=one.presented.key if one.presented is not None else None, by=by)
