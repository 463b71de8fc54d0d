"""One difference between what a box should be and what it is: names and values; its words stand in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ..codes import CATALOGUE
from ..codes.entry import Code, RemedyVerb, Trait, VariantEntry
from ..codes.writing import sentences
from ..codes.writing.sentences import bounded, line
from ..model.code_name import CodeName, Variant
from ..model.operating_system import OperatingSystem
from ..model.secret import Secret, redact
from ..model.severity import FindingClass, Severity
from ..model.statement import Statement, Value, with_texts

_NOT_OURS_TO_MEND: Final = (FindingClass.BLOCKED, FindingClass.UNKNOWN)
_HTTP_STATUSES: Final = range(100, 600)


class Reader(StrEnum):
    """Who reads a remedy: whoever runs the command, or a play."""

    COMMAND = "command"
    PLAY = "play"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is sent and kept of it; all else is read from the catalogue.

    Args:
        code: an entry of the catalogue.
        seen: what was seen, without secrets.
        variant: which of the code's variants it is.
        of_others: what only the control machine knows of it: of which other box or customer it tells. It is for
            whoever may see all customers, and stands in no text that is for one of them.
        system: under what the box runs, so that nobody is sent to a file or a service that it does not have.
    """

    code: CodeName
    finding_class: FindingClass
    variant: Variant | None = None
    seen: tuple[Statement, ...] = ()
    of_others: tuple[Statement, ...] = ()
    system: OperatingSystem = OperatingSystem.LINUX

    @property
    def entry(self) -> Code:
        """What the catalogue says of the code."""
        return CATALOGUE[self.code]

    @property
    def _of_variant(self) -> VariantEntry:
        return self.entry.of_variant(self.variant)

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self._of_variant.severity or self.entry.severity

    @property
    def title(self) -> str:
        """What is wrong, as a headline."""
        return self.entry.title_of(self.variant, self.system)

    @property
    def cause(self) -> str:
        """How a box gets there."""
        return self.entry.cause_of(self.variant, self.system)

    @property
    def remedy(self) -> str:
        """What to do, in a technician's words."""
        return self.remedy_for(Reader.COMMAND)

    def remedy_for(self, reader: Reader) -> str:
        """Return what to do, with the values of what was seen in its places."""
        in_a_play = self.entry.in_a_play_of(self.variant, self.system)
        if reader is Reader.PLAY and in_a_play:
            return sentences.advice(in_a_play, self.seen)
        return sentences.advice(self.entry.remedy_of(self.variant, self.system), self.seen)

    @property
    def verb(self) -> RemedyVerb | None:
        """The verb of the command that the remedy names."""
        return self.entry.verb_of(self.variant, self.system)

    @property
    def recipes(self) -> tuple[tuple[str, str], ...]:
        """Exact lines for the remedy, each with where it goes."""
        return self.entry.recipes_of(self.system)

    @property
    def repairable(self) -> bool:
        """Whether this program can mend it."""
        return self.entry.repairable and self.finding_class not in _NOT_OURS_TO_MEND

    @property
    def evidence(self) -> str:
        """What was seen, in one printable line without secrets."""
        return line(self.seen, self.entry.sentences_of(self.system))

    @property
    def whose(self) -> str | None:
        """Of which other box or customer it tells, in words."""
        return line(self.of_others, self.entry.sentences_of(self.system)) or None

    def has(self, trait: Trait) -> bool:
        """Tell whether the catalogue says this of the code."""
        return trait in self.entry.traits

    @property
    def in_full(self) -> str:
        """The evidence for whoever may see all customers."""
        return f"{self.evidence}; {self.whose}" if self.whose else self.evidence

    def value(self, place: str) -> Value:
        """Return a value of what was seen, `None` where there is none of this name."""
        return next((each.values[place] for each in self.seen if place in each.values), None)

    @property
    def http_status(self) -> int | None:
        """With which HTTP status a web server answered, where that is what was seen."""
        status = self.value("status")
        return status if isinstance(status, int) and status in _HTTP_STATUSES else None

    @property
    def counts(self) -> bool:
        """Whether it keeps a box from being in sync; a warning that nobody can mend here does not."""
        return self.repairable or self.severity is Severity.ERROR


def finding(
    code: CodeName,
    *seen: Statement,
    finding_class: FindingClass | None = None,
    variant: Variant | None = None,
) -> Finding:
    """Build a finding.

    Args:
        code: an entry of the catalogue.
        seen: what was seen, without secrets; what is longer than any reader is told is cut.
        finding_class: who moved, where that is known better than in the catalogue. What is blocked or unknown is
            never repairable.
        variant: one of the entry's, where more is known than the code says.

    Raises:
        UnknownSentence: a statement is not one of the code's, or a place of the remedy has no value.
    """
    entry = CATALOGUE[code]
    known = entry.of_variant(variant)
    statements = bounded(seen)
    found = Finding(
        code=code,
        finding_class=finding_class or known.finding_class or entry.finding_class,
        variant=variant,
        seen=statements,
    )
    line(statements, entry.sentences)
    for reader in Reader:
        found.remedy_for(reader)
    return found


def masked(found: Finding, *secrets: Secret) -> Finding:
    """Return a finding without secrets in what was seen."""
    return replace(found, seen=tuple(with_texts(each, lambda text: redact(text, *secrets)) for each in found.seen))


def on(system: OperatingSystem, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in the words for boxes under an operating system.

    Args:
        system: under what the box runs, as a look at it shows.
    """
    return tuple(each if each.system is system else replace(each, system=system) for each in found)
