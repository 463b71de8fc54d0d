"""Which module runs an errand on a box, by the kind of connection that the inventory names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from ..model.errand import Errand
from ..model.target import ConnectionKind, Target
from . import local
from .errand_reply import Carried

RunErrand = Callable[[Target, Errand], Awaitable[Carried]]
"""Goes to a box; `Unreached` where it cannot be reached, `ErrandFailed` where nothing came of it."""


async def _over_ssh(target: Target, errand: Errand) -> Carried:
    from .ssh_errand import run  # which costs 0.2 s to import, and is needed for this kind only

    return await run(target, errand)


async def _here(_: Target, errand: Errand) -> Carried:
    return await local.run_errand(errand)


async def _by_homepage(target: Target, errand: Errand) -> Carried:
    from .homepage.opened import run_errand  # as above: it brings the library for HTTP with it

    return await run_errand(target, errand)


_ENTRIES: Final[dict[ConnectionKind, RunErrand]] = {
    ConnectionKind.SSH: _over_ssh,
    ConnectionKind.LOCAL: _here,
    ConnectionKind.HOMEPAGE: _by_homepage,
}
ERRANDS: Final[Mapping[ConnectionKind, RunErrand]] = MappingProxyType(_ENTRIES)
