"""The demo checks its own end state, so it must end well here too, and must be able to end badly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotbox_simulator import demo


def test_the_story_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main() == 0
    told = capsys.readouterr().out
    assert "hanoi-till-1: in sync" in told
    assert "IOT_HTTPS_LINKED_ELSEWHERE" in told
    assert "A second reconcile changed nothing." in told


def test_a_box_that_ends_otherwise_than_told_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tuple(replace(case, mendable=True) for case in demo._CASES)
    monkeypatch.setattr(demo, "_CASES", wrong)
    assert demo.main() == 1
    assert "not how the story should end" in capsys.readouterr().out
