"""Remove what a run that was killed had prepared beside the files it was going to replace.

Such a file may hold credentials or a private key, as the file beside it does; the next run takes it away, whether or
not it has anything else to do. A name alone proves nothing where the box's own users may rename: no folder is removed
but one of ours, which holds two files of known names.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from ...machine.durable import is_temporary, temporary_name
from ...machine.system import FileKind
from ..context import Box
from ..pair.generations import FILE_NAMES
from ..paths import CERTIFICATE, GENERATIONS, KEY, MEMORY, NM_SNIPPET, RESOLV_CONF
from ..store.files import StoreFiles


def sweep(box: Box) -> tuple[str, ...]:
    """Remove leftovers; return what they were.

    Raises:
        OSError: from the kernel.
    """
    found = tuple(_leftovers(box))
    if found:
        box.system.private_mounts()
    for path in found:
        box.disk.remove_directory(path, FILE_NAMES)
    return found


def _leftovers(box: Box) -> Iterator[str]:
    replaced = [tree.path(path) for tree in box.trees for path in (CERTIFICATE, KEY, MEMORY, NM_SNIPPET, RESOLV_CONF)]
    for path in (*replaced, *StoreFiles(box.system, box.layout).paths):
        folder, name = posixpath.split(path)
        beside = posixpath.join(folder, temporary_name(name))
        if box.disk.kind(beside) not in (None, FileKind.DIRECTORY):
            yield beside
    for tree in box.trees:
        folder = tree.path(GENERATIONS)
        for name in box.system.list(folder) if box.disk.kind(folder) is FileKind.DIRECTORY else ():
            place = posixpath.join(folder, name)
            if is_temporary(name):
                yield place
            elif box.disk.kind(place) is FileKind.DIRECTORY:
                parts = [posixpath.join(place, temporary_name(each)) for each in FILE_NAMES]
                yield from (each for each in parts if box.disk.kind(each) not in (None, FileKind.DIRECTORY))
