"""Read a list: decode, split, name columns, judge each box, compare them; all that is wrong is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .boxes import ListedBox, boxes_of
from .columns import header_of
from .comparing import compared
from .decoding import text_of
from .flaw import BadList, ListFlaw
from .table import rows_of


@dataclass(frozen=True, slots=True)
class BoxList:
    """A list that can be used. `ignored` are its columns that are of no use here."""

    name: str
    boxes: tuple[ListedBox, ...]
    ignored: tuple[str, ...] = ()


def read_list(path: Path, encoding: str | None = None) -> BoxList:
    """Read a list.

    Args:
        encoding: as of `text_of`.

    Raises:
        BadList: with a line for everything that is wrong.
    """
    rows, flaws = rows_of(text_of(path, encoding))
    if not rows:
        raise BadList(str(path), flaws or [ListFlaw(None, "is empty: its first row names the columns")])
    header, wrong = header_of(rows[0])
    boxes, unusable = boxes_of(rows[1:], header)
    flaws += [*wrong, *unusable, *compared(boxes)]
    if not boxes and not flaws:
        flaws.append(ListFlaw(None, "has a header and no boxes"))
    if flaws:
        raise BadList(str(path), flaws)
    return BoxList(str(path), tuple(boxes), header.ignored)
