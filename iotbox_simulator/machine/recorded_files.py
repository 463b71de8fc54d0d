"""The `Files` half of a box as the tool calls it: each change is recorded, and refused once the tool is dead."""

from __future__ import annotations

from reconciler.machine.system import FileStatus, Held

from .filesystem import FileSystem
from .mounts import Namespace
from .recorder import CallKind, Recorder
from .storage import Superblock
from .view import FileView


class RecordedFiles:
    """Implements `Files` over the tool's own view of a file system."""

    def __init__(self, storage: FileSystem, recorder: Recorder) -> None:
        self.storage = storage
        self.recorder = recorder
        self._private: Namespace | None = None
        self._writing: Superblock | None = None

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        """See `Files.read`."""
        return self._files.read(path, limit)

    def hold(self, path: str, limit: int = 1 << 20) -> Held:
        """See `Files.hold`."""
        return self._files.hold(path, limit)

    def read_end(self, path: str, length: int) -> bytes:
        """See `Files.read_end`."""
        return self._files.read_end(path, length)

    def status(self, path: str, *, follow: bool = False) -> FileStatus:
        """See `Files.status`."""
        return self._files.status(path, follow=follow)

    def read_link(self, path: str) -> str:
        """See `Files.read_link`."""
        return self._files.read_link(path)

    def list(self, path: str) -> tuple[str, ...]:
        """See `Files.list`."""
        return self._files.list(path)

    def create(self, path: str, content: bytes, mode: int, uid: int, gid: int) -> None:
        """See `Files.create`; two recorded calls, between which the file is there and empty."""
        with self.recorder.changing(CallKind.CREATE, path, oct(mode), uid, gid):
            inode = self._files.create_empty(path, mode, uid, gid)
        self._writing = self._files.open_for_writing(path)
        try:
            with self.recorder.changing(CallKind.WRITE, path, len(content)):
                self._files.fill(path, inode, content)
                self.close_files()
        finally:
            self.close_files()

    def symlink(self, target: str, path: str) -> None:
        """See `Files.symlink`."""
        with self.recorder.changing(CallKind.SYMLINK, path, target):
            self._files.symlink(target, path)

    def make_directory(self, path: str, mode: int, uid: int, gid: int) -> None:
        """See `Files.make_directory`."""
        with self.recorder.changing(CallKind.MAKE_DIRECTORY, path, oct(mode), uid, gid):
            self._files.make_directory(path, mode, uid, gid)

    def rename(self, source: str, target: str) -> None:
        """See `Files.rename`."""
        with self.recorder.changing(CallKind.RENAME, target, source):
            self._files.rename(source, target)

    def remove(self, path: str) -> None:
        """See `Files.remove`."""
        with self.recorder.changing(CallKind.REMOVE, path):
            self._files.remove(path)

    def set_mode(self, path: str, mode: int) -> None:
        """See `Files.set_mode`."""
        with self.recorder.changing(CallKind.SET_MODE, path, oct(mode)):
            self._files.set_mode(path, mode)

    def set_owner(self, path: str, uid: int, gid: int) -> None:
        """See `Files.set_owner`."""
        with self.recorder.changing(CallKind.SET_OWNER, path, uid, gid):
            self._files.set_owner(path, uid, gid)

    def sync_file(self, path: str) -> None:
        """See `Files.sync_file`."""
        with self.recorder.changing(CallKind.SYNC_FILE, path):
            self._files.sync_file(path)

    def sync_directory(self, path: str) -> None:
        """See `Files.sync_directory`."""
        with self.recorder.changing(CallKind.SYNC_DIRECTORY, path):
            self._files.sync_directory(path)

    def free_bytes(self, path: str) -> int:
        """See `Files.free_bytes`."""
        return self._files.free_bytes(path)

    def free_files(self, path: str) -> int | None:
        """See `Files.free_files`."""
        return self._files.free_files(path)

    def close_files(self) -> None:
        """Close what the tool is writing, as the kernel does at the latest when its process ends."""
        if self._writing is not None:
            self._writing.close()
        self._writing = None

    @property
    def _namespace(self) -> Namespace:
        return self._private or self.storage.host

    @property
    def _files(self) -> FileView:
        self.recorder.alive()
        return FileView(self._namespace, careful=True)
