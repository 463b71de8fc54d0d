"""Is this the right box, is it built as we know it, and is there room to work?"""

from __future__ import annotations

import re
from typing import Final

from ..codes import CodeName, Variant
from ..model.digests import is_mac, plain_serial
from ..model.observed import DiskPlace, ForeignName
from ..model.part import Part
from ..model.severity import FindingClass
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from .case import Case

OLDEST_PYTHON: Final = (3, 11)
LEAST_FREE_BYTES: Final = 2 << 20
"""Room for two generations of a pair and a rewritten configuration, with a margin."""
_REPLACED: Final = ("/etc/ssl/certs/nginx-cert.crt", "/etc/ssl/private/nginx-cert.key")
"""In either tree: a repair puts a link of its own there, whatever was there before."""
_LEAST_FREE: Final = dict.fromkeys(DiskPlace, LEAST_FREE_BYTES) | {DiskPlace.RUN: 512 << 10}
"""In `/run` are notes of a few hundred bytes, and what systemd writes for a timer."""


def check_layout(case: Case) -> Finding | None:
    """A box that is built in an unknown way is not judged any further."""
    problem = case.observed.layout.problem
    return None if problem is None else finding(CodeName.UNSUPPORTED_LAYOUT, problem)


def check_python(case: Case) -> Finding | None:
    """The program that runs on a box needs Python 3.11."""
    version = re.match(r"(\d+)\.(\d+)", case.observed.layout.python)
    if version is None or (int(version[1]), int(version[2])) >= OLDEST_PYTHON:
        return None
    seen = say("version", version=case.observed.layout.python, needed=".".join(map(str, OLDEST_PYTHON)))
    return finding(CodeName.UNSUPPORTED_PYTHON, seen)


def check_identity(case: Case) -> Finding | None:
    """Where a serial number is pinned, the box must show the same; where none is, the control machine judges.

    What could not be asked for without changing the box is no other box's; nothing is changed before it is known.
    """
    if case.observed.identity.serial is None and Part.IDENTITY in case.observed.unseen:
        return None
    return identity_differs(
        case.observed.identity.serial, case.desired.serial, gap=case.observed.gaps.get(Part.IDENTITY)
    )


def identity_differs(serial: str | None, wanted: str | None, *, gap: Statement | None = None) -> Finding | None:
    """Compare a serial number with the one that is declared.

    Args:
        gap: why none could be read.
    """
    if wanted is None:
        return None
    if serial is None:
        return finding(CodeName.WRONG_BOX, _unread(gap, wanted))
    if plain_serial(serial) == plain_serial(wanted):
        return None
    if is_mac(serial) and not is_mac(wanted):
        return finding(CodeName.WRONG_BOX, say("other_kind", serial=serial, wanted=wanted), variant=Variant.SHOWS_MAC)
    return finding(CodeName.WRONG_BOX, say("other", serial=serial, wanted=wanted))


def _unread(gap: Statement | None, wanted: str) -> Statement:
    return say("unread", why=gap, wanted=wanted)


def check_access_point(case: Case) -> Finding | None:
    """A box that is its own access point has no Internet."""
    if not case.observed.identity.access_point:
        return None
    return finding(CodeName.ACCESS_POINT_MODE, say("address", address=case.observed.identity.address))


def check_disk(case: Case) -> Finding | None:
    """Nothing is written where a file could end up cut short."""
    disk = case.observed.disk
    small = {place: size for place, size in disk.free.items() if size is not None and size < _LEAST_FREE[place]}
    seen = [say("tight", place=place, free=size, needed=_LEAST_FREE[place]) for place, size in small.items()]
    seen += [say("crowded", place=place) for place in disk.no_files]
    if disk.run_problem is not None and DiskPlace.RUN not in (*small, *disk.no_files):
        seen.append(say("closed", place=DiskPlace.RUN, reason=disk.run_problem))
    return finding(CodeName.DISK_FULL, *seen) if seen else None


def check_foreign_links(case: Case) -> Finding | None:
    """No link and no second name of a file stands where somebody else than root may have put it."""
    found = case.observed.foreign_names
    if not found:
        return None
    ours_to_mend = all(each.path.endswith(_REPLACED) for each in found)
    kind = None if ours_to_mend else FindingClass.BLOCKED
    return finding(CodeName.FOREIGN_LINK, *map(_foreign, found), finding_class=kind)


def _foreign(name: ForeignName) -> Statement:
    if name.target is None:
        return say("names", path=name.path, names=name.names)
    return say("link", path=name.path, target=name.target)
