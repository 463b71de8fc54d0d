"""Log in to a box as any run does, tried again as often, but by the key or the password alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ..connections.ssh import LoginTerms, Session
from ..connections.ssh_hops import Offering
from ..connections.ssh_retry import lasting_session
from ..model.target import Ssh

BY_KEY: Final = LoginTerms(by=Offering.KEY)
_SECONDS: Final = 240.0
"""For all tries together; as long as a box has in a run."""


@asynccontextmanager
async def session(ssh: Ssh, terms: LoginTerms) -> AsyncIterator[Session]:
    """Log in.

    Raises:
        NoConnection: with the finding of the last try.
    """
    async with lasting_session(ssh, _SECONDS, terms=terms) as (box, _):
        yield box
