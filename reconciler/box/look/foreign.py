"""Look for links and second names of files that somebody else than root may have put at a path of the box.

Nothing follows them (see `machine.guarded`). This look says where they are and where they lead, which the error of
whoever met one says of that one only.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...machine.guarded import ForeignFile
from ...machine.system import FileKind
from ...model.observed import ForeignName
from ..context import Box
from ..paths import CERTIFICATE, KEY, RESOLV_CONF
from ..services.log_lines import LOG
from ..services.odoo import PID_FILE
from ..store.files import StoreFiles


def observe_foreign_names(box: Box) -> tuple[ForeignName, ...]:
    """Return what is not the plain file that it should be, in the order of the paths."""
    found = (_foreign(box, path) for path in _paths(box))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _paths(box: Box) -> Iterator[str]:
    for tree in box.trees:
        yield from (tree.path(path) for path in (CERTIFICATE, KEY, RESOLV_CONF))
    yield from StoreFiles(box.system, box.layout).paths
    yield from (LOG, PID_FILE)


def _foreign(box: Box, path: str) -> ForeignName | None:
    try:
        status = box.system.status(path, follow=True)
    except ForeignFile as error:
        return ForeignName(path=error.path, target=error.target)
    except OSError:
        return None  # whoever needs the file says what is wrong with it
    if status.guarded or status.kind is not FileKind.FILE or status.names == 1:
        return None
    return ForeignName(path=path, names=status.names)
