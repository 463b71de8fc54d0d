"""Boxes by where somebody has to go for them."""

from __future__ import annotations

from collections.abc import Sequence

from ..results.fleet import BoxReport


def by_store(boxes: Sequence[BoxReport]) -> list[tuple[tuple[str | None, str | None], list[BoxReport]]]:
    """Group boxes by customer and store, in the order of these names; boxes without any come last."""
    groups: dict[tuple[str | None, str | None], list[BoxReport]] = {}
    for box in boxes:
        groups.setdefault((box.customer, box.store), []).append(box)
    return sorted(groups.items(), key=lambda item: [(part is None, (part or "").casefold()) for part in item[0]])
