"""From which commit a copy comes: asked of git in a checkout, read where it was built, unknown elsewhere."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler import origin
from reconciler.origin import Commit

MOMENT = 1_764_500_000
DAY = "2025-11-30"


def git(folder: Path, *words: str) -> str:
    who = (
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.com",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "safe.directory=*",
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_COMMITTER_DATE": f"@{MOMENT} +0700",
    }
    done = subprocess.run(
        ("git", *who, *words), cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository of one commit."""
    root = tmp_path / "checkout"
    (root / "reconciler").mkdir(parents=True)
    (root / "reconciler/a.py").write_text("a = 1\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "One")
    return root


def committed(root: Path) -> Commit:
    return Commit(git(root, "rev-parse", "HEAD"), MOMENT)


def as_it_is(_: Path) -> None:
    """Leave it."""


def change(root: Path) -> None:
    """Change a file that git knows."""
    (root / "reconciler/a.py").write_text("a = 2\n")


def add(root: Path) -> None:
    """Leave a file that git does not know."""
    (root / "notes.txt").touch()


def give_away(root: Path) -> None:
    """Give all of it to somebody else, where one may: git calls that dubious."""
    if os.geteuid() == 0:
        for path in (root, *root.rglob("*")):
            os.chown(path, 65534, 65534)


def leave_a_build(root: Path) -> None:
    """Leave what a build would."""
    (root / "reconciler" / origin.FILE).write_text(origin.written(Commit("f" * 40, 1)))


@dataclass(frozen=True)
class Case:
    """A checkout in some state."""

    prepare: Callable[[Path], None]
    changed: bool = False


CASES = (Case(as_it_is), Case(change, changed=True), Case(add), Case(give_away), Case(leave_a_build))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.prepare.__name__)
def test_git_is_asked_in_a_checkout(case: Case, checkout: Path) -> None:
    expected = committed(checkout)
    case.prepare(checkout)
    assert origin.find(checkout) == Commit(expected.commit, expected.moment, changed=case.changed)


def test_nothing_of_another_repository_is_told(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = checkout / "site-packages"
    inside.mkdir()
    assert origin.find(inside) is None
    (inside / ".git").mkdir()
    assert origin.find(inside) is None
    monkeypatch.setenv("GIT_DIR", str(checkout / ".git"))
    assert origin.find(inside) is None


def test_a_repository_without_a_commit_is_unknown(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert origin.find(tmp_path) is None


def test_without_git_it_is_unknown(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert origin.find(checkout) is None


def test_what_a_build_wrote_is_read(tmp_path: Path) -> None:
    (tmp_path / "reconciler").mkdir()
    assert origin.find(tmp_path) is None
    told = Commit("a" * 40, MOMENT, changed=True)
    (tmp_path / "reconciler" / origin.FILE).write_text(origin.written(told))
    assert origin.find(tmp_path) == told


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (Commit("a" * 40, MOMENT), f"commit {'a' * 12}, {DAY}"),
        (Commit("a" * 40, MOMENT, changed=True), f"commit {'a' * 12}, {DAY}, with changes"),
    ],
)
def test_a_person_reads_commit_and_day(told: Commit, text: str) -> None:
    assert str(told) == text
