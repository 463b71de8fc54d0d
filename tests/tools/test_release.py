"""A release is refused, made as a whole, or completed: never half of one, and never pushed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools import release, versions
from tools.release import ReleaseError, State

ROOT = Path(__file__).resolve().parents[2]
DATE = "2026-01-31"
CLEAN = State(
    branch="main",
    changed=(),
    tags=frozenset({"v0.9.0"}),
    places={"pyproject.toml": "0.9.0", "galaxy.yml": "0.9.0"},
    released=("0.9.0",),
    fragments=2,
)
COMMITTED = replace(CLEAN, places=dict.fromkeys(CLEAN.places, "1.0.0"), released=("0.9.0", "1.0.0"), fragments=0)


@pytest.mark.parametrize(
    ("now", "version", "reasons"),
    [
        (CLEAN, "1.0.0", []),
        (CLEAN, "0.10.0", []),
        (COMMITTED, "1.0.0", []),
        (CLEAN, "1.0", ["three numbers"]),
        (CLEAN, "v1.0.0", ["three numbers"]),
        (CLEAN, "1.0.0rc1", ["three numbers"]),
        (replace(CLEAN, branch="next"), "1.0.0", ["made from main, this is next"]),
        (replace(CLEAN, branch=""), "1.0.0", ["this is no branch"]),
        (replace(CLEAN, changed=("a.py", "b.py")), "1.0.0", ["not committed: a.py, b.py"]),
        (replace(CLEAN, tags=frozenset({"v1.0.0"})), "1.0.0", ["v1.0.0 is there already"]),
        (replace(COMMITTED, tags=frozenset({"v1.0.0"})), "1.0.0", ["v1.0.0 is there already"]),
        (replace(CLEAN, places={"a": "0.9.0", "b": "0.9.1"}), "1.0.0", ["the same in a (0.9.0), b (0.9.1)"]),
        (replace(CLEAN, places={"a": "0.9.0", "b": ""}), "1.0.0", ["the same in a (0.9.0), b ()"]),
        (CLEAN, "0.8.0", ["0.9.0 is released already"]),
        (replace(CLEAN, tags=frozenset()), "0.9.0", ["0.9.0 is released already"]),
        (replace(CLEAN, fragments=0), "1.0.0", ["nothing to release"]),
        (replace(CLEAN, branch="x", changed=("y",)), "1.0.0", ["this is x", "not committed: y"]),
    ],
)
def test_what_is_refused(now: State, version: str, reasons: list[str]) -> None:
    found = list(release.refusals(now, version))
    assert len(found) == len(reasons)
    assert all(reason in line for reason, line in zip(reasons, found, strict=True))


def git(root: Path, *words: str) -> str:
    """Run git in a repository of a test."""
    done = subprocess.run(("git", *words), cwd=root, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with all that a release reads, and stand-ins for what takes long."""
    root = tmp_path / "small"
    (root / "changelogs/fragments").mkdir(parents=True)
    (root / "changelogs/fragments/one.yml").write_text("bugfixes: [One.]\n", encoding="utf-8")
    (root / "reconciler").mkdir()
    (root / "reconciler/__init__.py").write_text('__version__ = "0.9.0"\n', encoding="utf-8")
    (root / "pyproject.toml").write_text('[project]\nversion = "0.9.0"\n', encoding="utf-8")
    (root / "galaxy.yml").write_text("version: 0.9.0\n", encoding="utf-8")
    (root / ".gitignore").write_text("dist/\n", encoding="utf-8")
    git(root.parent, "init", "--quiet", "--initial-branch", "main", str(root))
    git(root, "config", "user.name", "Somebody")
    git(root, "config", "user.email", "somebody@example.org")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Begin")
    monkeypatch.setattr(release, "prepare", prepare)
    monkeypatch.setattr(release, "build", build)
    return root


def prepare(copy: Path, version: str, date: str) -> None:
    versions.put(copy, version)
    (copy / "changelogs/fragments/one.yml").unlink()
    text = f"releases: {{{version}: {{release_date: '{date}'}}}}\n"
    (copy / "changelogs/changelog.yaml").write_text(text, encoding="utf-8")
    git(copy, "add", "--all")
    git(copy, "commit", "--quiet", "--message", f"Release {version}")


def build(copy: Path, into: Path, version: str) -> None:
    assert git(copy, "status", "--porcelain") == ""
    (into / release.SUMS).write_text(f"{git(copy, 'rev-parse', 'HEAD')}\n", encoding="utf-8")


def fails(*_: object) -> None:
    raise ReleaseError("the disk is full")


def make(root: Path) -> Path:
    return release.release(root, "1.0.0", DATE, lambda _: None)


def test_a_release_is_commit_files_and_tag(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert release.main(["1.0.0", "--date", DATE], small) == 0
    commit = git(small, "rev-parse", "HEAD")
    assert git(small, "log", "--format=%s") == "Release 1.0.0\nBegin"
    assert git(small, "rev-parse", "v1.0.0^{commit}") == commit
    assert git(small, "cat-file", "-t", "v1.0.0") == "tag"
    assert (small / "dist/1.0.0" / release.SUMS).read_text(encoding="utf-8").strip() == commit
    assert set(versions.found(small).values()) == {"1.0.0"}
    assert git(small, "status", "--porcelain") == ""
    assert git(small, "worktree", "list").count("\n") == 0
    assert "git push --atomic origin main v1.0.0" in capsys.readouterr().out


@pytest.mark.parametrize("step", ["prepare", "build"])
def test_one_that_fails_has_changed_nothing_and_can_be_made_again(
    step: str, small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = git(small, "rev-parse", "HEAD")
    with monkeypatch.context() as patch:
        patch.setattr(release, step, fails)
        assert release.main(["1.0.0"], small) == 1
    assert capsys.readouterr().err == "no release: the disk is full\n"
    assert (git(small, "rev-parse", "HEAD"), git(small, "tag"), git(small, "status", "--porcelain")) == (before, "", "")
    assert not (small / "dist/1.0.0").exists()
    assert make(small).is_dir()


def killed(git_words: str) -> Callable[..., str]:
    """Return git as it is when the machine goes down before a command."""
    real = release.git

    def until(root: Path, *words: str) -> str:
        if words[0] == git_words and words != ("tag",):
            raise KeyboardInterrupt
        return real(root, *words)

    return until


@pytest.mark.parametrize("before", ["merge", "tag"])
def test_one_that_was_killed_is_completed_by_the_same_command(
    before: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(release, "git", killed(before))
        with pytest.raises(KeyboardInterrupt):
            make(small)
    assert git(small, "tag") == ""
    folder = make(small)
    assert git(small, "log", "--format=%s") == "Release 1.0.0\nBegin"
    assert (folder / release.SUMS).read_text(encoding="utf-8").strip() == git(small, "rev-parse", "v1.0.0^{commit}")


def test_a_worktree_that_a_killed_one_left_is_no_hindrance(small: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    git(small, "worktree", "add", "--quiet", "--detach", str(gone))
    subprocess.run(("rm", "-r", str(gone)), check=True, timeout=60)
    make(small)
    assert git(small, "worktree", "list").count("\n") == 0


@pytest.mark.parametrize(("changed", "status"), [(False, 0), (True, 1)])
def test_a_check_says_what_would_be_done_and_does_nothing(
    small: Path, capsys: pytest.CaptureFixture[str], *, changed: bool, status: int
) -> None:
    if changed:
        (small / "new").touch()
    assert release.main(["1.0.0", "--check"], small) == status
    said = capsys.readouterr().out
    assert said == (
        "refused: not committed: new\n"
        if changed
        else "1.0.0 can be released: 1 fragments, commit, tag; files into dist/1.0.0\n"
    )
    assert (git(small, "tag"), git(small, "log", "--format=%s")) == ("", "Begin")


def test_what_a_command_says_at_last_is_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"^python.*: no room$"):
        release.run(tmp_path, sys.executable, "-c", "import sys; sys.exit('more\\nno room')")


def test_a_release_sets_every_version_that_there_is() -> None:
    """One that a release does not know would stay behind."""
    (version,) = set(versions.found(ROOT).values())
    known = {*versions.PLACES, "CHANGELOG.md"}
    listed = subprocess.run(("git", "ls-files"), cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    forgotten = []
    for name in listed.stdout.split():
        path = ROOT / name
        if name in known or name.startswith(("tests/", "changelogs/", "requirements/")) or not path.is_file():
            continue
        if path.suffix in (".md", ".py", ".yml", ".toml", ".j2", ".json", ""):
            text = re.sub(versions.SHOWN, "", path.read_text(encoding="utf-8"))
            lines = [line for line in text.splitlines() if re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", line)]
            forgotten += [f"{name}: {line.strip()}" for line in lines if "version_added" not in line]
    assert forgotten == []


def test_a_version_is_put_into_pages_and_nowhere_else(small: Path) -> None:
    text = "iot_https-fleet-0.9.0.tar.gz iot_https-0.9.0-py3-none-any.whl h11 0.9.0\n"
    (small / "README.md").write_text(text, encoding="utf-8")
    versions.put(small, "1.0.0")
    after = (small / "README.md").read_text(encoding="utf-8")
    assert after == text.replace("0.9.0", "1.0.0").replace("h11 1.0.0", "h11 0.9.0")
