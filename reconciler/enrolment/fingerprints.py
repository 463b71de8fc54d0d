"""Host keys that were compared beforehand: fingerprints by the names of boxes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ..model.errors import PermanentFailure
from ..printable import printable

_FINGERPRINT: Final = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
"""As `ssh-keygen -l` prints it."""


class BadFingerprint(PermanentFailure):
    """A fingerprint that cannot be used; the text says what can."""


def read(given: Sequence[str], names: Sequence[str]) -> Mapping[str, str]:
    """Return fingerprints by box.

    Args:
        given: `NAME=SHA256:...` each; the name may be left out where one box is meant.
        names: of the boxes that are meant.

    Raises:
        BadFingerprint: one is none, or it is not clear whose it is.
    """
    found: dict[str, str] = {}
    for each in given:
        name, separator, value = each.partition("=")
        if not separator or _FINGERPRINT.fullmatch(each):
            name, value = _only(names), each
        if _FINGERPRINT.fullmatch(value) is None:
            raise BadFingerprint(
                f"{printable(value)} is no fingerprint: write NAME=SHA256:..., as `ssh-keygen -l` does"
            )
        if name not in names:
            raise BadFingerprint(f"a fingerprint is given for {printable(name)}, which is not among the boxes")
        value = value.rstrip("=")
        if found.setdefault(name, value) != value:
            raise BadFingerprint(f"two fingerprints are given for {printable(name)}: give the one of its host key")
    return found


def _only(names: Sequence[str]) -> str:
    if len(names) != 1:
        raise BadFingerprint(
            f"a fingerprint without a name is for one box, and {len(names)} are meant: NAME=SHA256:..."
        )
    return names[0]
