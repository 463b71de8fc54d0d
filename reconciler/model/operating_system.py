"""The operating systems that boxes run under: the vendor's program is the same, its files and services are not."""

from __future__ import annotations

from enum import StrEnum


class OperatingSystem(StrEnum):
    """Which of them.

    `linux`: the image of a Raspberry Pi. `windows`: Windows virtual IoT, the vendor's program as a service of a PC.
    """

    LINUX = "linux"
    WINDOWS = "windows"
