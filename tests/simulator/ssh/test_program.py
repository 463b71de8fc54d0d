"""Our own SSH connection looks at simulated boxes and mends them, from end to end over loopback."""

from __future__ import annotations

import pytest

from iotbox_simulator.machine.spec import LayoutKind
from reconciler.model.desired import Mode
from tests.support.ssh_boxes import KINDS, Fleet, boxes, codes
from tests.support.ssh_servers import SshLab, go


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["expired", "mixed", "resolvers"])
def test_a_broken_box_is_checked_mended_and_found_in_sync(ssh_lab: SshLab, kind: LayoutKind, fault: str) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1", kind, fault))
            before = await lab.run(box)
            assert before.after
            assert not before.changed
            mended = await lab.run(box, Mode.RECONCILE)
            assert mended.changed
            assert codes(mended) == []
            again = await lab.run(box)
            assert codes(again) == []
            assert not again.changed

    go(scenario())
