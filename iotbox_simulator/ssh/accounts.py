"""Whom the box itself lets in: keys in its users' files, and the password that its vendor's program has set last."""

from __future__ import annotations

from typing import Final

import asyncssh

from reconciler.machine.system import FileStatus

from ..live import LiveBox

_FOR_OTHERS: Final = 0o022
_USER: Final = "pi"


def admits_key(live: LiveBox, user: str, key: asyncssh.SSHKey) -> bool:
    """Tell whether `authorized_keys` holds a key, as sshd with `StrictModes` reads it (sshd_config(5))."""
    with live.caught_up() as box:
        account = box.spec.image.users().get(user)
        if account is None:
            return False
        home = "/root" if user == "root" else f"/home/{user}"
        try:
            is_safe = all(
                _is_safe(box.host.status(path, follow=True), account.uid)
                for path in (home, f"{home}/.ssh", f"{home}/.ssh/authorized_keys")
            )
            content = box.host.read(f"{home}/.ssh/authorized_keys").decode(errors="replace")
        except OSError:
            return False
    return is_safe and any(_holds(line, key) for line in content.splitlines())


def admits_password(live: LiveBox, user: str, password: str) -> bool:
    """Tell whether this is the user's password now; a reboot may have brought an older one back."""
    with live.caught_up() as box:
        return user == _USER and box.vendor.lets_in(password)


def _is_safe(status: FileStatus, uid: int) -> bool:
    return status.uid in (0, uid) and not status.mode & _FOR_OTHERS


def _holds(line: str, key: asyncssh.SSHKey) -> bool:
    try:
        return asyncssh.import_public_key(line).public_data == key.public_data
    except asyncssh.KeyImportError:  # empty, a comment, or options in front, which the simulated sshd does not know
        return False
