"""A fleet behind SSH in one process."""

from __future__ import annotations

import asyncio

from iotbox_simulator.live import LiveBox
from iotbox_simulator.ssh import SshFault
from reconciler.codes import CodeName
from reconciler.model.desired import Mode
from tests.support.ssh_boxes import KINDS, Fleet, boxes, codes
from tests.support.ssh_servers import SshLab, go

BOXES = 200
AT_ONCE = 50
FAULTS = (None, "expired", "credentials", "resolvers", "nginx_down")


def test_two_hundred_boxes_are_mended_side_by_side(ssh_lab: SshLab) -> None:
    fleet = Fleet()
    patterns = [fleet.box(kind, kind, fault).box for kind in KINDS for fault in FAULTS]
    lives = [LiveBox(f"till-{n}", patterns[n % len(patterns)].clone()) for n in range(BOXES)]

    async def scenario() -> None:
        turn = asyncio.Semaphore(AT_ONCE)
        async with boxes(ssh_lab) as lab:
            served = [lab.open(live) for live in lives]
            served[7].switch_on(SshFault.LOGIN_REFUSED)
            assert len({box.address for box in served}) == BOXES

            async def visit(number: int) -> list[str]:
                async with turn:
                    return codes(await lab.run(served[number], Mode.RECONCILE))

            found = await asyncio.gather(*map(visit, range(BOXES)))
            assert found[7] == [CodeName.AUTHENTICATION_FAILED]
            assert [number for number, each in enumerate(found) if each] == [7]

    go(scenario())
