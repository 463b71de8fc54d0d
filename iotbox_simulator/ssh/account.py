"""As whom the control machine runs what people type on a simulated box: never as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from typing import TypedDict

UNPRIVILEGED = "nobody"


class ProcessIdentity(TypedDict, total=False):
    """What a new process is to be, as `subprocess` takes it."""

    user: int
    group: int
    extra_groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Where this process is root, whom its children become; otherwise `None`, they stay who it is."""

    uid: int | None = None
    gid: int | None = None

    @property
    def identity(self) -> ProcessIdentity:
        """What a child has to become."""
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}


def account(name: str = UNPRIVILEGED) -> Account:
    """Return an account without root's rights.

    Raises:
        PermissionError: this process is root, and there is no such account.
    """
    if os.geteuid() != 0:
        return Account()
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise PermissionError(f"commands on simulated boxes are not run as root, and there is no user {name}") from None
    if entry.pw_uid == 0 or entry.pw_gid == 0:
        raise PermissionError(f"commands on simulated boxes are not run as root, which {name} is")
    return Account(entry.pw_uid, entry.pw_gid)
