"""Pin the serial numbers of enrolled boxes in the inventory, all in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from ..model.errors import IotHttpsError
from ..printable import printable

VARIABLE: Final = "iot_https_serial"
_SERIAL: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
"""A serial number of a device tree, or a UUID; what else a box may say is not written into a file of ours."""


class EditedFiles(Protocol):
    """What is needed of `inventory_files.files.Files`."""

    def set_host(self, host: str, variable: str, value: str) -> bool:
        """Declare a variable of a box; IotHttpsError where that cannot be."""

    def write(self) -> tuple[Path, ...]:
        """Write what changes; IotHttpsError where that cannot be."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """What came of it.

    Args:
        written: files.
        names: of the boxes whose serial number is declared now.
        problems: one line each, with the way out.
    """

    written: tuple[Path, ...] = ()
    names: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def pin(serials: Mapping[str, str], open_files: Callable[[], EditedFiles]) -> Pinned:
    """Declare serial numbers.

    Args:
        serials: by name of the box.
        open_files: reads the inventory to be edited.
    """
    wanted, problems = {}, []
    for name, serial in serials.items():
        if _SERIAL.fullmatch(serial):
            wanted[name] = serial
        else:
            problems.append(
                f"{name}: its serial number is not pinned: it says {printable(serial)[:60]!r}, which is none"
            )
    if not wanted:
        return Pinned(problems=tuple(problems))
    try:
        files = open_files()
    except IotHttpsError as error:
        return Pinned(problems=(*problems, *(_by_hand(name, serial, error) for name, serial in wanted.items())))
    done = []
    for name, serial in wanted.items():
        try:
            files.set_host(name, VARIABLE, serial)
            done.append(name)
        except IotHttpsError as error:
            problems.append(_by_hand(name, serial, error))
    try:
        return Pinned(files.write(), tuple(done), tuple(problems))
    except IotHttpsError as error:
        return Pinned(problems=(*problems, *(_by_hand(name, wanted[name], error) for name in done)))


def _by_hand(name: str, serial: str, error: IotHttpsError) -> str:
    return f"{name}: its serial number is not pinned ({error}); add {VARIABLE}: {serial} by hand"
