"""Let a public key in at a box, or no longer: what is asked of the box program, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class KeyDeed(StrEnum):
    """What is done with a key."""

    LOOK = "look"
    ADD = "add"
    REMOVE = "remove"


class KeyPlace(StrEnum):
    """Where a key stands on a box."""

    ABSENT = "absent"
    PRESENT = "present"
    RESTRICTED = "restricted"
    """It stands there with options, such as a command that it is tied to."""


class Hurdle(StrEnum):
    """Why nothing could be done with a key."""

    NO_ACCOUNT = "no_account"
    NO_HOME = "no_home"
    OPEN_FOLDER = "open_folder"
    FOREIGN = "foreign"
    IN_MEMORY = "in_memory"
    READ_ONLY = "read_only"
    UNREADABLE = "unreadable"
    NOT_WRITTEN = "not_written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What is asked.

    Args:
        user: whose login it is.
        key: type and base64, as `authorized_keys` has them (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
        comment: what follows the key in a new line.
    """

    deed: KeyDeed
    user: str
    key: str
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """What came of it.

    Args:
        place: where the key stands afterwards; `None` where nobody could look.
        serial: what the box calls itself.
        changed: something was written.
        hurdle: why nothing was done.
        path: which file that is about.
        detail: in the kernel's words, or the account's name.
    """

    place: KeyPlace | None = None
    serial: str | None = None
    changed: bool = False
    hurdle: Hurdle | None = None
    path: str = ""
    detail: str = ""
