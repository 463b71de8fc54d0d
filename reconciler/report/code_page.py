"""What is known of a code, in the order in which it is explained: its page and the verb `explain` show this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..codes import Code, CodeName
from ..codes.entry import Otherwise, VariantEntry
from ..codes.phrases.resolver_writers import WRITERS
from ..codes.writing.sentences import generic
from ..codes.writing.words import RESOLVER_OWNER
from ..diagnosis.product_page import page_of
from ..model.operating_system import OperatingSystem

OLD, NEW = "18.0", "19.0"
"""The versions of Odoo's documentation that differ: up to the one, and from the other on."""
ON_WINDOWS: Final = "On Windows virtual IoT"
WRITERS_HEAD: Final = ("program", "recognised by", "where it is told the DNS servers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading and what stands below it; words that are typed or read somewhere stand in backticks.

    Args:
        recipes: exact lines, each after where it goes.
        rows: a table; the first row is its head.
        parts: those with a heading of their own.
    """

    title: str
    texts: tuple[str, ...] = ()
    recipes: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Section, ...] = ()


def by_software(code: Code) -> str:
    """Return what the program does."""
    if not code.repairable:
        return "It changes nothing here: it finds the cause and explains it."
    return f"`iot-https reconcile` fixes it, unless the report calls it blocked. {code.software}".rstrip()


def whose(code: Code) -> str:
    """Return whether Odoo's support knows the code."""
    return "one of the six on Odoo's page" if code.anchor else "ours; not to be quoted to Odoo"


def vendor_pages(code: Code) -> dict[str, str]:
    """Return the addresses of Odoo's documentation, by the version from or up to which they are meant."""
    return {version: page_of(code.step, code.name, version) for version in (OLD, NEW)}


def parts(code: Code) -> tuple[Section, ...]:
    """Return all that is explained."""
    person = [generic(code.remedy) or "Nothing, unless the repair fails."]
    if code.in_a_play:
        person.append(f"In a play: {generic(code.in_a_play)}")
    return (
        Section(title="Cause", texts=(code.cause,)),
        Section(title="Evidence", texts=(f"The report shows {code.shows}.",)),
        Section(title="What iot-https does", texts=(by_software(code),)),
        Section(title="What a person does", texts=tuple(person), recipes=code.recipes),
        *_writers(code),
        *_variants(code),
        *_on_windows(code),
    )


def _on_windows(code: Code) -> Iterator[Section]:
    """Yield what is otherwise where the box is Windows virtual IoT."""
    system = OperatingSystem.WINDOWS
    if system not in code.systems:
        yield Section(title=ON_WINDOWS, texts=("It is not found on such boxes.",))
        return
    own = code.on.get(system)
    known = {name.when or _named(each): name.on[system] for each, name in code.variants.items() if system in name.on}
    if own is None and not known:
        return
    texts = _told(own) if own else ()
    parts = tuple(Section(title=when, texts=_told(each)) for when, each in known.items())
    yield Section(title=ON_WINDOWS, texts=texts, recipes=(own and own.recipes) or (), parts=parts)


def _told(otherwise: Otherwise) -> tuple[str, ...]:
    title = otherwise.title and f"{otherwise.title}."
    remedy = " ".join(filter(None, (otherwise.software, otherwise.remedy and generic(otherwise.remedy))))
    return tuple(filter(None, (title, otherwise.cause, remedy)))


def _writers(code: Code) -> Iterator[Section]:
    """List who else may write the box's DNS servers, where each is told them, and how it is recognised."""
    if code.name is not CodeName.RESOLVER_OWNER_UNSUPPORTED:
        return
    rows = []
    for each in WRITERS:
        signs = [f"`{mark}` in a comment" for mark in each.marks]
        signs += [f"a link to `{start}`" for start in each.links] + [f"`{path}`" for path in each.left]
        signs += [f"root's process `{name}`" for name in each.runs]
        rows.append((RESOLVER_OWNER[each.owner], ", ".join(signs) or "any other such comment", each.remedy))
    yield Section(title="Who writes the file", rows=(WRITERS_HEAD, *rows))


def _variants(code: Code) -> Iterator[Section]:
    """Yield what a report says instead where more is known than the code alone says."""
    told = {known.when or _named(variant): known for variant, known in code.variants.items() if _tells(known)}
    if told:
        known = tuple(Section(title=when, texts=(_all_of(entry),)) for when, entry in told.items())
        yield Section(title="Where more is known", parts=known)


def _all_of(known: VariantEntry) -> str:
    texts = (known.title and f"{known.title}.", known.cause, known.software, known.remedy and generic(known.remedy))
    return " ".join(text for text in texts if text)


def _tells(known: VariantEntry) -> bool:
    return bool(known.when or known.remedy)


def _named(variant: str) -> str:
    return variant.replace("_", " ").capitalize()
