"""Give the certificate files back to the box's own user, so that its renewal works, and close what is too open."""

from __future__ import annotations

from ...model.result import Repair, RepairOutcome
from ..generations import CERTIFICATE_MODE, KEY_MODE
from ..paths import CERTIFICATE, KEY, obstacle, walk
from ..persist import Owner
from ..system import User
from .work import Work, done, failed, unchanged

_PASS_THROUGH = 0o001


def set_permissions(work: Work, repair: Repair) -> RepairOutcome:
    """Own the four files to the service user, 0644 and 0600, and let that user pass through their directories."""
    box = work.box
    user = box.system.user(box.layout.service_user)
    changed = []
    for tree in reversed(box.trees):
        for path, mode in ((CERTIFICATE, CERTIFICATE_MODE), (KEY, KEY_MODE)):
            place = tree.path(path)
            work.step(f"owner and mode of {place}")
            try:
                if _give(work, place, mode, user):
                    changed.append(place)
            except FileNotFoundError:
                continue
    places = [tree.path(path) for tree in box.trees for path in (CERTIFICATE, KEY)]
    left = [each.words for place in places if (each := obstacle(box.system, place, user))]
    if left:
        return failed(repair, "; ".join(left))
    return done(repair, ", ".join(changed)) if changed else unchanged(repair, "owner and mode are right already")


def _give(work: Work, path: str, mode: int, user: User) -> bool:
    disk = work.box.disk
    changed = disk.own(path, Owner(mode, user.uid, user.groups[0]))
    for directory in walk(disk.system, path).directories:
        if (met := obstacle(disk.system, path, user)) and met.place == directory:
            status = disk.system.status(directory)
            # one bit, and not a listing: the names in it stay hidden
            changed |= disk.own(directory, Owner(status.mode | _PASS_THROUGH, status.uid, status.gid))
    return changed
