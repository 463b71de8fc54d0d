"""The machine itself: who it is, its clock, its space, and names of files that others may have put there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which box this is: device-tree serial number and the address of its default-route interface."""

    serial: str | None = None
    address: str | None = None
    access_point: bool = False

    @property
    def host(self) -> str:
        """First label of the name by which clients ask for the box: the dashed address."""
        return self.address.replace(".", "-") if self.address else "iotbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The box's clock. `skew_seconds`: box minus controller, `None` where there is nothing to compare with."""

    skew_seconds: float | None = None
    ntp_enabled: bool | None = None


class DiskPlace(StrEnum):
    """Where a repair needs space."""

    LIVE = "live"
    MIRROR = "mirror"
    HOME = "home"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Space that a repair needs, in bytes; `None` where it could not be read.

    Args:
        no_files: where no new file can be made, however much space is left.
        run_problem: why the lock in `/run` could not be written, in the kernel's words.
    """

    live_free: int | None = None
    mirror_free: int | None = None
    home_free: int | None = None
    run_free: int | None = None
    no_files: tuple[DiskPlace, ...] = ()
    run_problem: str | None = None

    @property
    def free(self) -> Mapping[DiskPlace, int | None]:
        """The same by place."""
        return {
            DiskPlace.LIVE: self.live_free,
            DiskPlace.MIRROR: self.mirror_free,
            DiskPlace.HOME: self.home_free,
            DiskPlace.RUN: self.run_free,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignName:
    """What somebody else than root may have put where a plain file should be.

    Args:
        path: in a folder in which others than root may rename.
        target: of a symbolic link, as written.
        names: how many names the file has (hard links), where it is none.
    """

    path: str
    target: str | None = None
    names: int = 1
