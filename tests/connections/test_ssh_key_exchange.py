"""How keys are agreed on: over no group that the other side chooses, since nobody knows yet who that is.

Such a group is tested for being safe, and with large numbers that takes a minute, in which no box is served.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.codes import CodeName
from tests.support.ssh_servers import GOOD, REPLY, REQUEST, SshLab, go, said, visited

OF_ITS_CHOICE = "diffie-hellman-group-exchange-sha256"
SLOW = (OF_ITS_CHOICE, "diffie-hellman-group17-sha512", "diffie-hellman-group18-sha512")
USUAL = ("curve25519-sha256", "ecdh-sha2-nistp256", "diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512")


pytestmark = pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")


@pytest.mark.parametrize("only", SLOW)
def test_a_server_that_knows_nothing_else_is_told_so(ssh_lab: SshLab, only: str) -> None:
    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY), options={"kex_algs": [only]}) as served:
            result = await visited(ssh_lab.target(served), REQUEST)
        assert [each.code for each in result.after] == [CodeName.CONNECTION_FAILED]
        assert "No matching key exchange algorithm" in result.after[0].evidence

    go(scenario())


@pytest.mark.parametrize("only", USUAL)
def test_what_every_server_knows_is_enough(ssh_lab: SshLab, only: str) -> None:
    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY), options={"kex_algs": [only]}) as served:
            assert (await visited(ssh_lab.target(served), REQUEST)).after == GOOD.after

    go(scenario())


def test_ssh_config_may_name_another(ssh_lab: SshLab, tmp_path: Path) -> None:
    config = tmp_path / "ssh_config"
    config.write_text(f"KexAlgorithms {OF_ITS_CHOICE}\n")

    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY), options={"kex_algs": [OF_ITS_CHOICE]}) as served:
            target = ssh_lab.target(served, config_files=(str(config),))
            assert (await visited(target, REQUEST)).after == GOOD.after

    go(scenario())
