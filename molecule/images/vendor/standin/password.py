"""The password of `pi`, which the vendor's code makes anew for anybody who asks."""

from __future__ import annotations

import secrets
import string
import subprocess

from .disk import mirror, writable
from .generations import Generation
from .machine import SHADOW

_LETTERS = string.ascii_lowercase
_OLD, _NEW = (12,), (7, 6, 7)
"""Lengths of the parts between dashes, as recorded from 17.0 and 19.0."""


def new_password(generation: Generation) -> str:
    """Set another one and return it; up to 18.0 it survives a reboot."""
    parts = _NEW if generation.reports_by_serial else _OLD
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(length)) for length in parts)
    subprocess.run(["sudo", "chpasswd"], input=f"pi:{password}\n".encode(), check=True)
    if generation.remounts:
        with writable(remounts=True):
            subprocess.run(["sudo", "cp", "-p", str(SHADOW), str(mirror(SHADOW))], check=True)
    return password
