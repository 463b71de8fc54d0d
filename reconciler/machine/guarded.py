"""Decide which paths only root can change, and which links are followed in the others.

The box's own users own some of the folders in which this program, as root, reads and writes. Whoever may rename there
can put a link, a second name of a file (hard link) or a pipe where a file is expected, at any moment. So a link is
followed where only root may change names, or where it says exactly what this program itself writes at that place. The
real machine and the simulated one both walk paths by these rules.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from ..model.statement import Statement, say
from .reason import Unable

ROOT_ONLY: Final = frozenset({0})
MOST_LINKS: Final = 40
"""Linux gives up with ELOOP at the same number."""
_MOST_TOLD: Final = 200
"""Characters of where a link leads: whoever makes one may write 4095 bytes into it, and make many."""
_FOR_OTHERS: Final = 0o022
"""Also for the group: an access list shows its mask there."""
_STICKY: Final = 0o1000
_OWN_LINKS: Final = {
    ("certs", "nginx-cert.crt"): re.compile(r"\.\./iot-https/current/nginx-cert\.crt"),
    ("private", "nginx-cert.key"): re.compile(r"\.\./iot-https/current/nginx-cert\.key"),
    ("iot-https", "current"): re.compile(r"[0-9a-z][0-9a-z-]*"),
}
"""What this program's links say, by the names of folder and link."""


class ForeignFile(Unable):
    """Where others than root may change names, something stands that is not followed, read or changed.

    Args:
        path: where it stands; `statement` says what it is.
        target: of a link.
    """

    def __init__(self, number: int, statement: Statement, path: str, target: str | None = None) -> None:
        super().__init__(statement, path, number)
        self.path = path
        self.target = target

    @classmethod
    def link(cls, path: str, target: str) -> ForeignFile:
        """A link that somebody else than root may have put there."""
        whole = path if path.startswith("/") else f"/{path}"
        shown = target if len(target) <= _MOST_TOLD else f"{target[:_MOST_TOLD]}..."
        return cls(errno.ELOOP, say("foreign_link", target=shown), whole, shown)

    @classmethod
    def hard_link(cls, path: str, names: int) -> ForeignFile:
        """A file that is known by other names as well."""
        return cls(errno.EMLINK, say("foreign_hard_link", names=names), path)

    @classmethod
    def open_place(cls, path: str) -> ForeignFile:
        """A place where owner and mode cannot be changed safely."""
        return cls(errno.EPERM, say("foreign_place"), path)

    @classmethod
    def exchanged(cls, path: str) -> ForeignFile:
        """What was judged is not what was there a moment later."""
        return cls(errno.ESTALE, say("exchanged"), path)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on the way.

    Args:
        closed: no other user can bring another folder here, or change what those who may write here did not add.
        shared: others may add names of their own, as in `/tmp`.
    """

    closed: bool
    shared: bool

    def guards(self, owner: int | None, trusted: AbstractSet[int]) -> bool:
        """Tell whether a name in this folder is out of others' hands.

        Args:
            owner: uid of what stands there, None for a free name.
            trusted: the uids that count as root.
        """
        return self.closed and (not self.shared or owner in trusted)


def enter(uid: int, mode: int, trusted: AbstractSet[int], *, guarded: bool) -> Folder:
    """Return what a folder with this owner and these permission bits is to those who walk through it.

    Args:
        guarded: its own name is out of others' hands.
    """
    shared = bool(mode & _FOR_OTHERS)
    return Folder(closed=guarded and uid in trusted and (not shared or bool(mode & _STICKY)), shared=shared)


def is_own_link(folder: str, name: str, target: str) -> bool:
    """Tell whether a link says what this program writes at this place; `folder` is a name, not a path."""
    own = _OWN_LINKS.get((folder, name))
    return own is not None and own.fullmatch(target) is not None
