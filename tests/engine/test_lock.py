"""One run per inventory, whoever starts it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.engine.lock import RunHeld, one_run
from reconciler.engine.state_folder import StateUnusable, state_directory


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_second_run_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    with one_run(tmp_path), pytest.raises(RunHeld, match=f"process {os.getpid()}"), one_run(tmp_path):
        pass


def test_after_the_end_of_a_run_the_next_may_begin(tmp_path: Path) -> None:
    for _ in range(2):
        with one_run(tmp_path):
            pass


def test_the_same_places_in_another_order_are_the_same_inventory(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    for each in (a, b):
        each.mkdir()
    assert state_directory([str(a), str(b)]) == state_directory([f"{b}/", f"{a}/../a"])
    assert state_directory([str(a)]) != state_directory([str(b)])


def test_only_its_owner_can_look_into_the_state(tmp_path: Path) -> None:
    assert state_directory([str(tmp_path)]).stat().st_mode & 0o077 == 0


def test_a_place_that_is_no_folder_is_one_line_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(StateUnusable, match=f"{tmp_path}/file.*Not a directory; .* set XDG_STATE_HOME") as refused:
        state_directory([str(tmp_path)])
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["lock", "owner"])
def test_a_lock_that_cannot_be_written_is_one_line_that_names_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(StateUnusable, match=f"{tmp_path}/{name}: Is a directory"), one_run(tmp_path):
        pass


def test_what_fails_while_the_lock_is_held_is_not_taken_for_a_fault_of_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), one_run(tmp_path):
        (tmp_path / "elsewhere").read_bytes()
