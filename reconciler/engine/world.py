"""What a run needs from outside (its ports, in the field's words), so that it can be tested without any of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from ..model.desired import Request
from ..model.target import Target
from ..outcome.directory import Directory
from ..results.events import Event
from ..results.fleet import BoxReport
from .authority.relay import Relay
from .journal import Journal
from .seam import Visit

Visitor = Callable[[Target, Request], Awaitable[Visit]]
"""Goes to a box; what goes wrong on the way is a result with a finding."""

May = Callable[[Sequence[BoxReport]], Awaitable[str | None]]
"""Asks whether these boxes may be changed; returns why not, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Where a run takes place.

    Args:
        may: asked once, before anything is changed.
        journal: `None` where a run changes only the machine that it runs on.
        now: the control machine's clock.
        monotonic: seconds that never go back.
    """

    visit: Visitor
    may: May
    relay: Relay
    journal: Journal | None = None
    tell: Callable[[Event], None] = lambda _: None
    directory: Directory = field(default_factory=Directory)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    random: Random = field(default_factory=Random)
