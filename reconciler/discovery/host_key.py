"""The SSH host key that a box shows, for a person to compare; nobody logs in."""

from __future__ import annotations

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
