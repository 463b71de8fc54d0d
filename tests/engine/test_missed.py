"""Runs that a box missed in a row: counted in one small file, whatever stands in it, whoever else counts."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from reconciler.engine import missed
from reconciler.engine.missed import FILE, MissedRuns, updated
from reconciler.engine.state_folder import StateUnusable
from reconciler.model.desired import Mode
from reconciler.results.fleet import BoxReport, BoxState, FleetReport
from reconciler.results.result import Result
from tests.support.observed import NOW

LOOKED = Result(name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=(), after=())
HOSTILE = ("../outside", "/etc/passwd", "till\n1", "\x1b[31m", "x" * 5000, "$(reboot)", "ünïcode", '"}', "")


def report(**boxes: BoxState) -> FleetReport:
    return of({name.replace("_", "-"): state for name, state in boxes.items()})


def of(states: dict[str, BoxState]) -> FleetReport:
    boxes = tuple(BoxReport(name=name, state=state) for name, state in states.items())
    return FleetReport(mode=Mode.CHECK, started_at=NOW, seconds=1.0, boxes=boxes)


def counted(folder: Path, seen: FleetReport, known: tuple[str, ...] | None = None) -> dict[str, int | None]:
    done, problem = MissedRuns(folder).count(seen, known)
    assert problem is None
    return {box.name: box.missed_runs for box in done.boxes}


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (BoxState.UNREACHABLE, 3),
        (BoxState.DEFERRED, 3),
        (BoxState.IN_SYNC, None),
        (BoxState.DIFFERS, None),
        (BoxState.CHANGED, None),
        (BoxState.BUSY, 3),
        (BoxState.FAILED, 2),
        (BoxState.NOT_ATTEMPTED, 2),
        (BoxState.INVALID, 2),
    ],
)
def test_what_a_run_does_to_a_count_of_two(state: BoxState, after: int | None) -> None:
    assert updated({"till": 2}, of({"till": state}).boxes).get("till") == after


@pytest.mark.parametrize("state", [BoxState.FAILED, BoxState.NOT_ATTEMPTED])
def test_a_box_that_was_looked_at_has_answered(state: BoxState) -> None:
    assert updated({"till": 2}, (BoxReport(name="till", state=state, result=LOOKED),)) == {}


def test_runs_in_a_row_add_up_and_an_answer_ends_the_row(tmp_path: Path) -> None:
    off, on = report(till=BoxState.UNREACHABLE), report(till=BoxState.IN_SYNC)
    assert [counted(tmp_path, each)["till"] for each in (off, off, on, off)] == [1, 2, 0, 1]


def test_boxes_outside_the_limit_keep_their_count_and_those_that_left_are_forgotten(tmp_path: Path) -> None:
    counted(tmp_path, report(one=BoxState.UNREACHABLE, two=BoxState.UNREACHABLE, gone=BoxState.UNREACHABLE))
    counted(tmp_path, report(one=BoxState.UNREACHABLE), known=("one", "two"))
    assert json.loads((tmp_path / FILE).read_text())["boxes"] == {"one": 2, "two": 1}


def test_a_name_is_data(tmp_path: Path) -> None:
    seen = of(dict.fromkeys(HOSTILE, BoxState.UNREACHABLE))
    counted(tmp_path, seen, HOSTILE)
    assert counted(tmp_path, seen, HOSTILE) == dict.fromkeys(HOSTILE, 2)
    assert {each.name for each in tmp_path.iterdir()} <= {FILE, "missed.lock"}


def test_a_run_that_changes_no_count_writes_nothing(tmp_path: Path) -> None:
    counted(tmp_path, report(till=BoxState.IN_SYNC))
    assert not (tmp_path / FILE).exists()


DAMAGED = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe",
    "another shape": b"[1, 2]",
    "no boxes": b"{}",
    "boxes of another shape": b'{"boxes": [1]}',
    "a text for a number": b'{"boxes": {"till": "3"}}',
    "truth for a number": b'{"boxes": {"till": true}}',
    "less than once": b'{"boxes": {"till": 0}}',
    "more than there were nights": b'{"boxes": {"till": 1e300}}',
    "too deep": b'{"boxes":' * 100_000,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_file_that_cannot_be_understood_is_one_warning_and_no_memory(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    done, problem = MissedRuns(tmp_path).count(report(till=BoxState.UNREACHABLE))
    assert [box.missed_runs for box in done.boxes] == [1]
    assert problem is not None
    assert problem.startswith(f"{tmp_path / FILE} cannot be understood: ")
    assert len(problem.splitlines()) == 1
    assert counted(tmp_path, report(till=BoxState.UNREACHABLE)) == {"till": 2}


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "_MOST_BYTES", 10)
    (tmp_path / FILE).write_text(json.dumps({"version": 1, "boxes": {"till": 5}}))
    assert MissedRuns(tmp_path).count(report(till=BoxState.UNREACHABLE))[1] is not None


@pytest.mark.parametrize("spoil", ["a folder in place of the file", "no folder"])
def test_a_memory_that_cannot_be_kept_is_named(tmp_path: Path, spoil: str) -> None:
    folder = tmp_path / "state"
    if spoil.startswith("a folder"):
        (folder / FILE).mkdir(parents=True)
    else:
        folder.write_text("")
    with pytest.raises(StateUnusable, match="state"):
        MissedRuns(folder).count(report(till=BoxState.UNREACHABLE))


def test_a_run_that_is_killed_while_it_writes_leaves_the_old_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(tmp_path, report(till=BoxState.UNREACHABLE))

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            MissedRuns(tmp_path).count(report(till=BoxState.UNREACHABLE))
    assert counted(tmp_path, report(till=BoxState.UNREACHABLE)) == {"till": 2}


def test_runs_that_end_at_once_are_all_counted(tmp_path: Path) -> None:
    names = [f"till-{number}" for number in range(8)]
    runs = [of(dict.fromkeys([name, "shared"], BoxState.UNREACHABLE)) for name in names]
    threads = [threading.Thread(target=counted, args=(tmp_path, each)) for each in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert json.loads((tmp_path / FILE).read_text())["boxes"] == {**dict.fromkeys(names, 1), "shared": 8}


def test_a_lock_that_is_not_let_go_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "_LONGEST_WAIT", 0.0)
    with FileLock(tmp_path / "missed.lock"), pytest.raises(StateUnusable, match="another run has held its lock"):
        MissedRuns(tmp_path).count(report(till=BoxState.UNREACHABLE))


def test_the_report_says_how_many_each_box_missed(tmp_path: Path) -> None:
    seen = replace(report(off=BoxState.UNREACHABLE, on=BoxState.IN_SYNC), runs_to_miss=3)
    done, _ = MissedRuns(tmp_path).count(seen)
    assert [(box.name, box.missed_runs) for box in done.boxes] == [("off", 1), ("on", 0)]
