"""Give the certificate files back to the box's own user, so that its renewal works, and close what is too open."""

from __future__ import annotations

import posixpath

from ...machine.durable import DurableDisk, Owner
from ...machine.system import FileStatus, User
from ...machine.walking import obstacle, walk
from ...model.statement import say
from ...results.result import Repair, RepairOutcome
from ..pair.generations import CERTIFICATE_MODE, KEY_MODE, may_be_given
from ..paths import CERTIFICATE, GENERATIONS, KEY, Tree
from .work import Work, done, failed, unchanged

_PASS_THROUGH = 0o001
_FOR_OTHERS = 0o022
_FOLDERS = ("/etc", "/etc/ssl", posixpath.dirname(CERTIFICATE), posixpath.dirname(KEY), GENERATIONS)


def set_permissions(work: Work, repair: Repair) -> RepairOutcome:
    """Own the four files to the service user, 0644 and 0600, and let that user pass through their directories."""
    box = work.box
    user = box.system.user(box.layout.service_user)
    changed: list[str] = []
    for tree in reversed(box.trees):
        contents = may_be_given(box.system, tree, user)
        for path, mode, content in zip((CERTIFICATE, KEY), (CERTIFICATE_MODE, KEY_MODE), contents, strict=True):
            place, owner = tree.path(path), Owner(mode, user.uid, user.groups[0])
            work.step(f"owner and mode of {place}")
            given = content is not None and give(box.disk, place, content, owner)
            if _open_ways(work, tree, place, user) or given:
                changed.append(place)
    places = [tree.path(path) for tree in box.trees for path in (CERTIFICATE, KEY)]
    left = [each.seen for place in places if (each := obstacle(box.system, place, user))]
    if left:
        return failed(repair, *left)
    return done(repair, say("given", paths=tuple(changed))) if changed else unchanged(repair, say("same_owners"))


def give(disk: DurableDisk, path: str, content: bytes, owner: Owner) -> bool:
    """Give a file to its owner; where another one may be put in its place, its content as it was judged, anew.

    Raises:
        OSError: from the kernel.
    """
    status = disk.system.status(path, follow=True)
    if Owner.of(status) == owner:
        return False
    if status.guarded:
        return disk.own(path, owner)
    disk.replace(path, content, owner)
    return True


def _open_ways(work: Work, tree: Tree, path: str, user: User) -> bool:
    """Let the user pass through folders on the way that are root's, in root's hands, and there for these files."""
    disk = work.box.disk
    opened = False
    try:
        directories = walk(disk.system, path).directories
    except OSError:
        return False  # what is missing or foreign is not mended by a permission
    for directory, status in directories.items():
        met = obstacle(disk.system, path, user)
        if met and met.place == directory and _is_ours(tree, directory, status):
            # one bit, and not a listing: the names in it stay hidden
            opened |= disk.own(directory, Owner(status.mode | _PASS_THROUGH, status.uid, status.gid))
    return opened


def _is_ours(tree: Tree, directory: str, status: FileStatus) -> bool:
    ours = {"/", tree.root, *map(tree.path, _FOLDERS)}
    known = directory in ours or posixpath.dirname(directory) == tree.path(GENERATIONS)
    return known and status.guarded and status.uid == 0 and not status.mode & _FOR_OTHERS
