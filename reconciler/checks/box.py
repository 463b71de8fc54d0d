"""Is this the right box, is it built as we know it, and is there room to work?"""

from __future__ import annotations

import re
from typing import Final

from ..codes import CodeName
from ..codes.wording import mebibytes
from ..model.digests import plain_serial
from ..model.observed import ForeignName
from ..model.severity import FindingClass
from ..results.finding import Finding, finding
from .case import Case

OLDEST_PYTHON: Final = (3, 11)
LEAST_FREE_BYTES: Final = 2 << 20
"""Room for two generations of a pair and a rewritten configuration, with a margin."""
_REPLACED: Final = ("/etc/ssl/certs/nginx-cert.crt", "/etc/ssl/private/nginx-cert.key")
"""In either tree: a repair puts a link of its own there, whatever was there before."""
_SHOWN: Final = 120
"""Characters of a link's target."""
_LEAST_FREE: Final = dict.fromkeys(("live", "mirror", "home"), LEAST_FREE_BYTES) | {"run": 512 << 10}
"""In `/run` are notes of a few hundred bytes, and what systemd writes for a timer."""
_PLACES: Final = {"live": "/etc in memory", "mirror": "the SD card", "home": "the home directory", "run": "/run"}


def check_layout(case: Case) -> Finding | None:
    """A box that is built in an unknown way is not judged any further."""
    if case.observed.layout.problem is None:
        return None
    return finding(CodeName.UNSUPPORTED_LAYOUT, case.observed.layout.problem)


def check_python(case: Case) -> Finding | None:
    """The program that runs on a box needs Python 3.11."""
    version = re.match(r"(\d+)\.(\d+)", case.observed.layout.python)
    if version is None or (int(version[1]), int(version[2])) >= OLDEST_PYTHON:
        return None
    return finding(CodeName.UNSUPPORTED_PYTHON, f"Python {case.observed.layout.python}, at least 3.11 is needed")


def check_identity(case: Case) -> Finding | None:
    """Where a serial number is pinned, the box must show the same; where none is, the control machine judges."""
    serial = case.observed.identity.serial
    if case.desired.serial is None:
        return None
    if serial is not None and plain_serial(serial) == plain_serial(case.desired.serial):
        return None
    why = f" ({case.observed.gaps['identity']})" if "identity" in case.observed.gaps else ""
    seen = f"its serial number could not be read{why}" if serial is None else f"this box has serial number {serial}"
    return finding(CodeName.WRONG_BOX, f"{seen}, the inventory says {case.desired.serial}")


def check_access_point(case: Case) -> Finding | None:
    """A box that is its own access point has no Internet."""
    if not case.observed.identity.access_point:
        return None
    return finding(CodeName.ACCESS_POINT_MODE, f"the box's address is {case.observed.identity.address or 'not known'}")


def check_disk(case: Case) -> Finding | None:
    """Nothing is written where a file could end up cut short."""
    disk = case.observed.disk
    sizes = {"live": disk.live_free, "mirror": disk.mirror_free, "home": disk.home_free, "run": disk.run_free}
    small = [name for name, size in sizes.items() if size is not None and size < _LEAST_FREE[name]]
    tight = [
        f"{_PLACES[name]} has {mebibytes(sizes[name] or 0)} free; at least {mebibytes(_LEAST_FREE[name])} is needed"
        for name in small
    ]
    crowded = [f"{_PLACES[name]} can take no more files" for name in disk.no_files if name in _PLACES]
    told = [*tight, *crowded]
    if disk.run_problem is not None and "run" not in (*small, *disk.no_files):
        told.append(f"{_PLACES['run']} cannot be written: {disk.run_problem}")
    return finding(CodeName.DISK_FULL, "; ".join(told)) if told else None


def check_foreign_links(case: Case) -> Finding | None:
    """No link and no second name of a file stands where somebody else than root may have put it."""
    found = case.observed.foreign_names
    if not found:
        return None
    ours_to_mend = all(each.path.endswith(_REPLACED) for each in found)
    kind = None if ours_to_mend else FindingClass.BLOCKED
    return finding(CodeName.FOREIGN_LINK, "; ".join(map(_foreign, found)), finding_class=kind)


def _foreign(name: ForeignName) -> str:
    if name.target is None:
        return f"{name.path} is a file with {name.names} names (hard links)"
    target = name.target if len(name.target) <= _SHOWN else f"{name.target[:_SHOWN]}..."
    return f"{name.path} is a link to {target}"
