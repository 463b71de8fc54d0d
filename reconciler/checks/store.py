"""Can the vendor's program read the files in which the box keeps its values?"""

from __future__ import annotations

from ..codes import CodeName
from ..model.observed import Store
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from .case import Case


def check_store_readable(case: Case) -> Finding | None:
    """The files can be opened."""
    reason = case.observed.store.unreadable
    return None if reason is None else finding(CodeName.STORE_UNREADABLE, reason)


def check_store_form(case: Case) -> Finding | None:
    """The files have the form that the vendor's program reads at its next start."""
    store = case.observed.store
    return finding(CodeName.STORE_MALFORMED, *_at(store), *store.malformed) if store.malformed else None


def check_store_warnings(case: Case) -> Finding | None:
    """Nothing in the files is read otherwise than it looks."""
    store = case.observed.store
    seen = [each for warning in store.warnings for each in (*_at(store), warning)]
    return finding(CodeName.STORE_WARNING, *seen) if seen else None


def _at(store: Store) -> tuple[Statement, ...]:
    return (say("in_store", place=store.place),) if store.place else ()
