"""The host key of whoever answers: shown without a login, and by no server for longer than it may take."""

from __future__ import annotations

import asyncio

import asyncssh
import pytest

from reconciler.discovery.host_key import fingerprint
from tests.hostile.ssh_behaviours import RAW
from tests.support.servers import LOOPBACK, serving


class _NoLogin(asyncssh.SSHServer):
    """Counts who comes as far as a login."""

    logins = 0

    def begin_auth(self, username: str) -> bool:
        type(self).logins += 1
        return True


def test_the_key_is_shown_and_nobody_logs_in() -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")

    async def shown() -> str | None:
        async with asyncssh.listen(LOOPBACK, 0, server_factory=_NoLogin, server_host_keys=[key], config=()) as server:
            return await fingerprint(LOOPBACK, server.get_port(), 60)

    assert asyncio.run(shown()) == f"ssh-ed25519 {key.get_fingerprint()}"
    assert _NoLogin.logins == 0


@pytest.mark.parametrize("behaviour", RAW)
def test_who_misbehaves_shows_none(behaviour: str) -> None:
    with serving(RAW[behaviour]) as server:
        assert asyncio.run(fingerprint(LOOPBACK, server.port, 1)) is None
