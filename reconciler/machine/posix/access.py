"""Access lists (POSIX ACLs) that a new file or directory inherits from its folder.

The owner of a folder may name users in its default list. By the bits of the group they would get into what root makes
there, whatever owner and group it is given.
"""

from __future__ import annotations

import errno
import os

_NAMES = ("system.posix_acl_access", "system.posix_acl_default")
_NO_LIST = frozenset({errno.ENODATA, errno.EOPNOTSUPP})
"""There is no list, or none on this file system."""


def give_new(descriptor: int, mode: int, uid: int, gid: int) -> None:
    """Let nothing but mode, owner and group say who gets into what was just made.

    Raises:
        OSError: from the kernel.
    """
    for name in _NAMES:
        try:
            os.removexattr(descriptor, name)
        except OSError as error:
            if error.errno not in _NO_LIST:
                raise
    os.fchown(descriptor, uid, gid)
    os.fchmod(descriptor, mode)
