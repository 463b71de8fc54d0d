"""A fleet behind SSH in one process."""

from __future__ import annotations

import asyncio

from iotbox_simulator.live import LiveBox
from iotbox_simulator.ssh import SshFault
from reconciler.codes import CodeName
from reconciler.model.desired import Mode
from reconciler.results.result import Result
from tests.support.ssh_boxes import KINDS, Fleet, boxes, codes
from tests.support.ssh_servers import SshLab

BOXES = 200
AT_ONCE = 50
REFUSED = 7
SOUND = 16
"""Of each kind, for one with each fault."""
FAULTS = ("expired", "credentials", "resolvers", "nginx_down")


def test_two_hundred_boxes_are_mended_side_by_side(ssh_lab: SshLab) -> None:
    fleet = Fleet()
    sound = [fleet.box(kind, kind).box for kind in KINDS]
    broken = [fleet.box(kind, kind, fault).box for kind in KINDS for fault in FAULTS]
    patterns = [*sound * SOUND, *broken]
    lives = [LiveBox(f"till-{n}", patterns[n % len(patterns)].clone()) for n in range(BOXES)]

    async def scenario() -> None:
        turn = asyncio.Semaphore(AT_ONCE)
        async with boxes(ssh_lab) as lab:
            served = [lab.open(live) for live in lives]
            served[REFUSED].switch_on(SshFault.LOGIN_REFUSED)
            assert len({box.address for box in served}) == BOXES

            async def visit(number: int) -> Result:
                async with turn:
                    return await lab.run(served[number], Mode.RECONCILE)

            results = await asyncio.gather(*map(visit, range(BOXES)))
            assert [number for number, each in enumerate(results) if codes(each)] == [REFUSED]
            assert codes(results[REFUSED]) == [CodeName.AUTHENTICATION_FAILED]
            assert sum(each.changed for each in results) == sum(
                n % len(patterns) >= len(sound) * SOUND for n in range(BOXES)
            )

    asyncio.run(scenario())
