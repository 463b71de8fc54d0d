"""Look at boxes for `adopt`: each is asked to seal what it has for a key of its own visit."""

from __future__ import annotations

import argparse
import logging
import secrets
from collections.abc import Sequence
from contextlib import ExitStack

from ..adoption.found import FoundBox, LeftOutBox, found
from ..engine.fan_out import FanOut, Missing
from ..engine.settings import Settings
from ..engine.stop import Stop, on_signals
from ..engine.visits import visitor
from ..model.desired import Request
from ..model.sealing import Opener
from ..model.target import Target

_LOG = logging.getLogger(__name__)


async def look(targets: Sequence[Target], options: argparse.Namespace, salt: bytes) -> list[FoundBox | LeftOutBox]:
    """Return what each box has, or why nothing is taken of it.

    Args:
        salt: of the digests of contracts, of this run.
    """
    visit = visitor(Settings(forks=options.forks, box_seconds=options.deadline, probe=False))

    async def one(target: Target) -> FoundBox | LeftOutBox:
        opener = Opener(secrets.token_bytes)
        request = Request(desired=target.desired, deadline_seconds=options.deadline, seal_to=opener.public_key)
        try:
            return found(target, (await visit(target, request)).result, opener, salt)
        except Exception as error:  # noqa: BLE001 - a defect at one box must not stop the others
            _LOG.debug("%s", target.name, exc_info=True)
            return LeftOutBox(target.name, f"a defect of this program shows there ({type(error).__name__})")

    stop = Stop()
    with ExitStack() as stack:
        stack.enter_context(on_signals(stop))
        outcomes = await FanOut(one, options.forks, stop).run(targets)
    return [
        LeftOutBox(target.name, each.value) if isinstance(each, Missing) else each
        for target, each in zip(targets, outcomes, strict=True)
    ]
