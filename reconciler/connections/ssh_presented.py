"""Host keys that boxes present and nobody has accepted yet, for a person to compare, and the lines to add for them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncssh

    from .ssh_hops import Hop

_WRITABLE: Final = re.compile(r"[A-Za-z0-9_.:-]+")
"""Names that mean themselves in a file of known hosts."""


@dataclass(frozen=True, slots=True)
class Presented:
    """One key.

    Args:
        name: under which it is looked for, the inventory's name of the box.
        address: where it was shown.
        key: as files of known hosts have it.
        file: of known hosts, to which it belongs.
        owners: names for which the same key is known already.
    """

    name: str
    address: str
    algorithm: str
    fingerprint: str
    key: str
    file: str
    owners: tuple[str, ...] = ()

    @property
    def can_be_written(self) -> bool:
        """Whether the name can stand in a file of known hosts."""
        return _WRITABLE.fullmatch(self.name) is not None

    @property
    def line(self) -> str:
        """What is added."""
        return f"{self.name} {self.key}"


def of_hop(hop: Hop, key: asyncssh.SSHKey, text: str) -> Presented:
    """Return what a box has shown.

    Args:
        text: the key as files of known hosts have it.
    """
    owners = dict.fromkeys(each.hosts for each in hop.known.others(hop.names, text))
    algorithm, fingerprint = key.get_algorithm(), key.get_fingerprint()
    return Presented(hop.names[0], hop.address, algorithm, fingerprint, text, hop.adds_to, tuple(owners))


def add(file: str, keys: Iterable[Presented]) -> None:
    """Append keys to a file of known hosts, made for its owner alone where it is not there.

    Raises:
        OSError: it cannot be written.
    """
    place = Path(file).expanduser()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = "".join(f"{each.line}\n" for each in keys).encode()
    with open(os.open(place, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as known:  # noqa: PTH123
        end = known.seek(0, os.SEEK_END)
        if end:
            known.seek(end - 1)
            lines = lines if known.read(1) == b"\n" else b"\n" + lines
        known.write(lines)
        known.flush()
        os.fsync(known.fileno())
