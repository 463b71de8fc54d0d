"""What is done to a box once somebody is logged in: ask who it is, add or remove the line of a key."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from ..codes import CodeName
from ..connections.ssh import NoConnection, Session
from ..model.admission import Admission, Admitted, KeyDeed, KeyPlace
from ..model.desired import Desired, Request
from ..model.digests import plain_serial, serial_digest
from ..model.target import Ssh, Target
from ..results.finding import Finding
from .endings import Ending, EnrolmentEnd, found
from .public_key import PublicKey

_LOG = logging.getLogger(__name__)
T = TypeVar("T")
_SECONDS: Final = 60.0
"""For one call of the program on the box."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who is to come in where: a box, the way to it, a key, and the user whose login it is."""

    target: Target
    ssh: Ssh
    key: PublicKey
    user: str

    @property
    def name(self) -> str:
        """What the inventory calls the box."""
        return self.target.name


class EnrolmentStopped(Exception):
    """An enrolment ends here for one box."""

    def __init__(self, ended: EnrolmentEnd) -> None:
        super().__init__(ended.ending)
        self.ended = ended


@dataclass(slots=True)
class ClaimedMachines:
    """Which machine is which box, so that one machine is not taken for two.

    Args:
        owners: of the digests of serial numbers that the inventory names, in words.
        seen: name of the box that showed a serial number in this run.
    """

    owners: Mapping[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)

    def check(self, target: Target, serial: str | None, told_by: str | None = None) -> None:
        """Compare what a box calls itself with all that is known.

        Args:
            told_by: what its homepage calls it.

        Raises:
            EnrolmentStopped: it is another box.
        """
        name, wanted = target.name, target.desired.serial
        for expected in filter(None, (wanted, told_by)):
            if serial is None or plain_serial(serial) != plain_serial(expected):
                values = {"serial": serial or "not to be read", "wanted": expected}
                raise EnrolmentStopped(EnrolmentEnd(name, Ending.OTHER_SERIAL, values))
        if serial is None:
            return
        digest = serial_digest(serial)
        owner = self.owners.get(digest) if wanted is None else None
        owner = owner or (other if (other := self.seen.setdefault(digest, name)) != name else None)
        if owner is not None:
            raise EnrolmentStopped(EnrolmentEnd(name, Ending.SERIAL_OF_ANOTHER, {"serial": serial, "owner": owner}))


async def ask(session: Session, who: Entrant, deed: KeyDeed, serial: str | None) -> Admitted:
    """Have the program on the box do something with the key.

    Args:
        serial: whose box it has to be, by its own word; nothing is done on another one.

    Raises:
        EnrolmentStopped: it did not.
    """
    request = Request(
        desired=Desired(name=who.name, serial=serial),
        deadline_seconds=_SECONDS,
        admission=Admission(deed=deed, user=who.user, key=who.key.text, comment=who.key.comment),
    )
    result = await session.run(request)
    done = result.admitted
    if done is None:
        raise EnrolmentStopped(_unanswered(who.name, result.after))
    if done.hurdle is not None:
        values = {"path": done.path, "detail": done.detail}
        raise EnrolmentStopped(EnrolmentEnd(who.name, Ending.HURDLE, values, hurdle=done.hurdle))
    return done


async def admitted(session: Session, who: Entrant, serial: str | None) -> Admitted:
    """Add the key where it is not there.

    Raises:
        EnrolmentStopped: it was not added, and is not there.
    """
    done = await ask(session, who, KeyDeed.ADD, serial)
    if done.place is KeyPlace.RESTRICTED:
        raise EnrolmentStopped(EnrolmentEnd(who.name, Ending.RESTRICTED))
    return done


def _unanswered(name: str, findings: tuple[Finding, ...]) -> EnrolmentEnd:
    if not findings:
        values = {
            "code": CodeName.NOT_OBSERVED,
            "evidence": "the answer says nothing of the key",
            "remedy": "run it again",
        }
        return EnrolmentEnd(name, Ending.FAILED, values)
    return found(name, findings[0], Ending.FAILED)


async def held_apart(name: str, deed: Awaitable[T]) -> T | EnrolmentEnd:
    """Do something with a box; whatever goes wrong there ends it for this box alone."""
    try:
        return await deed
    except EnrolmentStopped as stopped:
        return stopped.ended
    except NoConnection as failure:
        return found(name, failure.finding)
    except Exception as error:  # noqa: BLE001 - the boundary of a box; where it happened goes to the debug log
        _LOG.debug("%s: not finished", name, exc_info=True)
        return EnrolmentEnd(name, Ending.DEFECT, {"kind": type(error).__name__})
