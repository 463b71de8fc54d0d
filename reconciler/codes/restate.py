"""What a box says is wrong with it, in the words of the control machine.

A box gives a code, a variant, who moved and what was seen. What that means, how much it matters and what to do about it
stands in the catalogue here, so that somebody who has broken into a box cannot tell a technician what to type.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..model.observed import Observed
from ..model.result import Finding, Repair, RepairOutcome, Result
from . import CATALOGUE, connection, finding, known_variant, outside
from .entry import CodeName, Variant

_FORM: Final = re.compile(r"(?:ERR_)?IOT_HTTPS_[A-Z0-9_]{1,60}")
_NOT_OF_A_BOX: Final = frozenset(str(code.name) for code in (*connection.CODES, *outside.CODES))
"""What only the control machine sees; from a box it would change what kind of failure a run reports."""
_SIGNS: Final = ("- ", "+ ")
_LONGEST_DETAIL: Final = 600
"""Characters, as of evidence."""
_LONGEST_NAME: Final = 40
"""Characters of an image, a branch and a serial number, which stand in tables and in tickets."""


def restated(result: Result) -> Result:
    """Return a box's result with every finding and repair as the catalogue has it, and what it is called in short."""
    return replace(
        result,
        before=tuple(map(_finding, result.before)),
        after=tuple(map(_finding, result.after)),
        plan=tuple(map(_repair, result.plan)),
        outcomes=tuple(map(_outcome, result.outcomes)),
        observed=result.observed and _observed(result.observed),
    )


def _observed(told: Observed) -> Observed:
    layout, serial = told.layout, told.identity.serial
    return replace(
        told,
        layout=replace(layout, image_version=_name(layout.image_version), branch=_name(layout.branch)),
        identity=replace(told.identity, serial=_name(serial)),
    )


def _name(told: str | None) -> str | None:
    return told and told[:_LONGEST_NAME]


def _finding(told: Finding) -> Finding:
    if told.code in _NOT_OF_A_BOX:
        evidence = f"the box reports {told.code}, which only the control machine can tell: {told.evidence}"
        return finding(CodeName.NOT_OBSERVED, evidence)
    if told.code not in CATALOGUE:
        return _unknown(told)
    entry = CATALOGUE[told.code]
    variant = known_variant(told.code, told.variant)
    of_variant = variant and entry.variants[variant].finding_class
    allowed = () if of_variant else entry.classes
    kind = told.finding_class if told.finding_class in allowed else None
    return finding(entry.name, told.evidence, finding_class=kind, variant=variant)


def _unknown(told: Finding) -> Finding:
    named = told.code if _FORM.fullmatch(told.code) else "something that is no code"
    evidence = f"the box reports {named}, unknown to this version of iot-https: {told.evidence}"
    return finding(CodeName.NOT_OBSERVED, evidence, variant=Variant.NEWER)


def _repair(told: Repair) -> Repair:
    because = tuple(code for code in told.because if code in CATALOGUE)
    diff = tuple(line for line in told.diff if line.startswith(_SIGNS))
    return replace(told, because=because, detail=told.detail[:_LONGEST_DETAIL], diff=diff)


def _outcome(told: RepairOutcome) -> RepairOutcome:
    return replace(told, repair=_repair(told.repair), detail=told.detail[:_LONGEST_DETAIL])
