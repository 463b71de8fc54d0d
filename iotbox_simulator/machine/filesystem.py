"""The storage of a box: a disk, and the ramdisks that hide parts of it and are filled from it at boot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.machine.system import FileKind

from .inode import Choose, Inode, copy_tree
from .mounts import ROOT, Credentials, Mount, Namespace
from .storage import Clock, Superblock
from .view import FileView

BYPASS = "/root_bypass_ramdisks"
CUPS = f"{BYPASS}/etc/cups"
MIB = 1 << 20
RAMDISKS = {"/etc": 64 * MIB, "/var": 512 * MIB, "/tmp": 1024 * MIB}  # noqa: S108
"""Size of each ramdisk in bytes."""
NOT_COPIED = ("swap", "lib/apt", "lib/dpkg")
"""What the filling of `/var` leaves out."""


@dataclass(slots=True)
class FileSystem:
    """Disk and ramdisks.

    Args:
        read_only_root: how the disk is mounted at boot where it holds no fstab.
        generated: what makes the roots of `/proc` and `/sys`, by mount point.
    """

    clock: Clock
    read_only_root: bool = False
    generated: dict[str, Callable[[], Inode]] = field(default_factory=dict)
    disk: Superblock = field(init=False)
    host: Namespace = field(init=False, default_factory=Namespace)

    def __post_init__(self) -> None:
        root = Inode(FileKind.DIRECTORY, 0o755)
        self.disk = Superblock("/dev/mmcblk0p2", "ext4", root, self.clock, durable=True, free=8192 * MIB)
        self.host.add(Mount("/", self.disk))

    def view(self, credentials: Credentials = ROOT, namespace: Namespace | None = None) -> FileView:
        """Return the file system as somebody sees it, in the host's namespace unless told otherwise."""
        return FileView(namespace or self.host, credentials)

    def ramdisk(self, point: str) -> Superblock:
        """Return the file system that is mounted at a point."""
        return self.host.at(point).superblock

    def boot(self) -> None:
        """Mount everything as the box does: root as in fstab, the bypass, then ramdisks filled from the disk."""
        read_only = self._fstab_says_read_only()
        self.host.mounts.clear()
        self.host.add(Mount("/", self.disk, read_only))
        self.host.add(Mount(BYPASS, self.disk, read_only))
        self.disk.read_only = read_only
        if read_only:
            self._free_cups()
        for point, size in RAMDISKS.items():
            self._fill(point, size)
        self._fill("/run", 64 * MIB, empty=True)
        for point, make in self.generated.items():
            kind = point.strip("/")
            self.host.add(Mount(point, Superblock(kind, kind, make(), self.clock, generated=make), read_only=True))

    def power_cut(self, choose: Choose) -> None:
        """Lose the ramdisks and, of what was not synced, what `choose` denies; then boot."""
        self.disk.power_cut(choose)
        self.boot()

    def clean_reboot(self) -> None:
        """Sync, lose the ramdisks, boot."""
        self.disk.sync_all()
        self.disk.open_for_writing = 0
        self.boot()

    def make_read_only(self, *, cups: bool) -> None:
        """Do what the vendor's code does after each of its writes; where a file is open it is ignored, as there.

        Args:
            cups: do the last step too, which makes the file system (not the two mounts) writable again.
        """
        try:
            for point in ("/", BYPASS):
                self.host.at(point).remount(read_only=True)
        except OSError:
            return
        if cups:
            self.make_cups_writable()

    def make_cups_writable(self) -> None:
        """Do the remount by which printing keeps working on read-only images."""
        if CUPS in self.host.mounts:
            self.host.at(CUPS).remount(read_only=False)

    def make_writable(self) -> None:
        """Remount both of the host's views read-write."""
        for point in ("/", BYPASS):
            self.host.at(point).remount(read_only=False)

    def _fstab_says_read_only(self) -> bool:
        fstab = self.disk.root.entries["etc"].entries.get("fstab")
        if fstab is None:
            return self.read_only_root
        lines = [line.split() for line in fstab.content.decode().splitlines() if not line.startswith("#")]
        return any("ro" in words[3].split(",") for words in lines if len(words) > 3 and words[1] == "/")  # noqa: PLR2004

    def _free_cups(self) -> None:
        cups = self.disk.root.entries["etc"].entries["cups"]
        self.host.add(Mount(CUPS, self.disk, read_only=True, bound=cups))
        self.make_cups_writable()

    def _fill(self, point: str, size: int, *, empty: bool = False) -> None:
        source = self.disk.root.entries[point.strip("/")]
        root = Inode(FileKind.DIRECTORY, source.mode, source.owner) if empty else copy_tree(source)
        for path in NOT_COPIED if point == "/var" else ():
            _drop(root, path.split("/"))
        self.host.add(Mount(point, Superblock("tmpfs", "tmpfs", root, self.clock, free=size)))


def _drop(root: Inode, names: list[str]) -> None:
    for name in names[:-1]:
        found = root.entries.get(name)
        if found is None:
            return
        root = found
    root.entries.pop(names[-1], None)
