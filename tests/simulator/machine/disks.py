"""A bare disk with a few directories, for tests that need no box."""

from __future__ import annotations

from iotbox_simulator.machine.filesystem import FileSystem

TOP = ("/etc", "/etc/cups", "/var", "/tmp", "/run", "/home", "/root_bypass_ramdisks")


def bare(*, read_only_root: bool = False) -> FileSystem:
    """Return a booted file system in which everything is durable."""
    storage = FileSystem(lambda: 1000.0, read_only_root)
    for path in TOP:
        storage.view().make_directory(path, 0o755, 0, 0)
    storage.disk.sync_all()
    storage.boot()
    return storage
