"""What one run leaves for the next, in one small file on the disk of the box.

Losing it costs nothing but a question: an unreadable file is an empty memory, and is written anew.
"""

from __future__ import annotations

import json

from ...machine.durable import ROOT_DIRECTORY, ROOT_SECRET, DurableDisk
from ...machine.system import Files
from ...model import wire
from ...model.errors import WireError
from ...model.observed import Memory
from ..paths import MEMORY, Tree

_LIMIT = 1 << 16


def recall(files: Files, persistent: Tree) -> Memory:
    """Read the memory, empty where there is none."""
    try:
        return wire.decode(Memory, json.loads(files.read(persistent.path(MEMORY), _LIMIT)), "memory")
    except (OSError, ValueError, WireError):
        return Memory(applied={})


def remember(disk: DurableDisk, persistent: Tree, memory: Memory) -> None:
    """Write the memory if it is new.

    Raises:
        OSError: it could not be written.
    """
    if recall(disk.system, persistent) == memory:
        return
    path = persistent.path(MEMORY)
    disk.directory(path.rpartition("/")[0], ROOT_DIRECTORY)
    disk.replace(path, json.dumps(wire.encode(memory), indent=1).encode(), ROOT_SECRET)
