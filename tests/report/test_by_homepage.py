"""What a report says of boxes that are reached by their homepage: once for all, what nobody saw."""

from __future__ import annotations

import dataclasses

from reconciler.model.observed import ByHomepage
from reconciler.model.part import Part
from reconciler.model.repair import RepairKind
from reconciler.report import by_homepage, fleet_text
from reconciler.results.fleet import BoxReport, BoxState
from reconciler.results.result import Repair, RepairOutcome, RepairStatus

from .fleet import box, looked, observed, report

HIDDEN = (Part.CERTIFICATES_MIRROR, Part.RESOLVERS, Part.STORE_TOKEN)


def reached(name: str, *unread: Part, fetched: bool = False, unverified: bool = True) -> BoxReport:
    """Return a box of that kind, with nothing wrong."""
    seen = dataclasses.replace(observed(), unseen=(*HIDDEN, *unread), by_homepage=ByHomepage(unverified=unverified))
    result = looked(name, seen)
    if fetched:
        repair = Repair(kind=RepairKind.FETCH_CERTIFICATE, because=())
        result = dataclasses.replace(result, outcomes=(RepairOutcome(repair=repair, status=RepairStatus.DONE),))
    return box(name, BoxState.IN_SYNC_AS_SEEN, result)


def test_what_no_page_shows_is_said_once_for_all_boxes() -> None:
    notes = list(by_homepage.notes(report([reached("a"), reached("b"), box("c", BoxState.IN_SYNC)])))
    assert notes == ["Not seen by homepage (2 boxes): mirror, resolvers."]


def test_what_was_not_read_is_said_with_the_boxes() -> None:
    notes = list(
        by_homepage.notes(report([reached("a", Part.IDENTITY, Part.STORE_DB_UUID), reached("b", Part.IDENTITY)]))
    )
    assert notes[1:] == [
        "Not read, since reading may change the box: which box it is, and its link (a, b).",
        "Not read, since reading may change the box: database UUID and contract (a).",
    ]


def test_how_older_software_fetches_is_said_once_where_it_did() -> None:
    fleet = [reached("a", fetched=True), reached("b", fetched=True, unverified=False), reached("c")]
    (said,) = [note for note in by_homepage.notes(report(fleet)) if "without verifying TLS" in note]
    assert said.endswith("made fetch: a.")


def test_nothing_is_said_of_boxes_on_which_the_program_ran() -> None:
    assert list(by_homepage.notes(report([box("a", BoxState.IN_SYNC, looked("a", observed()))]))) == []


def test_the_state_and_the_line_are_in_the_text() -> None:
    from io import StringIO

    stream = StringIO()
    fleet_text.show(report([reached("a")]), stream, width=100)
    assert "1 in sync as seen" in stream.getvalue()
    assert "Not seen by homepage (1 box): mirror, resolvers." in stream.getvalue()
