"""Which module reaches a box, by the kind of connection that the inventory names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final

from ..model.target import ConnectionKind, Target
from . import local
from .reached import OpenBox, ReachedBox


@asynccontextmanager
async def _over_ssh(target: Target, seconds: float) -> AsyncIterator[tuple[ReachedBox, float]]:
    from .ssh_retry import lasting_session  # which costs 0.2 s to import, and is needed for this kind only

    if target.ssh is None:
        raise ValueError(f"{target.name}: reached over SSH, and nothing says how")
    async with lasting_session(target.ssh, seconds) as (box, left):
        yield box, left


@asynccontextmanager
async def _by_homepage(target: Target, seconds: float) -> AsyncIterator[tuple[ReachedBox, float]]:
    from .homepage.opened import opened  # as above: it brings the library for HTTP with it

    async with opened(target, seconds) as (box, left):
        yield box, left


_ENTRIES: Final[dict[ConnectionKind, OpenBox]] = {
    ConnectionKind.SSH: _over_ssh,
    ConnectionKind.LOCAL: local.opened,
    ConnectionKind.HOMEPAGE: _by_homepage,
}
OPENERS: Final[Mapping[ConnectionKind, OpenBox]] = MappingProxyType(_ENTRIES)
