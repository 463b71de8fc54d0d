"""Says which tests share a box, so that one worker of pytest-xdist gets them all.

Its own way, groups by mark, writes the group into the ids of the tests, which newer versions of pytest no longer allow.
"""

from __future__ import annotations

import re

import boxes

_KIND = re.compile(rf"[\[-]({'|'.join(boxes.KINDS)})[\]-]")
_OWN_BOXES = (
    "test_fleet",
    "test_converge",
    "test_kill_at_every_call",
    "test_kill",
    "test_interpreters",
    "test_foreign_files",
)
"""Files and tests that need boxes for themselves; all others share one box of each kind."""
_LONGEST = ("test_kill_at_every_call", "test_interpreters", "test_kill", "test_fleet")


def longest_first(nodeid: str) -> int:
    """Return the place of a test: what takes minutes begins first, so that no worker is left alone with it."""
    return next((place for place, name in enumerate(_LONGEST) if name in nodeid), len(_LONGEST))


def group(nodeid: str) -> str:
    """Name what a test shares with others."""
    found = _KIND.search(nodeid)
    file = next((name for name in _OWN_BOXES if name in nodeid), "shared")
    return f"{file}-{found[1]}" if found else file
