"""The verb `explain`: the page of a code or repair, from the catalogue from which the documentation is made."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from ..codes import CATALOGUE, Code
from ..model.near import nearest, question
from ..model.repair import RepairKind
from ..printable import printable
from .help_page import columns
from .usage import UsageError
from .verb import Verb

_PREFIXES: Final = ("ERR_IOT_HTTPS_", "IOT_HTTPS_")
_KINDS: Final = {kind.value: kind for kind in RepairKind}


def names() -> tuple[str, ...]:
    """Return everything that can be explained, as reports write it."""
    return (*CATALOGUE, *_KINDS)


def run(options: argparse.Namespace) -> int:
    """Print what is known of codes and repairs, or list all of them.

    Raises:
        UsageError: one is not known; nothing is printed then.
    """
    from ..report import code_text

    known = [_known(each) for each in options.codes]
    codes = [CATALOGUE[name] for name in known if name in CATALOGUE]
    repairs = [_KINDS[name] for name in known if name in _KINDS]
    if options.output == "json":
        everything = (list(CATALOGUE.values()), list(RepairKind))
        shown = code_text.as_json(*((codes, repairs) if known else everything))
    elif not known:
        shown = code_text.index(columns())
    else:
        shown = _pages(codes, repairs)
    sys.stdout.write(f"{shown}\n")
    return 0


def _pages(codes: Sequence[Code], repairs: Sequence[RepairKind]) -> str:
    from ..report import code_text

    width = columns()
    pages = [code_text.page(each, width) for each in codes]
    pages += [code_text.repair_page(each, width) for each in repairs]
    return "\n\n\n".join(pages)


def _known(word: str) -> str:
    """Return the name that is meant: in any case, with dashes, and without what all codes begin with."""
    plain = word.strip().strip("[]").replace("-", "_")
    for name in (plain.upper(), *(f"{prefix}{plain.upper()}" for prefix in _PREFIXES), plain.lower()):
        if name in CATALOGUE or name in _KINDS:
            return name
    prefixed = plain.upper() if plain.upper().startswith(_PREFIXES) else f"IOT_HTTPS_{plain.upper()}"
    near = nearest(prefixed, CATALOGUE, _PREFIXES, takes_short=True) or nearest(plain.lower(), _KINDS, takes_short=True)
    way_out = question(near) if near else "iot-https explain lists all"
    raise UsageError(f"{printable(word)} is no code and no repair: {way_out}")


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=run)
    verb.add_argument(
        "codes", nargs="*", metavar="CODE", help="code or repair, in small letters, too (default: list all of them)"
    )
    verb.add_argument("--output", choices=["text", "json"], default="text", help="format of the result")


VERB: Final = Verb(
    name="explain",
    summary="explain a code of a report: cause, evidence, what to do",
    usage="[OPTION ...] [CODE ...]",
    add=_add,
    examples=(
        ("iot-https explain IOT_HTTPS_EXPIRED", "one code"),
        ("iot-https explain key_mismatch not_served", "two, written shorter"),
        ("iot-https explain", "a list of all"),
    ),
    page="docs/codes/README.md",
)
