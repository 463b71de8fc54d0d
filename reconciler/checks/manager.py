"""The thread of the vendor's program that renews and reports: is it dead, and would one more restart bring it back?

A restart cuts tills off. One that did not help is not repeated while all that a start depends on is as it was; since
not everything can be seen from here, it is tried again after some days, more of them each time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from ..codes import CodeName, Variant
from ..codes.writing.wording import moment
from ..model import wire
from ..model.observed import Observed, Revival
from ..model.part import Part
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from .case import Case
from .unknown import unseen

WAITS: Final = (timedelta(hours=44), timedelta(hours=92), timedelta(hours=164))
"""After the first restart in vain, the second, and each later one: two days, four, a week, less what a nightly run
varies."""


def check_odoo_manager(case: Case) -> Finding | None:
    """The thread that renews and reports is alive; where Odoo is down altogether, it is no news."""
    if not case.observed.odoo.manager_dead or case.observed.odoo.answers is False:
        return None
    seen = _end_of_manager(case.observed)
    held_until = waits_until(case.observed, case.now)
    if held_until is None:
        return finding(CodeName.ODOO_MANAGER_DEAD, *seen)
    tried = say("in_vain", restarted=moment(held_until[0]), again=moment(held_until[1]))
    return finding(CodeName.ODOO_MANAGER_DEAD, *seen, tried, variant=Variant.RESTARTED_IN_VAIN)


def waits_until(observed: Observed, now: datetime) -> tuple[datetime, datetime] | None:
    """Return when a restart was tried in vain, and until when none is tried again; `None` where one may be."""
    tried = observed.memory.revival
    if tried is None or unseen(observed, Part.MEMORY) or tried.state != start_state(observed):
        return None
    wait = WAITS[max(0, min(tried.tries, len(WAITS)) - 1)]
    # The box's clock may have been set since, to either side.
    return (tried.at, tried.at + wait) if abs(now - tried.at) < wait else None


def revived(observed: Observed, at: datetime) -> Revival:
    """Return the note of a restart that is to bring the manager back, beside what was tried before in this state."""
    before, state = observed.memory.revival, start_state(observed)
    tries = before.tries + 1 if before is not None and before.state == state else 1
    return Revival(at=at, tries=tries, state=state)


def start_state(observed: Observed) -> str:
    """Return a digest of what the vendor's start was seen to depend on."""
    layout, store, certificates = observed.layout, observed.store, observed.certificates
    parts = (
        layout.branch,
        layout.image_version,
        store.server_url,
        store.db_name,
        wire.encode(store.malformed) or None,
        certificates.live.digest,
        certificates.live.problem,
        wire.encode(certificates.unreadable),
        wire.encode(certificates.not_renewable),
        wire.encode(observed.nginx.config_error),
        observed.resolvers.resolves,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _end_of_manager(observed: Observed) -> Iterator[Statement]:
    odoo = observed.odoo
    if odoo.manager_threads is not None:
        yield say("missing", threads=odoo.manager_threads, error=odoo.manager_error)
    else:
        yield say("logged", error=odoo.manager_error)
    if odoo.database_error:
        yield say("database", reason=odoo.database_error)
