"""The command that a report offers, to be copied as it stands."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from ..printable import printable
from ..results.fleet import MOST_CHANGED, Again


def reconcile(again: Again, names: Sequence[str]) -> str:
    """Return the command that repairs these boxes, all of them and of the same inventory.

    Args:
        names: as the inventory has them; the box one sits on has none.
    """
    words = ["iot-https", "reconcile", *again.options]
    if again.by_name:
        words.append(":".join(names))
    if len(names) > MOST_CHANGED:
        words += ["--max-changed", str(len(names))]
    return " ".join(shlex.quote(printable(word)) for word in words)
