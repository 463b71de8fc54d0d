"""What a search of networks found, for a person: boxes in a table, with what else is known of each below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, TextIO

from ..codes.writing.sentences import sentence
from ..discovery.found import DiscoveredBox, Identifier, IdentifierKind, Search
from ..discovery.knock import Door
from ..discovery.known import InInventory, Relation
from ..model.statement import Statement
from ..printable import printable
from . import page, words
from .columns import Column, fitting, print_row, print_titles
from .printing import print_hanging

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

LONGEST_SAID: Final = 60
"""Characters of what a box said that are shown."""
LONGEST_REASON: Final = 200
_NOTES: Final = 4
"""Columns in front of what is said of a box beside its cells."""
_LONGEST_KEY: Final = 120
_LONGEST_IDENTIFIER: Final = 40
_SOON, _URGENT = 10, 5
RELATIONS: Final[Mapping[Relation, str]] = {
    Relation.NEW: "not in the inventory",
    Relation.KNOWN: "in the inventory as {name}",
    Relation.MOVED: "in the inventory as {name}, with another address",
    Relation.ADDRESS_KNOWN: "an entry has this address (named with --limit CUSTOMER)",
    Relation.EXCHANGED: "another box than {name}, which has this address in the inventory",
    Relation.OUTSIDE: "its identifier is that of an entry outside --limit",
}


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A box, and how it stands to the inventory; `now`: when it was looked at."""

    box: DiscoveredBox
    inventory: InInventory | None
    twins: tuple[str, ...]
    now: datetime


def said(text: str | None, most: int = LONGEST_SAID) -> str:
    """Return what a box said on one line, cut where it is long."""
    line = printable(text or "")
    return line if len(line) <= most else f"{line[: most - 3]}..."


def show(search: Search, known: Mapping[str, InInventory] | None, stream: TextIO, *, everything: bool) -> None:
    """Write what was found, to a terminal in its colours.

    Args:
        known: how each box stands to the inventory, by its address; `None` without one.
        everything: list other web servers, too.
    """
    from rich.console import Console

    console = Console(file=stream, width=page.width_of(stream), highlight=False, emoji=False)
    rows = found_rows(search, known)
    if rows:
        columns, widths = fitting(COLUMNS, rows, console.width)
        print_titles(console, columns, widths)
        for row in rows:
            print_row(console, columns, row, widths)
            if seen := ", ".join((*notes(row), *about_certificate(row.box))):
                print_hanging(console, _text(seen), first=_NOTES, following=_NOTES)
        _print_host_keys(console, rows)
    if everything:
        _print_others(console, search)
    if rows or (everything and search.others):
        console.print()
    for line in ending(search, everything=everything):
        print_hanging(console, _text(line), following=2)
    stream.flush()


def found_rows(search: Search, known: Mapping[str, InInventory] | None) -> list[FoundRow]:
    """Return a row for each box."""
    twins = {place: places for _, places in search.same_identifier() for place in places}
    return [
        FoundRow(
            box=box,
            inventory=(known or {}).get(box.address),
            twins=tuple(each for each in twins.get(box.address, ()) if each != box.address),
            now=search.began,
        )
        for box in search.boxes
    ]


def ending(search: Search, *, everything: bool = False) -> Iterator[str]:
    """Yield how many there are of what, and what that means."""
    number = len(search.boxes)
    by_homepage = sum(box.wants_homepage for box in search.boxes)
    over_ssh = f", {number - by_homepage} with SSH open" if number else ""
    yield f"{words.boxes(number) if number else 'No box'} found{over_ssh}: {_addresses(search)}."
    if others := _others(search, everything=everything):
        yield f"Elsewhere: {others}."
    for identifier, places in search.same_identifier():
        what = f"{_kind(identifier)} {said(identifier.value, _LONGEST_IDENTIFIER)}"
        yield f"{', '.join(places)} have one identifier ({what}): one box has two addresses, or one was cloned."
    if search.nobody_answers:
        yield "Nothing answers in these networks: is the VPN up, and are they the right ones?"
    for each in search.failed[:1]:
        more = f" and {len(search.failed) - 1} more" if len(search.failed) > 1 else ""
        yield f"Not looked at: {each.address}{more}: {each.why}."
    if search.ended_early is not None:
        left = words.counted(search.left_out, "address was", "addresses were")
        yield f"{search.ended_early}: {left} not looked at."


def _addresses(search: Search) -> str:
    looked = words.counted(len(search.looked), "address", "addresses")
    return f"{looked} looked at in {words.duration(search.seconds)}"


def _others(search: Search, *, everything: bool) -> str:
    parts = []
    if search.others:
        number = words.counted(len(search.others), "server that is no box", "servers that are no boxes")
        parts.append(number if everything else f"{number} (-v lists them)")
    if search.quiet:
        parts.append(f"{words.counted(search.quiet, 'machine')} without a web server")
    return ", ".join(parts)


def _print_host_keys(console: Console, rows: Sequence[FoundRow]) -> None:
    keys = [(row.box.address, row.box.host_key) for row in rows if row.box.host_key is not None]
    if not keys:
        return
    console.print()
    print_hanging(console, _text("SSH host keys, to compare with those that the boxes tell:"))
    for address, key in keys:
        print_hanging(console, _text(f"{address}  {said(key, _LONGEST_KEY)}"), first=2, following=4)


def _print_others(console: Console, search: Search) -> None:
    if not search.others:
        return
    console.print()
    print_hanging(console, _text("Servers that are no boxes:"))
    for each in search.others:
        print_hanging(console, _text(f"{each.address} port {each.port}: {why(each.why)}"), first=2, following=4)


def why(statement: Statement) -> str:
    """Return a statement in words."""
    return said(sentence(statement, {}), LONGEST_REASON)


def _text(line: str) -> Text:
    from rich.text import Text

    return Text(line)


def certificate(row: FoundRow) -> str:
    """Return when the certificate that a box serves ends, in a few words."""
    served = row.box.certificate
    if served is None:
        return words.UNKNOWN if row.box.https is Door.OPEN else "none served"
    if served.temporary:
        return "temporary"
    left = served.days_left(row.now)
    return f"{served.not_after:%Y-%m-%d} ({f'{left} d' if left >= 0 else 'past'})"


def _urgency(row: FoundRow) -> str:
    served = row.box.certificate
    if served is None:
        return ""
    left = served.days_left(row.now)
    return "red" if served.temporary or left < _URGENT else "yellow" if left < _SOON else ""


def _generation(row: FoundRow) -> str:
    return row.box.said.generation if row.box.said else words.UNKNOWN


def _image(row: FoundRow) -> str:
    return said(row.box.said.image if row.box.said else None, 16) or words.UNKNOWN


def _kind(identifier: Identifier) -> str:
    return {IdentifierKind.MAC: "MAC", IdentifierKind.UUID: "UUID"}.get(identifier.kind, identifier.kind.value)


def linked(box: DiscoveredBox) -> str:
    """Return whether a box is linked to a database, in a word."""
    if box.said is None or box.said.linked is None:
        return "unknown"
    return "yes" if box.said.linked else "no"


def notes(row: FoundRow) -> Iterator[str]:
    """Yield what is to be said of a box beside its cells."""
    box = row.box
    if row.inventory is not None:
        yield RELATIONS[row.inventory.relation].format(name=printable(row.inventory.name or ""))
    if box.identifier is not None:
        yield f"{_kind(box.identifier)} {said(box.identifier.value, _LONGEST_IDENTIFIER)}"
    if row.twins:
        yield f"the same as {', '.join(row.twins)}"
    if box.said is None:
        yield "its program does not answer"
        return
    if box.said.is_windows:
        yield "Windows"
    if box.said.server:
        yield f"database {said(box.said.server)}"
    elif box.said.credentials is not None and box.said.linked is None:
        yield "has credentials" if box.said.credentials else "has no credentials"


def about_certificate(box: DiscoveredBox) -> Iterator[str]:
    """Yield what keeps clients from a certificate that is not the temporary one."""
    served = box.certificate
    if served is None or served.temporary:
        return
    if served.public_name is None:
        yield f"certificate of {said(', '.join(served.names)) or 'nobody'}"
    elif not served.resolves:
        yield f"{said(served.public_name, 80)} does not lead here"
    if not served.trusted:
        yield "certificate not trusted here"


COLUMNS: Final[tuple[Column[FoundRow], ...]] = (
    Column("address", lambda row: row.box.address),
    Column("generation", _generation, rank=2),
    Column("image", _image, rank=3),
    Column("certificate", certificate, _urgency, rank=1),
    Column("linked", lambda row: linked(row.box), rank=1),
    Column("SSH", lambda row: row.box.ssh.value),
)
