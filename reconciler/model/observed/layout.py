"""How a box is built: paths, user and formats, by its image and its code branch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ..generation import Generation
from ..operating_system import OperatingSystem
from ..statement import Statement

_LAST_THAT_NEEDS_A_COMMON_NAME = (18, 2)


class StoreFormat(StrEnum):
    """How the code branch on the box writes its values down."""

    FLAT = "flat"
    INI_INTERPOLATED = "ini_interpolated"
    INI_RAW = "ini_raw"


_GENERATIONS = {
    StoreFormat.FLAT: Generation.FLAT,
    StoreFormat.INI_INTERPOLATED: Generation.CACHED,
    StoreFormat.INI_RAW: Generation.NEWEST,
}
"""A branch's name does not tell: early and late 17.0 have the same one, and a checkout may have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Paths, user and formats of a box, from its image and its code branch, which are independent.

    Args:
        image_version: content of the image's version file, such as `24.10`.
        branch: the vendor's code branch, such as `17.0`; `None` when the checkout is detached.
        bypass: where the disk below the ramdisks can be reached.
        read_only_root: what the box's fstab says of `/`.
        problem: why this tool must not touch the box, when it must not.
        system: under what it runs: a finding speaks of the files and services of that.
    """

    store_format: StoreFormat
    service_user: str
    home: str = "/home/pi"
    image_version: str | None = None
    branch: str | None = None
    os_codename: str | None = None
    python: str = ""
    bypass: str | None = "/root_bypass_ramdisks"
    read_only_root: bool = False
    problem: Statement | None = None
    system: OperatingSystem = OperatingSystem.LINUX

    @property
    def generation(self) -> Generation:
        """That of the vendor's program, which the format of its store gives away."""
        return _GENERATIONS[self.store_format]

    @property
    def keeps_values_in_memory(self) -> bool:
        """Whether it reads all values at its start and writes them back from memory: each change takes a restart."""
        return self.generation is Generation.CACHED

    @property
    def reads_subject_at_start(self) -> bool:
        """Whether it takes notice of another subject only at its start."""
        return self.generation is not Generation.NEWEST

    @property
    def keeps_database_name(self) -> bool:
        """Whether the name of the database is among the values that it stores."""
        return self.generation is Generation.NEWEST

    @property
    def looks_database_up_at_start(self) -> bool:
        """Whether it needs to reach its database at its start, and gives up for good where it cannot."""
        return self.generation is Generation.NEWEST

    @property
    def dies_of_unreadable_certificate(self) -> bool:
        """Whether its manager ends at a certificate file that its own user cannot read."""
        return self.generation is Generation.NEWEST

    @property
    def needs_common_name(self) -> bool:
        """Whether the vendor's program on this branch fails on a certificate without one: up to saas-18.2."""
        version = re.fullmatch(r"(?:saas-)?(\d+)\.(\d+)", self.branch or "")
        if version is None:
            return self.generation is not Generation.NEWEST
        return (int(version[1]), int(version[2])) <= _LAST_THAT_NEEDS_A_COMMON_NAME
