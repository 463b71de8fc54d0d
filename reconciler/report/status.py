"""The exit status, a sum as in Puppet: 2 for differences or changes, 4 for boxes that failed."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.result import Finding, Result, Severity

IN_SYNC = 0
USAGE = 1
DIFFERENCES = 2
FAILED = 4


def exit_status(results: Sequence[Result]) -> int:
    """Return 0 when every box is in sync, 2 for differences or changes, 4 for failed boxes, 6 for both."""
    different = any(result.changed or any(map(counts, result.after)) for result in results)
    failed = any(result.failed for result in results)
    return (DIFFERENCES if different else 0) + (FAILED if failed else 0)


def counts(finding: Finding) -> bool:
    """Tell whether a finding keeps a box from being in sync; a warning that nobody can mend here does not."""
    return finding.repairable or finding.severity is Severity.ERROR
