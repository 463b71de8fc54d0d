"""Killed before any step, a box is as it was or lets the key in, and the next run does what is left."""

from __future__ import annotations

import pytest

from reconciler.cli import enroll
from tests.support.enrolling import Shop, within
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import SshLab

__all__ = ["ssh_lab"]
STEPS = (
    "log in by a key",
    "ask the homepage for a new password",
    "log in with the password",
    "add the key",
    "note the host key",
    "log in by the key alone",
    "pin the serial numbers",
)


class KilledHere(BaseException):
    """What nothing catches."""


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_killed_at_each_step_the_next_run_finishes(
    ssh_lab: SshLab, number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []

    def killed(_name: str, step: str) -> None:
        told.append(step)
        if step == STEPS[number]:
            raise KilledHere

    async def scenario(shop: Shop) -> None:
        began = shop.passwords("till-1")
        with monkeypatch.context() as patch:
            patch.setattr(enroll, "_tell_step", killed)
            with pytest.raises(KilledHere):
                await shop.enroll("--yes", *shop.fingerprints())
        assert told == list(STEPS[: number + 1])
        added = number > STEPS.index("add the key")
        assert shop.keys("till-1") == (f"{shop.own()} iot-https\n" if added else "")
        assert ("till-1" in shop.known) == (number > STEPS.index("note the host key"))
        made = shop.passwords("till-1")
        assert made - began == int(number > STEPS.index("ask the homepage for a new password"))
        capsys.readouterr()
        assert await shop.enroll("--yes", *shop.fingerprints()) == 0
        assert shop.passwords("till-1") - made == int(not added)
        assert shop.keys("till-1") == f"{shop.own()} iot-https\n"
        assert shop.known.count("till-1") == 1
        assert shop.inventory.read_text().count("iot_https_serial") == 1
        assert await shop.lets_in("till-1")

    within(ssh_lab, {"till-1": "ro_ini"}, scenario)
