"""The file system as one process sees it: through its own mounts, with its own rights, with the kernel's errors.

The tool, the vendor's program and the system's services each look through a view of their own at the same disk.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

from reconciler.machine.guarded import ForeignFile
from reconciler.machine.reason import Unable
from reconciler.machine.system import FileKind, FileStatus, Held
from reconciler.model.statement import say

from .inode import Inode, new_directory, new_file, new_link
from .mounts import ROOT, Credentials, Namespace, WalkEnd, check_rename, failure
from .storage import DIRECTORY_SIZE, Superblock

_STICKY = 0o1000


@dataclass(slots=True)
class FileView:
    """The calls of the `Files` Protocol, and an ordinary `open(path, "w")` for everybody who is less careful.

    Args:
        careful: walk as the tool does, by the rules of `guarded`.
    """

    namespace: Namespace
    credentials: Credentials = ROOT
    careful: bool = False

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        """Return the content, links followed. A file longer than `limit` bytes is an OSError (EFBIG)."""
        return self.hold(path, limit).content

    def hold(self, path: str, limit: int = 1 << 20) -> Held:
        """Return the content as `read` does, and the status of the same file."""
        place = self._readable(path)
        if place.there(path).size > limit:
            raise Unable(say("longer_than", limit=limit), path, errno.EFBIG)
        return Held(place.there(path).content, _status(place, path))

    def read_end(self, path: str, length: int) -> bytes:
        """Return the last `length` bytes, links followed, however long the file is."""
        content = self._readable(path).there(path).content
        return content[max(0, len(content) - length) :]

    def status(self, path: str, *, follow: bool = False) -> FileStatus:
        """Return `lstat` (or `stat` where links are followed)."""
        return _status(self._walk(path, follow=follow), path)

    def read_link(self, path: str) -> str:
        """Return the target as written."""
        inode = self._walk(path, follow=False).there(path)
        if inode.kind is not FileKind.LINK:
            raise failure(errno.EINVAL, path)
        return inode.content.decode()

    def list(self, path: str) -> tuple[str, ...]:
        """Return the names in a directory, sorted."""
        inode = self._existing(path)
        if inode.kind is not FileKind.DIRECTORY:
            raise failure(errno.ENOTDIR, path)
        if not self.credentials.may_read(inode):
            raise failure(errno.EACCES, path)
        return tuple(sorted(inode.entries))

    def create(self, path: str, content: bytes, mode: int, uid: int, gid: int) -> None:
        """Make a new file; it exists, empty, before it has its content (`create_empty`, then `fill`)."""
        self.fill(path, self.create_empty(path, mode, uid, gid), content)

    def create_empty(self, path: str, mode: int, uid: int, gid: int) -> Inode:
        """Do the first half of `create`: the name, mode and owner."""
        place = self._free(path)
        self._change_names(place)
        superblock = place.mount.superblock
        superblock.take_file()
        inode = new_file(mode, (uid, gid), superblock.clock())
        superblock.forget(inode)
        superblock.change_names((place.parent, place.name, inode))
        return inode

    def fill(self, path: str, inode: Inode, content: bytes) -> None:
        """Do the second half of `create`.

        Raises:
            OSError: ENOSPC; the file is gone again.
        """
        try:
            self._superblock(path).write(inode, content)
        except OSError:
            self.remove(path)
            raise

    def open_for_writing(self, path: str) -> Superblock:
        """Open a file, which keeps its file system, the one returned, from becoming read-only until it is closed."""
        superblock = self._superblock(path)
        superblock.open_for_writing += 1
        return superblock

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Do `open(path, "w")` and write: links followed, truncated in place, nothing synced."""
        place = self._walk(path, follow=True)
        inode = place.inode
        if inode is None:
            inode = self.create_empty(place.path, mode, self.credentials.uid, self.credentials.groups[0])
        elif inode.kind is FileKind.DIRECTORY:
            raise failure(errno.EISDIR, path)
        self._writable(place, path)
        if not self.credentials.may_write(inode):
            raise failure(errno.EACCES, path)
        if inode.content:
            place.mount.superblock.write(inode, b"")
        place.mount.superblock.write(inode, content)

    def append(self, path: str, content: bytes) -> None:
        """Add to the end of a file that exists."""
        place = self._walk(path, follow=True)
        inode = place.there(path)
        self._writable(place, path)
        place.mount.superblock.write(inode, inode.content + content)

    def symlink(self, target: str, path: str) -> None:
        """Make a symbolic link; FileExistsError if the name is taken."""
        place = self._free(path)
        self._change_names(place)
        owner = (self.credentials.uid, self.credentials.groups[0])
        place.mount.superblock.take_file()
        link = new_link(target, owner, place.mount.superblock.clock())
        place.mount.superblock.change_names((place.parent, place.name, link))

    def hard_link(self, existing: str, path: str) -> None:
        """Give a file a second name, as a box does whose kernel lets everybody (`fs.protected_hardlinks` is 0)."""
        inode = self._walk(existing, follow=False).there(existing)
        place = self._free(path)
        self._change_names(place)
        inode.names += 1
        place.mount.superblock.change_names((place.parent, place.name, inode))

    def make_directory(self, path: str, mode: int, uid: int, gid: int) -> None:
        """Make one directory; FileExistsError if the name is taken."""
        place = self._free(path)
        self._change_names(place)
        superblock = place.mount.superblock
        superblock.take_file()
        superblock.take(DIRECTORY_SIZE)
        inode = new_directory(mode, (uid, gid), superblock.clock())
        superblock.forget(inode)
        superblock.change_names((place.parent, place.name, inode))

    def rename(self, source: str, target: str) -> None:
        """Replace `target` by `source` in one step."""
        old = self._walk(source, follow=False)
        new = self._walk(target, follow=False)
        if old.mount is not new.mount:  # the same disk seen through two mounts counts as two, too
            raise failure(errno.EXDEV, source, target)
        self._writable(old, source)
        moved = old.there(source)
        check_rename(old, new, source, target)
        self._change_names(old)
        self._change_names(new)
        if new.inode is moved:
            return
        superblock = old.mount.superblock
        superblock.change_names((old.parent, old.name, None), (new.parent, new.name, moved))
        if new.inode is not None:
            superblock.unlink(new.inode)

    def remove(self, path: str) -> None:
        """Remove a file, a link, or an empty directory."""
        place = self._walk(path, follow=False)
        self._writable(place, path)
        inode = place.there(path)
        if place.path in self.namespace.mounts:
            raise failure(errno.EBUSY, path)
        self._change_names(place)
        if inode.entries:
            raise failure(errno.ENOTEMPTY, path)
        place.mount.superblock.change_names((place.parent, place.name, None))
        place.mount.superblock.unlink(inode)

    def set_mode(self, path: str, mode: int) -> None:
        """Set the permission bits, links followed."""
        place, inode = self._to_change(path)
        inode.set_mode(mode)
        place.mount.superblock.forget(inode)

    def set_owner(self, path: str, uid: int, gid: int) -> None:
        """Set owner and group, links followed."""
        place, inode = self._to_change(path)
        if self.credentials.uid != 0:
            raise failure(errno.EPERM, path)
        inode.set_owner((uid, gid))
        place.mount.superblock.forget(inode)

    def sync_file(self, path: str) -> None:
        """Make content, mode and owner of a file durable."""
        inode = self._existing(path)
        if inode.kind is FileKind.DIRECTORY:  # `fsync` of a directory is the same call
            self.sync_directory(path)
        inode.sync()

    def sync_directory(self, path: str) -> None:
        """Make the names in a directory durable, and its own mode and owner."""
        place = self._walk(path, follow=True)
        inode = place.there(path)
        if inode.kind is not FileKind.DIRECTORY:
            raise failure(errno.ENOTDIR, path)
        place.mount.superblock.sync_directory(inode)

    def free_bytes(self, path: str) -> int:
        """Return what root may still write on the file system that holds `path`."""
        self._existing(path)
        return self._superblock(path).free

    def free_files(self, path: str) -> int | None:
        """Return how many new files can be made on the file system that holds `path`."""
        self._existing(path)
        return self._superblock(path).free_files

    def _superblock(self, path: str) -> Superblock:
        return self._walk(path, follow=True).mount.superblock

    def _walk(self, path: str, *, follow: bool) -> WalkEnd:
        return self.namespace.walk(path, self.credentials, follow=follow, careful=self.careful)

    def _readable(self, path: str) -> WalkEnd:
        place = self._walk(path, follow=True)
        inode = place.there(path)
        if inode.kind is FileKind.DIRECTORY:
            raise failure(errno.EISDIR, path)
        if inode.kind is not FileKind.FILE:
            raise Unable(say("no_plain_file"), path, errno.EINVAL)
        if self.careful and not place.guarded and inode.names > 1:
            raise ForeignFile.hard_link(path, inode.names)
        if not self.credentials.may_read(inode):
            raise failure(errno.EACCES, path)
        return place

    def _existing(self, path: str) -> Inode:
        return self._walk(path, follow=True).there(path)

    def _free(self, path: str) -> WalkEnd:
        place = self._walk(path.rstrip("/"), follow=False)
        if place.inode is not None:
            raise failure(errno.EEXIST, path)
        return place

    def _to_change(self, path: str) -> tuple[WalkEnd, Inode]:
        place = self._walk(path, follow=True)
        inode = place.there(path)
        if self.careful and not place.guarded:
            raise ForeignFile.open_place(path)
        self._writable(place, path)
        if self.credentials.uid not in (0, inode.owner[0]):
            raise failure(errno.EPERM, path)
        return place, inode

    def _change_names(self, place: WalkEnd) -> None:
        self._writable(place, place.path)
        if not self.credentials.may_write(place.parent):
            raise failure(errno.EACCES, place.path)
        sticky = place.parent.mode & _STICKY and place.inode is not None
        owners = (place.parent.owner[0], place.inode.owner[0] if place.inode else 0)
        if sticky and self.credentials.uid not in (0, *owners):
            raise failure(errno.EPERM, place.path)

    def _writable(self, place: WalkEnd, path: str) -> None:
        if not place.mount.writable:
            raise failure(errno.EROFS, path)


def _status(place: WalkEnd, path: str) -> FileStatus:
    inode = place.there(path)
    return FileStatus(
        inode.kind, inode.mode, *inode.owner, inode.size, inode.mtime, names=inode.names, guarded=place.guarded
    )
