"""File systems below the mounts: one disk with a journal of what was not synced, and ramdisks that forget all.

The order of directory changes follows ext4 without its rename heuristics: for one name a later change implies the
earlier ones, changes of different names may reach the disk in any order, and a rename is one unit.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.machine.system import FileKind

from .inode import Choose, Inode, every_inode

DIRECTORY_SIZE = 4096
"""Bytes that a new directory takes, as on ext4."""
Clock = Callable[[], float]
Effect = tuple[Inode, str, Inode | None]
"""In this directory, this name becomes this inode, or nothing."""


@dataclass(slots=True, eq=False)
class Superblock:
    """One file system.

    Args:
        device: what the mount table shows as source.
        durable: it is a disk: what was synced survives.
        read_only: the flag of the file system itself; mounts have one each.
        free: bytes that root may still write.
        free_files: new files that may still be made; None where that is not bounded.
        open_for_writing: files that are; while there are any, it cannot become read-only.
        generated: makes the root anew on every look, for `/proc` and `/sys`.
    """

    device: str
    type_name: str
    root: Inode
    clock: Clock
    durable: bool = False
    read_only: bool = False
    free: int = 1 << 30
    free_files: int | None = None
    open_for_writing: int = 0
    generated: Callable[[], Inode] | None = None
    journal: list[tuple[Effect, ...]] = field(default_factory=list)

    def change_names(self, *effects: Effect) -> None:
        """Do one directory change, which may touch several names at once."""
        for directory, name, inode in effects:
            if self.durable and directory.durable_entries is None:
                directory.durable_entries = dict(directory.entries)
            _apply(directory.entries, name, inode)
            directory.mtime = self.clock()
        if self.durable:
            self.journal.append(effects)

    def write(self, inode: Inode, content: bytes) -> None:
        """Replace the content of a file.

        Raises:
            OSError: ENOSPC; nothing was written.
        """
        self.take(len(content) - inode.size)
        inode.set_content(content, self.clock())
        self.forget(inode)

    def close(self) -> None:
        """Close one of the files that are open for writing."""
        self.open_for_writing -= 1

    def take(self, size: int) -> None:
        """Use up (or give back) space, in bytes.

        Raises:
            OSError: ENOSPC.
        """
        if size > 0 and size > self.free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.free -= size

    def unlink(self, inode: Inode) -> None:
        """Count one name less; the space of what has none is free again."""
        inode.names -= 1
        if inode.names <= 0:
            self.take(-space(inode))
            self.free_files = None if self.free_files is None else self.free_files + 1

    def take_file(self) -> None:
        """Use up one of the files that may be made.

        Raises:
            OSError: ENOSPC.
        """
        if self.free_files is None:
            return
        if self.free_files <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.free_files -= 1

    def forget(self, inode: Inode) -> None:
        """Drop the history of an inode that no power cut can bring back anyway."""
        if not self.durable:
            inode.sync()

    def sync_directory(self, directory: Inode) -> None:
        """Make the names in a directory durable, and with them what they depend on."""
        directory.sync()
        due = self._due(directory)
        waiting = []
        for effects, now in zip(self.journal, due, strict=True):
            if now:
                _apply_durably(effects)
            else:
                waiting.append(effects)
        self.journal = waiting

    def sync_all(self) -> None:
        """Make everything durable, as `sync` does."""
        self.journal.clear()
        for inode in every_inode(self.root):
            inode.durable_entries = None
            inode.sync()

    def power_cut(self, choose: Choose) -> None:
        """Keep what was synced, and of the rest what `choose` says; names first, then files in the order of names."""
        used = _used(self.root)
        self._settle_names(choose)
        for inode in every_inode(self.root):
            inode.settle(choose)
        self.free += used - _used(self.root)
        self.read_only, self.open_for_writing = False, 0

    def _due(self, directory: Inode) -> list[bool]:
        wanted: set[tuple[int, str]] = set()
        due = []
        for effects in reversed(self.journal):
            keys = _keys(effects)
            now = any(inode is directory for inode, _, _ in effects) or not wanted.isdisjoint(keys)
            if now:
                wanted |= keys
            due.append(now)
        return due[::-1]

    def _settle_names(self, choose: Choose) -> None:
        lost: set[tuple[int, str]] = set()
        for effects in self.journal:
            keys = _keys(effects)
            if lost.isdisjoint(keys) and choose():
                _apply_durably(effects)
            else:
                lost |= keys
        touched = [directory for effects in self.journal for directory, _, _ in effects]
        for directory in (*touched, *every_inode(self.root)):
            if directory.durable_entries is not None:
                directory.entries, directory.durable_entries = directory.durable_entries, None
        self.journal.clear()


def space(inode: Inode) -> int:
    """Return the bytes that removing an inode gives back."""
    sizes = {FileKind.DIRECTORY: DIRECTORY_SIZE, FileKind.FILE: inode.size}
    return sizes.get(inode.kind, 0)


def _keys(effects: tuple[Effect, ...]) -> set[tuple[int, str]]:
    return {(id(directory), name) for directory, name, _ in effects}


def _apply(entries: dict[str, Inode], name: str, inode: Inode | None) -> None:
    if inode is None:
        entries.pop(name, None)
    else:
        entries[name] = inode


def _apply_durably(effects: tuple[Effect, ...]) -> None:
    for directory, name, inode in effects:
        if directory.durable_entries is not None:
            _apply(directory.durable_entries, name, inode)


def _used(root: Inode) -> int:
    return sum(space(inode) for inode in every_inode(root))
