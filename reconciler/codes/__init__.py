"""The one catalogue of finding codes: what each means, how much it matters, what to do about it.

Reports, documentation and checks all read it, so that a code cannot mean two things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ..model.printable import printable
from ..model.result import Finding, FindingClass
from . import (
    authority,
    box,
    certificate,
    clients,
    connection,
    database,
    link,
    outside,
    resolvers,
    run,
    services,
    validity,
)
from .entry import Code, CodeName, Known, Variant

__all__ = [
    "CATALOGUE",
    "RUN_TIME",
    "Code",
    "CodeName",
    "Variant",
    "cause",
    "finding",
    "in_a_play",
    "known_variant",
    "title",
]

_CONCERNS: Final = (
    box,
    resolvers,
    link,
    database,
    certificate,
    validity,
    services,
    authority,
    run,
    connection,
    outside,
    clients,
)

CATALOGUE: Final[Mapping[str, Code]] = MappingProxyType(
    {str(code.name): code for concern in _CONCERNS for code in concern.CODES}
)

RUN_TIME: Final = frozenset(
    {
        CodeName.LOAD_REQUEST_EXCEPTION,
        CodeName.LOAD_REQUEST_STATUS,
        CodeName.LOAD_REQUEST_NO_RESULT,
        CodeName.ANSWER_NOT_FROM_ODOO,
        CodeName.ODOO_DOWN_AFTER_REPAIR,
        CodeName.REPAIR_FAILED,
        CodeName.REPAIR_UNDONE,
        CodeName.BUSY,
        CodeName.DEADLINE,
        CodeName.CLIENT_DNS_UNKNOWN_NAME,
        *(code.name for code in (*connection.CODES, *outside.CODES, *database.CODES)),
    }
)
"""Codes that only doing something can bring to light; every other one comes from a check."""

_LONGEST_EVIDENCE: Final = 600
_NOT_OURS_TO_MEND: Final = (FindingClass.BLOCKED, FindingClass.UNKNOWN)


def known_variant(code: str, told: str | None) -> Variant | None:
    """Return the variant of a code that a text names, `None` where the code has no such one."""
    entry = CATALOGUE.get(code)
    return next((each for each in entry.variants if each == told), None) if entry else None


def title(found: Finding) -> str:
    """Return the headline of a finding, empty for a code that this version does not know."""
    entry, known = _entry(found)
    return known.title or entry.title if entry else ""


def cause(found: Finding) -> str:
    """Return how a box gets there, empty for a code that this version does not know."""
    entry, known = _entry(found)
    return known.cause or entry.cause if entry else ""


def in_a_play(found: Finding) -> Finding:
    """Return a finding with the remedy for who runs a play, where it is another."""
    entry, known = _entry(found)
    told = known.in_a_play or (entry.in_a_play if entry and known.remedy is None else None)
    return replace(found, remedy=told) if told else found


def _entry(found: Finding) -> tuple[Code | None, Known]:
    entry, variant = CATALOGUE.get(found.code), known_variant(found.code, found.variant)
    return entry, entry.variants[variant] if entry and variant else Known()


def finding(
    code: CodeName,
    evidence: str,
    *,
    finding_class: FindingClass | None = None,
    variant: Variant | None = None,
    remedy: str | None = None,
) -> Finding:
    """Build a finding from its catalogue entry.

    Args:
        code: an entry of the catalogue.
        evidence: what was seen, without secrets; folded into one printable line and cut at 600 characters.
        finding_class: who moved, where that is known better than in the catalogue. What is blocked or unknown is
            never repairable.
        variant: one of the entry's, where more is known than the code says.
        remedy: what to do, where only the control machine knows it; what a box finds has a variant instead.
    """
    entry = CATALOGUE[code]
    known = entry.variants[variant] if variant is not None else Known()
    kind = finding_class or known.finding_class or entry.finding_class
    line = printable(evidence)
    if len(line) > _LONGEST_EVIDENCE:
        line = f"{line[: _LONGEST_EVIDENCE - 3]}..."
    return Finding(
        code=str(code),
        severity=known.severity or entry.severity,
        finding_class=kind,
        evidence=line,
        remedy=remedy or known.remedy or entry.remedy,
        repairable=entry.repairable and kind not in _NOT_OURS_TO_MEND,
        variant=variant,
    )
