"""Files, directories and links, each with what the disk would hold of it after a power cut.

An inode that was never changed since its last sync carries nothing extra, which keeps thousands of boxes small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from reconciler.machine.system import FileKind

Choose = Callable[[], bool]
"""Answers, for one change that was not synced: did it reach the disk?"""

T = TypeVar("T")

BIRTH_OWNER = (0, 0)
"""A file is born as root's and without any permission, and is given away by a second step."""
BIRTH_FILE_MODE = 0
BIRTH_DIRECTORY_MODE = 0o700


@dataclass(slots=True)
class Unsynced:
    """Every state since the last sync, oldest (the durable one) first."""

    contents: list[bytes]
    modes: list[int]
    owners: list[tuple[int, int]]

    def copy(self) -> Unsynced:
        """Return the same states, to go on from."""
        return Unsynced(self.contents[:], self.modes[:], self.owners[:])


@dataclass(slots=True, eq=False)
class Inode:
    """One object of a file system.

    Args:
        content: of a link, its target.
        mtime: seconds since the epoch.
        names: how many names it has (hard links).
    """

    kind: FileKind
    mode: int
    owner: tuple[int, int] = BIRTH_OWNER
    content: bytes = b""
    mtime: float = 0.0
    entries: dict[str, Inode] = field(default_factory=dict)
    durable_entries: dict[str, Inode] | None = None
    unsynced: Unsynced | None = None
    names: int = 1

    @property
    def size(self) -> int:
        """Return what `stat` calls the size."""
        return len(self.content)

    def set_content(self, content: bytes, now: float) -> None:
        """Change the content; it is not durable yet."""
        self._history().contents.append(content)
        self.content, self.mtime = content, now

    def set_mode(self, mode: int) -> None:
        """Change the permission bits; they are not durable yet."""
        self._history().modes.append(mode)
        self.mode = mode

    def set_owner(self, owner: tuple[int, int]) -> None:
        """Change owner and group; they are not durable yet."""
        self._history().owners.append(owner)
        self.owner = owner

    def __deepcopy__(self, memo: dict[int, Any]) -> Inode:
        """Copy all below too, in a quarter of the usual time: a box is copied for each of thousands of kills."""
        copied = memo[id(self)] = Inode(self.kind, self.mode, self.owner, self.content, self.mtime)
        copied.names = self.names
        copied.entries = _copied(self.entries, memo)
        if self.durable_entries is not None:
            copied.durable_entries = _copied(self.durable_entries, memo)
        if self.unsynced is not None:
            copied.unsynced = self.unsynced.copy()
        return copied

    def sync(self) -> None:
        """Make content, mode and owner durable."""
        self.unsynced = None

    def settle(self, choose: Choose) -> None:
        """Become what the disk holds after a power cut; each change is there only if those before it are."""
        if self.unsynced is None:
            return
        self.content = _settle_content(self.unsynced.contents, choose)
        self.mode = _settle(self.unsynced.modes, choose)
        self.owner = _settle(self.unsynced.owners, choose)
        self.unsynced = None

    def _history(self) -> Unsynced:
        if self.unsynced is None:
            self.unsynced = Unsynced([self.content], [self.mode], [self.owner])
        return self.unsynced


def new_file(mode: int, owner: tuple[int, int], now: float) -> Inode:
    """Make an empty file whose mode and owner a power cut may still take away."""
    return _born(FileKind.FILE, BIRTH_FILE_MODE, mode, owner, now)


def new_directory(mode: int, owner: tuple[int, int], now: float) -> Inode:
    """Make an empty directory whose mode and owner a power cut may still take away."""
    return _born(FileKind.DIRECTORY, BIRTH_DIRECTORY_MODE, mode, owner, now)


def new_link(target: str, owner: tuple[int, int], now: float) -> Inode:
    """Make a symbolic link; short targets are part of the inode itself, so a link is there as a whole or not."""
    return Inode(FileKind.LINK, 0o777, owner, target.encode(), now)


def copy_tree(source: Inode) -> Inode:
    """Copy what is visible below `source` as `rsync -a` would; contents are shared, nothing is pending."""
    copied = Inode(source.kind, source.mode, source.owner, source.content, source.mtime)
    copied.entries = {name: copy_tree(child) for name, child in source.entries.items()}
    return copied


def every_inode(root: Inode) -> Iterator[Inode]:
    """Yield `root` and all below it, in the order of names."""
    yield root
    for name in sorted(root.entries):
        yield from every_inode(root.entries[name])


def _copied(entries: dict[str, Inode], memo: dict[int, Any]) -> dict[str, Inode]:
    return {name: memo.get(id(inode)) or inode.__deepcopy__(memo) for name, inode in entries.items()}


def _born(kind: FileKind, birth_mode: int, mode: int, owner: tuple[int, int], now: float) -> Inode:
    inode = Inode(kind, birth_mode, mtime=now)
    if mode != birth_mode:
        inode.set_mode(mode)
    if owner != BIRTH_OWNER:
        inode.set_owner(owner)
    return inode


def _settle(history: list[T], choose: Choose) -> T:
    reached = history[0]
    for later in history[1:]:
        if not choose():
            break
        reached = later
    return reached


def _settle_content(history: list[bytes], choose: Choose) -> bytes:
    reached = history[0]
    for later in history[1:]:
        if not choose():
            torn = len(later) > 1 and choose()
            return later[: len(later) // 2] if torn else reached
        reached = later
    return reached
