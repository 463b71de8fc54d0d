"""Locks pin all that is needed, at versions that pyproject.toml allows, from where everybody installs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import lock, pins
from tools.lock import LOCKS

ROOT = pins.ROOT
LISTS = sorted(path.stem for path in pins.FOLDER.glob("*.in"))
FILES = {name: pins.path_of(name).read_text(encoding="utf-8") for name in LOCKS}
each_lock = pytest.mark.parametrize("name", LOCKS)
RUNS = [(name, python) for name, each in LOCKS.items() for python in each.pythons]
HASH = f"--hash=sha256:{'0' * 64}"


def requirements(name: str) -> list[Requirement]:
    """Return what a lock is made from."""
    own, project = LOCKS[name], lock.project()["project"]
    lines = project["dependencies"] if own.project else []
    extras = [line for extra in own.extras for line in project["optional-dependencies"][extra]]
    return [Requirement(line) for line in (*lines, *extras, *lock.listed(name, own))]


def test_every_file_is_made_by_the_tool() -> None:
    assert {path.stem for path in pins.FOLDER.glob("*.txt")} == set(LOCKS)
    assert {name for name, each in LOCKS.items() if not (each.project or each.alone)} <= set(LISTS) <= set(LOCKS)


@each_lock
def test_a_lock_has_hashes_and_nothing_of_the_machine_it_was_made_on(name: str) -> None:
    assert list(pins.problems(FILES[name])) == []
    assert not re.search(r"https?:|file:|index|find-links|(^|\s)/", FILES[name])


@pytest.mark.parametrize(("name", "python"), RUNS)
def test_a_lock_has_all_that_is_asked_for_in_range(name: str, python: str) -> None:
    found = pins.installed(FILES[name], python)
    for each in requirements(name):
        if each.marker is None or each.marker.evaluate(dict(pins.linux(python))):
            pin = found[canonicalize_name(each.name)]
            assert each.specifier.contains(pin.version), each


@pytest.mark.parametrize(("name", "python"), RUNS)
def test_what_is_installed_beside_another_lock_has_the_same_versions(name: str, python: str) -> None:
    mine = pins.installed(FILES[name], python)
    for other in LOCKS[name].like:
        theirs = pins.installed(FILES[other], python)
        assert {key: mine[key].version for key in mine.keys() & theirs.keys()} == {
            key: theirs[key].version for key in mine.keys() & theirs.keys()
        }


def test_tests_and_a_build_have_all_that_a_user_has() -> None:
    for python in pins.PYTHONS:
        assert pins.installed(FILES["user"], python).keys() <= pins.installed(FILES["ci"], python).keys()


def test_what_is_installed_for_work_has_no_development_tools() -> None:
    names = {name for python in pins.PYTHONS for name in pins.installed(FILES["user"], python)}
    assert names & {"pytest", "mypy", "ruff", "uv", "molecule", "ansible-lint", "hatchling"} == set()
    assert len(names) < 30


WRONG = {
    "--index-url https://packages.example.org/simple": "no package at a version",
    "--find-links /opt/wheels": "no package at a version",
    "rich @ file:///opt/wheels/rich.whl": "no package at a version",
    f"rich>=14 {HASH}": "no package at a version",
    f"rich==14.* {HASH}": "no package at a version",
    "./rich": "no package at a version",
    "-e .": "no package at a version",
    "rich==14.0": "rich has no hash",
    "rich==14.0 --hash=md5:00": "no package at a version",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_does_not_belong_in_a_lock_is_noticed(line: str) -> None:
    (found,) = pins.problems(f"# a lock\nh11==0.16.0 \\\n    {HASH}\n{line}\n")
    assert WRONG[line] in found


def test_a_package_in_two_versions_is_noticed() -> None:
    text = f"rich==14.0 {HASH}\nrich==15.0 ; python_version > '3.12' {HASH}\n"
    assert pins.installed(text, "3.12")[canonicalize_name("rich")].version == "14.0"
    with pytest.raises(ValueError, match="rich comes in two versions"):
        pins.installed(text, "3.13")


def test_settings_of_this_machine_do_not_count() -> None:
    mine = {
        "PIP_FIND_LINKS": "/opt/wheels",
        "UV_INDEX": "x",
        "UV_CONFIG_FILE": "y",
        "HOME": "/root",
        "SSL_CERT_FILE": "z",
    }
    assert lock.surroundings(mine) == {"HOME": "/root", "SSL_CERT_FILE": "z"}
    assert "--no-config" in lock.COMPILE


def test_a_lock_that_cannot_be_made_stays_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "requirements/user.txt"
    path.parent.mkdir()
    path.write_text("as it was\n", encoding="utf-8")
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    monkeypatch.setattr(pins, "FOLDER", path.parent)
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'x'\nversion = '1'\n[project.optional-dependencies]\n[build-system]\nrequires = []\n"
    )
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, returncode=1))
    with pytest.raises(SystemExit, match=r"requirements/user\.txt is as it was"):
        lock.make("user", LOCKS["user"], keep=False)
    assert path.read_text(encoding="utf-8") == "as it was\n"


def test_versions_are_kept_only_on_request() -> None:
    renewed, kept = (
        lock.choosing(LOCKS["ci"], [ROOT / "pyproject.toml"], Path("ci.txt"), keep=keep) for keep in (False, True)
    )
    assert set(renewed) - set(kept) == {"--upgrade"}
    assert [renewed[at + 1] for at, word in enumerate(renewed) if word == "--extra"] == ["dev"]


def test_an_unknown_lock_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        lock.main(["usr"])
    assert "no such lock: usr; there are user, build, ci" in capsys.readouterr().err
