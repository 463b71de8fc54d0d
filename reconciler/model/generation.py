"""The generations of the vendor's program: what it does changed with them, whatever the image is."""

from __future__ import annotations

from enum import StrEnum


class Generation(StrEnum):
    """Which of them runs on a box.

    `flat`: 15.0, 16.0 and early 17.0, with a file for each value. `cached`: late 17.0 and 18.0, which read one file at
    their start and keep it in memory. `newest`: later ones, which read it again for each value but the server.
    """

    FLAT = "flat"
    CACHED = "cached"
    NEWEST = "newest"
