"""What a report says of boxes that were reached by their homepage: what that door does not show, and how it works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ..model.observed import Observed
from ..model.part import Part
from ..model.repair import RepairKind
from ..results.fleet import BoxReport, FleetReport
from ..results.result import RepairStatus
from . import words

_UNREAD: Final[Mapping[Part, str]] = MappingProxyType(
    {Part.IDENTITY: "which box it is, and its link", Part.STORE_DB_UUID: "database UUID and contract"}
)
"""What some look does show, and this one did not ask for."""
_SHOWN_AS: Final[Mapping[Part, str]] = MappingProxyType(
    {
        **_UNREAD,
        Part.STORE_DB_NAME: "database name",
        Part.CERTIFICATES_MIRROR: "mirror",
        Part.CERTIFICATES_KEYS: "key file",
        Part.CERTIFICATES_OWNERS: "file owners",
        Part.RESOLVERS: "resolvers",
        Part.NGINX: "nginx configuration",
        Part.DISK: "disk space",
    }
)
"""In words, the parts of which a person would want to know that nobody looked at them."""
_UNVERIFIED: Final = (
    "The software of boxes up to 18.0 fetches its certificate without verifying TLS and writes the files in place: a "
    "power cut in that second leaves a broken pair. This is so for the boxes by homepage that this run made fetch: "
)


def unseen(observed: Observed) -> str:
    """Return in a few words what was not seen of a box, empty where all was."""
    return ", ".join(text for part, text in _SHOWN_AS.items() if part in observed.unseen)


def notes(report: FleetReport) -> Iterator[str]:
    """Say once what was not seen of which boxes, and what the vendor's own way to a certificate lacks."""
    reached = list(_reached(report.boxes))
    parts = {part for _, observed in reached for part in observed.unseen} - _UNREAD.keys()
    if hidden := [text for part, text in _SHOWN_AS.items() if part in parts]:
        yield f"Not seen by homepage ({words.boxes(len(reached))}): {', '.join(hidden)}."
    for part, text in _UNREAD.items():
        if unread := [box.name for box, observed in reached if part in observed.unseen]:
            yield f"Not read, since reading may change the box: {text} ({words.some_names(unread)})."
    if fetched := [box.name for box, observed in reached if _asked_unverified(box, observed)]:
        yield f"{_UNVERIFIED}{words.some_names(fetched)}."


def _reached(boxes: Sequence[BoxReport]) -> Iterator[tuple[BoxReport, Observed]]:
    for box in boxes:
        observed = box.result.observed if box.result else None
        if observed is not None and observed.by_homepage is not None:
            yield box, observed


def _asked_unverified(box: BoxReport, observed: Observed) -> bool:
    pages, result = observed.by_homepage, box.result
    if pages is None or not pages.unverified or result is None:
        return False
    fetches = (each for each in result.outcomes if each.repair.kind is RepairKind.FETCH_CERTIFICATE)
    return any(each.status is not RepairStatus.SKIPPED for each in fetches)
