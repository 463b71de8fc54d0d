"""Can the vendor's program read the files in which the box keeps its values?"""

# ruff: noqa: ARG001 - all checks take the same three arguments, whether or not they need them

from __future__ import annotations

from datetime import datetime

from ..codes import CodeName
from ..model.desired import Desired
from ..model.observed import Observed
from ..results.finding import Finding, finding


def check_store_readable(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """The files can be opened."""
    reason = observed.store.unreadable
    return None if reason is None else finding(CodeName.STORE_UNREADABLE, reason)


def check_store_form(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """The files have the form that the vendor's program reads at its next start."""
    reason = observed.store.malformed
    return None if reason is None else finding(CodeName.STORE_MALFORMED, reason)


def check_store_warnings(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Nothing in the files is read otherwise than it looks."""
    warnings = observed.store.warnings
    return finding(CodeName.STORE_WARNING, "; ".join(warnings)) if warnings else None
