"""A run of the suite says of every part what became of it, and leaves out only what another part has proved."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import box_tests
from tests.real import test_interpreters
from tools import run_tests
from tools.run_tests import FAILURE, INCOMPLETE, Failed, Part, Passed, Skipped

ALL = tuple(run_tests.PARTS)
Suite = Callable[..., list[str]]


def fails() -> Skipped | Passed | None:
    raise Failed("exit status 1: pytest")


def cannot_run() -> Skipped | Passed | None:
    return Skipped("real boxes need root")


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch) -> Suite:
    """Stand-ins for the parts, all of which pass unless told otherwise; what is returned fills as they run."""

    def arrange(**others: Part) -> list[str]:
        ran: list[str] = []

        def part(name: str) -> Part:
            def stand_in() -> Skipped | Passed | None:
                ran.append(name)
                return others.get(name, lambda: None)()

            return stand_in

        monkeypatch.setattr(run_tests, "PARTS", {name: part(name) for name in ALL})
        monkeypatch.setattr(run_tests, "ALONE", {name: part(name) for name in run_tests.ALONE})
        monkeypatch.setattr(run_tests, "begin_images", lambda: None)
        return ran

    return arrange


def line(output: str, part: str) -> str:
    """Return what the summary says of a part."""
    (found,) = (line for line in output.splitlines() if line.startswith(f"{part} "))
    return found


def test_versions_are_left_out_where_real_boxes_have_passed(suite: Suite, capsys: pytest.CaptureFixture[str]) -> None:
    ran = suite()
    assert run_tests.main([]) == 0
    assert ran == [name for name in ALL if name != "box-versions"]
    assert "covered by real: the boxes' own interpreters" in line(capsys.readouterr().out, "box-versions")


@pytest.mark.parametrize(("real", "status"), [(cannot_run, INCOMPLETE), (fails, FAILURE)])
def test_versions_are_tried_where_real_boxes_have_proved_nothing(
    suite: Suite, real: Part, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = suite(real=real)
    assert run_tests.main([]) == status
    assert ran == list(ALL)
    assert line(capsys.readouterr().out, "box-versions").endswith("passed")


@pytest.mark.parametrize("names", [["box-versions"], ["real", "box-versions"], ["quick"], ["quick", "lint"]])
def test_a_part_that_is_asked_for_runs(suite: Suite, names: list[str]) -> None:
    ran = suite()
    assert run_tests.main(names) == 0
    assert ran == names


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout whose branch `main` has two files, and that is on another branch."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        subprocess.run(("git", *who, *words), cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    for name in ("kept.py", "edited.py", "removed.py"):
        (tmp_path / name).write_text("x = 1\n")
    git("add", ".")
    git("commit", "-m", "first")
    git("checkout", "-b", "other")
    (tmp_path / "committed.py").write_text("x = 1\n")
    git("add", ".")
    git("commit", "-m", "second")
    return tmp_path


def test_what_differs_from_the_main_branch_is_looked_at(checkout: Path) -> None:
    assert run_tests.changed_files(checkout) == ["committed.py"]
    (checkout / "edited.py").write_text("x = 2\n")
    (checkout / "removed.py").unlink()
    (checkout / "with a space.yml").write_text("x: 1\n")
    assert run_tests.changed_files(checkout) == ["committed.py", "edited.py", "with a space.yml"]


def test_where_git_knows_no_main_branch_what_is_not_committed_is_looked_at(checkout: Path) -> None:
    subprocess.run(("git", "branch", "-m", "main", "trunk"), cwd=checkout, check=True)
    (checkout / "kept.py").write_text("x = 2\n")
    assert run_tests.changed_files(checkout) == ["kept.py"]


def test_without_git_nothing_counts_as_changed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    assert run_tests.changed_files(tmp_path) == []


def test_quick_tries_the_changed_files_and_what_is_pure(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(run_tests, "run", lambda program, *words: ran.append([program.rpartition("/")[2], *words]))
    monkeypatch.setattr(run_tests, "changed_files", lambda: ["a.py", "b.yml", "README.md"])
    assert run_tests.quick() is None
    assert [words[0] for words in ran] == ["ruff", "ruff", "yamllint", "lint-imports", "pytest"]
    assert [words[-1] for words in ran[:3]] == ["a.py", "a.py", "b.yml"]
    assert set(run_tests.PURE_TESTS) <= set(ran[-1])


def test_quick_fails_where_a_folder_has_no_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[str] = []
    monkeypatch.setattr(run_tests, "run", lambda *words: ran.append(words[0]))
    for folder in run_tests.PURE_TESTS:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "test_it.py").touch()
    (tmp_path / run_tests.PURE_TESTS[-1] / "test_it.py").unlink()
    monkeypatch.setattr(run_tests, "ROOT", tmp_path)
    with pytest.raises(Failed, match=f"no tests in {run_tests.PURE_TESTS[-1]}$"):
        run_tests.quick()
    assert ran == []


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        (["README.md", "reconciler/checks/clock.py", "tests/plan/test_plan.py"], None),
        (["reconciler/engine/run.py", "tests/cli/conftest.py", "reconciler/plan/store.py"], "tests/cli tests/engine"),
        (["iotbox_simulator/fleet.py", "reconciler/no_such_room.py", "tests/real/lab.py"], "tests/simulator"),
    ],
)
def test_quick_says_which_tests_beside_changed_files_it_left_out(changed: list[str], beside: str | None) -> None:
    said = list(run_tests.left_out_by_quick(changed))
    assert "make lint" in said[0]
    assert said[1:] == (
        [f"left out beside changed files: .venv/bin/pytest -n auto -m '{run_tests.WITHOUT_MORE}' {beside}"]
        if beside
        else []
    )


def test_quick_is_no_part_of_the_whole(suite: Suite) -> None:
    assert "quick" not in run_tests.PARTS
    ran = suite()
    run_tests.main([])
    assert "quick" not in ran


def test_a_failure_counts_more_than_a_part_that_could_not_run(suite: Suite, capsys: pytest.CaptureFixture[str]) -> None:
    ran = suite(lint=cannot_run, unit=fails)
    assert run_tests.main([]) == FAILURE
    assert {"lint", "unit", "real"} <= set(ran)
    output = capsys.readouterr().out
    assert "not complete: real boxes need root" in line(output, "lint")
    assert "FAILED: exit status 1: pytest" in line(output, "unit")


def test_a_part_that_does_not_exist_runs_nothing(suite: Suite, capsys: pytest.CaptureFixture[str]) -> None:
    ran = suite()
    assert run_tests.main(["unit", "units"]) == FAILURE
    assert ran == []
    assert "no such part: units" in capsys.readouterr().out


@pytest.mark.parametrize(("names", "begun"), [([], 1), (["molecule"], 1), (["lint", "unit"], 0)])
def test_images_are_built_where_a_part_needs_them_and_nothing_is_left_running(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, names: list[str], begun: int
) -> None:
    running: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        running.append(subprocess.Popen(("sleep", "60")))
        return running[-1]

    suite(unit=fails)
    monkeypatch.setattr(run_tests, "begin_images", begin)
    run_tests.main(names)
    assert len(running) == begun
    assert all(each.returncode is not None for each in running)


@pytest.mark.parametrize(("user", "missing"), [(1000, None), (0, "podman could not be installed")])
def test_where_real_boxes_cannot_run_no_image_is_begun(
    monkeypatch: pytest.MonkeyPatch, user: int, missing: str | None
) -> None:
    def start(*_: object, **__: object) -> None:
        raise AssertionError("something was started")

    monkeypatch.setattr("os.geteuid", lambda: user)
    monkeypatch.setattr(run_tests, "lacks", lambda *_: missing)
    monkeypatch.setattr("subprocess.Popen", start)
    assert run_tests.begin_images() is None


def test_a_part_stands_before_what_it_covers() -> None:
    for covered, (better, _) in run_tests.COVERED_BY.items():
        assert ALL.index(better) < ALL.index(covered)


def test_a_command_without_tests_is_a_failure(tmp_path: object) -> None:
    with pytest.raises(Failed, match="exit status 5"):
        run_tests.run(str(run_tests.BIN / "pytest"), "-q", "-p", "no:cacheprovider", str(tmp_path))


def test_real_boxes_run_every_test_of_a_box_with_every_version() -> None:
    """What makes it honest to leave the versions out."""
    assert set(run_tests.BOX_TESTS) <= set(box_tests.FOLDERS)
    assert {f"--ignore={path}" for path in box_tests.EXHAUSTIVE} <= set(run_tests.SAME_EVERYWHERE)
    rooms = ("tests/authority/", "tests/box/", "tests/machine/", "tests/net/", "tests/simulator/")
    assert not [path for path in box_tests.left_out() if path.startswith(rooms)]
    there = {cryptography.partition(".")[0] for _, cryptography in test_interpreters.EXPECTED.values()}
    assert set(run_tests.CRYPTOGRAPHY_OF_BOXES) <= there
