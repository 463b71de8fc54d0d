"""Warn of what people confuse: names that look alike, and one address for boxes of two customers.

It stops nothing, since two customers may have similar names and nobody knows all ways to a network.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from ..model.names import safe
from .identity import DeclaredIdentity, listed

_LIKE_LATIN: Final = str.maketrans(
    {
        **dict(
            zip("\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445", "abekmhopctyx", strict=True)
        ),
        **dict(zip("\u0456\u0458\u0455\u0501\u051b\u051d\u04bb", "ijsdqwh", strict=True)),
        **dict(
            zip(
                "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7",
                "abezhikmnoptyx",
                strict=True,
            )
        ),
        "\u0131": "i",
    }
)
"""Small Cyrillic and Greek letters of which the small or the capital one looks as a Latin one does (Unicode TR 39)."""


def warnings(identities: Iterable[DeclaredIdentity]) -> tuple[str, ...]:
    """Return a line for customers, or stores of one, that look alike, and for each address of two customers."""
    boxes = list(identities)
    return (*_names(boxes), *_addresses(boxes))


def looks(name: str) -> str:
    """Return what a person sees of a name: without case and signs, whatever alphabet or form its letters are of."""
    one_form = unicodedata.normalize("NFKC", name).casefold().translate(_LIKE_LATIN)
    return safe(unicodedata.normalize("NFKC", one_form))


def _names(boxes: Iterable[DeclaredIdentity]) -> Iterator[str]:
    first: dict[tuple[str, str, str], dict[str, str]] = {}
    for each in boxes:
        if each.customer is not None:
            first.setdefault(("customer", "", looks(each.customer)), {}).setdefault(each.customer, each.name)
        if each.store is not None:
            key = ("store", each.customer or "", looks(each.store))
            first.setdefault(key, {}).setdefault(each.store, each.name)
    for (noun, _, _), names in first.items():
        if len(names) > 1:
            told = " and ".join(f"{_told(name, names)} (as of {box})" for name, box in names.items())
            yield f"iot_https_{noun} is {told}, which count as different: write it the same way"


def _told(name: str, names: Iterable[str]) -> str:
    """Return a name so that it can be told from another one, also where both look the same."""
    same_to_the_eye = len({safe(each).casefold() for each in names}) > 1
    return ascii(name)[1:-1] if same_to_the_eye else name


def _addresses(boxes: Iterable[DeclaredIdentity]) -> Iterator[str]:
    """Behind different jump hosts one address is two machines, so only boxes that are reached in the same way count."""
    there: dict[tuple[str, ...], dict[str, str]] = {}
    for each in boxes:
        if each.way is not None and each.customer is not None:
            there.setdefault(each.way, {}).setdefault(each.customer, each.name)
    for way, customers in there.items():
        if len(customers) > 1:
            whose = listed((f"{box} (of {customer})" for customer, box in customers.items()), "more customers")
            yield f"ansible_host {way[0]} is that of {whose}, which is one machine: correct one of them"
