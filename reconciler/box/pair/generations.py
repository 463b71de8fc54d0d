"""Put a pair in place so that there is no moment at which certificate and key do not belong together.

Certificate and key lie in two directories, so two renames can always leave a mixed pair, and with that nginx does not
start, port 80 included. So both paths are relative links through one link, `current`, into a directory that holds
both files. Replacing `current` is one rename. nginx and the vendor's own renewal follow the links.

Everything here is safe to run again from the start after a crash at any point.
"""

from __future__ import annotations

import errno
import posixpath
from dataclasses import dataclass
from itertools import chain

from ...machine.durable import ROOT_DIRECTORY, DurableDisk, Owner, temporary_name
from ...machine.reason import Unable
from ...machine.system import Files, FileStatus, Held, User
from ...machine.walking import allowed
from ...model.statement import say
from ..paths import CERTIFICATE, CURRENT, GENERATIONS, KEY, Tree
from .links import generation, link_target
from .parse import BadPair, parse_pair
from .reading import FILE_LIMIT

CERTIFICATE_MODE = 0o644
KEY_MODE = 0o600
_KEPT_MODE = 0o600
"""Of the one generation that is kept for going back."""
_ORIGINAL = "original"
_PASSES = frozenset({errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE})
"""Reasons for which a file that is there cannot be read just now, such as a lease that somebody holds on it."""
FILE_NAMES = (posixpath.basename(CERTIFICATE), posixpath.basename(KEY))
"""Of the files in a generation."""


@dataclass(frozen=True, slots=True)
class PairFiles:
    """Both files' contents and the user who must be able to renew them; `None` where a file is missing."""

    certificate_pem: bytes | None
    key_pem: bytes | None
    user: User

    def items(self) -> tuple[tuple[str, bytes, Owner], ...]:
        """Return name, content and owner of each file that there is."""
        group = self.user.groups[0]
        files = (
            (CERTIFICATE, self.certificate_pem, Owner(CERTIFICATE_MODE, self.user.uid, group)),
            (KEY, self.key_pem, Owner(KEY_MODE, self.user.uid, group)),
        )
        return tuple(
            (posixpath.basename(path), content, owner) for path, content, owner in files if content is not None
        )


def stage(disk: DurableDisk, tree: Tree, name: str, pair: PairFiles) -> str:
    """Write a pair as a generation that nothing points to yet, durable before it gets its name.

    Returns:
        The name it got: `name`, or that with a number where another pair has it, which is never touched.

    Raises:
        OSError: from the kernel; nothing points to what was written.
    """
    free = _free_name(disk, tree, name, pair)
    place = _place(tree, free)
    if disk.kind(place) is not None:
        return free
    disk.directory(tree.path(GENERATIONS), ROOT_DIRECTORY)
    # a power cut may have kept the directory's name and lost its mode
    disk.own(tree.path(GENERATIONS), ROOT_DIRECTORY)
    preparing = _place(tree, temporary_name(name))
    disk.remove_directory(preparing, FILE_NAMES)
    disk.directory(preparing, ROOT_DIRECTORY)
    for file_name, content, owner in pair.items():
        disk.replace(posixpath.join(preparing, file_name), content, owner)
    disk.move(preparing, place)
    return free


def adopt(disk: DurableDisk, tree: Tree, user: User) -> None:
    """Turn the two plain files into links without changing what they say.

    The pair as it is, however good or bad, becomes a generation of its own; each link then shows what the file
    that it replaces showed. What the box's user may not read yet, and somebody else than root may have put there, is
    copied for it only as a pair that belongs together.
    """
    if generation(disk.system, tree) is not None:
        return
    contents = may_be_given(disk.system, tree, user)
    point(disk, tree, stage(disk, tree, _ORIGINAL, PairFiles(contents[0], contents[1], user)))
    for path in (CERTIFICATE, KEY):
        disk.link(link_target(path), tree.path(path))


def may_be_given(files: Files, tree: Tree, user: User) -> tuple[bytes | None, bytes | None]:
    """Return both files' contents, `None` for what is not there or is not to be shown to `user`.

    A user who may rename in one of the two folders can put any file of root there that he finds in his own.

    Raises:
        OSError: a file cannot be read just now, and is not to be taken for one that is not there.
    """
    certificate, key = (_held(files, tree.path(path)) for path in (CERTIFICATE, KEY))
    together = certificate is not None and key is not None and _is_pair(certificate.content, key.content)

    def shown(held: Held | None) -> bytes | None:
        return held.content if held and (together or _is_shown(held.status, user)) else None

    return shown(certificate), shown(key)


def point(disk: DurableDisk, tree: Tree, name: str) -> None:
    """Make `current` lead to another generation: the one rename by which the pair changes."""
    if current(disk, tree) != name:
        disk.link(name, _place(tree, CURRENT))


def current(disk: DurableDisk, tree: Tree) -> str | None:
    """Return the name of the generation that `current` leads to, or None where there is none."""
    try:
        return disk.system.read_link(_place(tree, CURRENT))
    except OSError:
        return None


def tidy(disk: DurableDisk, tree: Tree, keep: str | None) -> None:
    """Remove every generation but the current one and `keep`, whose files only root may read from now on."""
    used = current(disk, tree)
    for name in disk.system.list(tree.path(GENERATIONS)):
        if name in (CURRENT, used):
            continue
        if name == keep:
            _close(disk, _place(tree, name))
        else:
            disk.remove_directory(_place(tree, name), FILE_NAMES)


def _held(files: Files, path: str) -> Held | None:
    try:
        return files.hold(path, FILE_LIMIT)
    except OSError as error:
        if error.errno in _PASSES:
            raise
        return None


def _is_shown(status: FileStatus, user: User) -> bool:
    """Tell whether giving the content to the user shows him nothing that root did not put there for him."""
    return status.guarded or status.uid == user.uid or allowed(status, user, 0o4)


def _is_pair(certificate_pem: bytes, key_pem: bytes) -> bool:
    try:
        parse_pair(certificate_pem, key_pem)
    except BadPair:
        return False
    return True


def _close(disk: DurableDisk, place: str) -> None:
    owner = Owner(_KEPT_MODE, 0, 0)
    for name in disk.system.list(place):
        path = posixpath.join(place, name)
        status = disk.system.status(path)
        if status.guarded and Owner.of(status) == owner:
            continue
        # a new file: whoever owned this one may still have it open, to write to
        disk.replace(path, disk.system.read(path), owner)


def _same(disk: DurableDisk, place: str, pair: PairFiles) -> bool:
    wanted = pair.items()
    if set(disk.system.list(place)) != {name for name, _, _ in wanted}:
        return False
    for name, content, owner in wanted:
        path = posixpath.join(place, name)
        held = disk.system.hold(path)
        if held.content != content or Owner.of(held.status) != owner:
            return False
    return True


def _free_name(disk: DurableDisk, tree: Tree, name: str, pair: PairFiles) -> str:
    for candidate in chain((name,), (f"{name}-{number}" for number in range(2, 1 << 10))):
        place = _place(tree, candidate)
        if disk.kind(place) is None or _same(disk, place, pair):
            return candidate
    raise Unable(say("generations_full"), _place(tree, name), errno.EEXIST)


def _place(tree: Tree, name: str) -> str:
    return tree.path(f"{GENERATIONS}/{name}")
