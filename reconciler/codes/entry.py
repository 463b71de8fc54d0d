"""Names and shape of a finding code, apart from the texts, so that checks name codes without a typo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..model.code_name import CodeName, Variant
from ..model.severity import FindingClass, Severity

MOVED: Final = (FindingClass.DRIFTED, FindingClass.PENDING)
"""Classes of what was declared: the box moved, or the inventory did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a variant says otherwise than its code; `None` for what stays.

    Args:
        in_a_play: the remedy for who runs a play, where that of the command names an option of the command.
        when: where it applies, for the page of the code; empty where the remedy says it.
    """

    when: str = ""
    title: str | None = None
    cause: str | None = None
    remedy: str | None = None
    in_a_play: str | None = None
    severity: Severity | None = None
    finding_class: FindingClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One entry of the catalogue, in a technician's words.

    Args:
        name: how reports call it.
        finding_class: the class where a check does not know better.
        title: what is wrong, as a headline.
        cause: how a box gets there.
        remedy: what a person does, when it does not go away by itself.
        repairable: this program can mend it, unless the finding is blocked or unknown.
        in_a_play: the same for who runs a play, where it names an option of the command.
        anchor: the code's place on the vendor's page about HTTPS certificates, `None` for codes of ours.
        recipes: exact lines for the remedy, each with where it goes.
        classes: what else than `finding_class` a check may say.
        variants: what may be known better.
        sentences: what may be seen, by name; a finding names one or more and gives their values (see `sentences`).
    """

    name: CodeName
    severity: Severity
    finding_class: FindingClass
    title: str
    cause: str
    remedy: str
    in_a_play: str | None = None
    repairable: bool = False
    anchor: str | None = None
    recipes: tuple[tuple[str, str], ...] = ()
    classes: tuple[FindingClass, ...] = ()
    variants: Mapping[Variant, Known] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)
