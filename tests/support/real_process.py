"""What the kernel says of a process of a test."""

from __future__ import annotations

from reconciler.machine.posix.system import PosixSystem
from reconciler.machine.processes import Process, look

_MACHINE = PosixSystem()


def there(pid: int) -> Process:
    """Return a process that must be there."""
    found = look(_MACHINE, pid)
    assert found is not None
    return found
