"""The serial number by which a box is told apart, from the device tree."""

from __future__ import annotations

from typing import Final

from ..machine.system import Files

_FILES: Final = ("/sys/firmware/devicetree/base/serial-number", "/proc/device-tree/serial-number")
_LONGEST: Final = 256


def read_serial(files: Files) -> str | None:
    """Return it, or None where the machine has none.

    Raises:
        OSError: it is there and cannot be read.
    """
    for path in _FILES:
        try:
            return files.read(path, _LONGEST).rstrip(b"\0\n").decode("ascii", errors="replace") or None
        except FileNotFoundError:
            continue
    return None
