"""What was seen of a box before anything is done to it, and what is going to be done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..connections.ssh_presented import Presented
from .endings import EnrolmentEnd
from .inside import Entrant
from .pages import SeenBox


class Need(StrEnum):
    """What a box lacks.

    Values: `nothing`: the key lets in. `line`: another key lets in, by which ours is added. `password`: one that was
    given is used. `new_password`: the homepage makes one. The last two only count where the key does not let in, which
    nobody knows before the host key is trusted.
    """

    NOTHING = "nothing"
    LINE = "line"
    PASSWORD = "password"  # noqa: S105 - a name
    NEW_PASSWORD = "new_password"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """One box.

    Args:
        need: what is done if the key does not let in.
        presented: its host key, where it is not known.
        seen: who answers on its homepage, where a password has to come from there.
        hindrance: why it cannot get a password, which only matters if the key does not let in.
        serial: what it calls itself, where that is known.
    """

    who: Entrant
    need: Need
    presented: Presented | None = None
    seen: SeenBox | None = None
    hindrance: EnrolmentEnd | None = None
    serial: str | None = None

    @property
    def name(self) -> str:
        """What the inventory calls the box."""
        return self.who.name

    @property
    def pins(self) -> bool:
        """Whether its serial number is not declared yet."""
        return self.who.target.desired.serial is None

    @property
    def has_work(self) -> bool:
        """Whether anything is done to the box, or noted of its host key."""
        return self.need is not Need.NOTHING or self.presented is not None

    @property
    def has_steps(self) -> bool:
        """Whether anything is done at all."""
        return self.has_work or self.pins

    @property
    def has_the_key(self) -> bool:
        """Whether the key lets in, so that it can be taken away."""
        return self.need is Need.NOTHING

    @property
    def steps(self) -> tuple[str, ...]:
        """What is going to be done, for whoever is asked."""
        found = []
        if self.presented is not None:
            found.append(f"trust its host key {self.presented.algorithm} {self.presented.fingerprint}")
        if self.hindrance is not None:
            return (*found, f"end there if the key does not let in already: {self.hindrance.text}")
        unless = " unless the key lets in already" if self.presented is not None else ""
        if self.need is Need.NEW_PASSWORD and self.seen is not None:
            how = "encrypted, by a certificate that is valid here" if self.seen.proves_name else "unencrypted"
            found.append(f"change the password of pi by its homepage ({self.seen.generation}; it comes {how}){unless}")
        if self.need in (Need.PASSWORD, Need.NEW_PASSWORD):
            found.append(f"log in once as {self.who.user} with the password")
        if self.need is not Need.NOTHING:
            found.append(f"add {self.who.key.source} ({self.who.key.comment}) to its authorized_keys")
        if self.pins:
            found.append("pin its serial number in the inventory")
        return tuple(found)
