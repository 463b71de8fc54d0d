"""The demo checks its own end state, so it must end well here too, and must be able to end badly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotbox_simulator import demo
from iotbox_simulator.faults import FAULTS
from reconciler.model.fleet import BoxState


def test_the_story_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main() == 0
    told = capsys.readouterr().out
    assert "IOT_HTTPS_LINKED_ELSEWHERE" in told
    assert "9 in sync, 2 differ, 1 unreachable" in told
    assert "A second reconcile changed nothing." in told
    assert not [secret for secret in ("token-of-the-demo", demo.BAKERY.db_uuid, demo.BAKERY.code) if secret in told]


def test_a_box_that_ends_otherwise_than_told_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = replace(demo.TILLS[0], ends=BoxState.DIFFERS)
    assert demo.main([wrong]) == 1
    assert f"not how the story should end: {wrong.name}" in capsys.readouterr().out


def test_every_fault_is_part_of_the_story_or_of_another_kind_of_box() -> None:
    told = {till.fault for till in demo.TILLS} - {None, "fresh", "offline"}
    assert told <= set(FAULTS)
    assert len(told) >= 9
