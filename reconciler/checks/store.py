"""Can the vendor's program read the files in which the box keeps its values?"""

from __future__ import annotations

from ..codes import CodeName
from ..model.statement import told
from ..results.finding import Finding, finding
from .case import Case


def check_store_readable(case: Case) -> Finding | None:
    """The files can be opened."""
    reason = case.observed.store.unreadable
    return None if reason is None else finding(CodeName.STORE_UNREADABLE, told(reason))


def check_store_form(case: Case) -> Finding | None:
    """The files have the form that the vendor's program reads at its next start."""
    reason = case.observed.store.malformed
    return None if reason is None else finding(CodeName.STORE_MALFORMED, told(reason))


def check_store_warnings(case: Case) -> Finding | None:
    """Nothing in the files is read otherwise than it looks."""
    warnings = case.observed.store.warnings
    return finding(CodeName.STORE_WARNING, *map(told, warnings)) if warnings else None
