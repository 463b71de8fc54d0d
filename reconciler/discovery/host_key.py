"""SSH host keys: that which a box shows, where nobody logs in, and those that are known for an inventory's entry."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os

from ..model.target import Ssh


async def fingerprint(address: str, port: int, seconds: float) -> str | None:
    """Return kind and fingerprint of the key as `ssh-keygen -l` prints them, `None` where none is shown in time.

    No key is known here, so that the connection ends before anybody is offered a login.
    """
    from ..connections.ssh import NoConnection, session

    stranger = Ssh(
        host=address,
        port=port,
        host_key_alias=address,
        config_files=(),
        known_hosts=(os.devnull,),
        identities_only=True,
        connect_timeout=seconds,
    )
    try:
        async with session(stranger):
            return None
    except NoConnection as failure:
        shown = failure.presented
    return None if shown is None else f"{shown.algorithm} {shown.fingerprint}"


def known(ssh: Ssh) -> frozenset[str]:
    """Return the fingerprints of the keys that are known for a box, none where that cannot be told."""
    from ..connections import ssh_hops

    try:
        entries = ssh_hops.known_entries(ssh_hops.box(ssh))
    except (OSError, ValueError):  # a file of the user's that cannot be read or understood; a run over SSH says so
        return frozenset()
    return frozenset(filter(None, (_of_key(each.key) for each in entries if not each.marker)))


def _of_key(key: str) -> str | None:
    """Return the fingerprint of a key as files of known hosts have it: `type base64`."""
    try:
        blob = base64.b64decode(key.partition(" ")[2], validate=True)
    except binascii.Error:
        return None
    return f"SHA256:{base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip('=')}"
