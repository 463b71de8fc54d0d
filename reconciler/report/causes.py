"""Findings of many boxes, turned round: what is wrong, what to do about it, and which boxes have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model.severity import Severity
from ..outcome.remedies import MENDED, remedy
from ..outcome.standing import is_to_be_mended
from ..printable import printable
from ..results.finding import Finding
from ..results.fleet import Again, BoxReport
from . import command


@dataclass(frozen=True, slots=True)
class SameEvidence:
    """The same evidence on one or more boxes."""

    evidence: str
    boxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, and where it has to be done. `command`: what it names, in words, empty for nothing."""

    text: str
    seen: tuple[SameEvidence, ...]
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """One headline of a code and everything that was found of it. `boxes`: how many boxes have it."""

    code: str
    severity: Severity
    title: str
    boxes: int
    remedies: tuple[Remedy, ...]


def causes(boxes: Sequence[BoxReport], again: Again | None = None) -> tuple[Cause, ...]:
    """Return the causes, those that matter most and hit most boxes first.

    Args:
        again: how the command is called again, for what remedies name.
    """
    by_code: dict[tuple[str, str], list[tuple[BoxReport, Finding]]] = {}
    for box in boxes:
        for finding in box.findings:
            by_code.setdefault((finding.code, finding.title), []).append((box, finding))
    return tuple(sorted((_cause(code, title, pairs, again) for (code, title), pairs in by_code.items()), key=_weight))


def problems(boxes: Sequence[BoxReport]) -> tuple[SameEvidence, ...]:
    """Return what is wrong with inventory entries, and with which."""
    return tuple(_merged((printable(problem), box.name) for box in boxes for problem in box.problems))


def _cause(code: str, title: str, pairs: Sequence[tuple[BoxReport, Finding]], again: Again | None) -> Cause:
    by_remedy: dict[str, list[tuple[BoxReport, Finding]]] = {}
    for box, finding in pairs:
        mended = is_to_be_mended(box.result, finding)
        to_do = MENDED if mended else printable(remedy(box.result, box.findings, finding))
        by_remedy.setdefault(to_do, []).append((box, finding))
    return Cause(
        code=code,
        severity=min((finding.severity for _, finding in pairs), key=lambda each: each.rank),
        title=title,
        boxes=len({box.name for box, _ in pairs}),
        remedies=tuple(_remedy(text, some, again) for text, some in by_remedy.items()),
    )


def _remedy(text: str, pairs: Sequence[tuple[BoxReport, Finding]], again: Again | None) -> Remedy:
    names = list(dict.fromkeys(box.name for box, _ in pairs))
    seen = [(printable(finding.in_full), box.name) for box, finding in pairs]
    return Remedy(text, tuple(_merged(seen)), tuple(command.of_remedy(again, pairs[0][1], names)))


def _merged(seen: Sequence[tuple[str, str]] | Iterator[tuple[str, str]]) -> Iterator[SameEvidence]:
    names: dict[str, list[str]] = {}
    for evidence, name in seen:
        names.setdefault(evidence, []).append(name)
    most_first = sorted(names.items(), key=lambda item: -len(item[1]))
    return (SameEvidence(evidence, tuple(dict.fromkeys(boxes))) for evidence, boxes in most_first)


def _weight(cause: Cause) -> tuple[int, int, str]:
    return (cause.severity.rank, -cause.boxes, cause.code)
