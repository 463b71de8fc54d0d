"""A commit gives one wheel and one sdist: from a checkout, from the sdist, anywhere, at any time."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler import origin
from tools.build_packages import BuildError, Packages, build, build_twice, digest, main, unpacked

from .built import ROOT

SMALL = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "small"
version = "1"
[tool.hatch.build.targets.wheel]
only-include = ["small.py"]
[tool.hatch.build.hooks.custom]
"""
CHANCE = """\
import uuid
from pathlib import Path
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        Path(self.root, "small.py").write_text(f"chance = {str(uuid.uuid4())!r}")
"""


def test_a_second_build_gives_the_same_bytes(
    packages: Packages, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{digest(file)}  {file.name}" for file in packages.both]


def test_bytes_that_differ_are_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SMALL)
    (tmp_path / "hatch_build.py").write_text(CHANCE)
    (tmp_path / "small.py").touch()
    with pytest.raises(BuildError, match=r"small-1-.*\.whl and small-1\.tar\.gz would be other bytes"):
        build_twice(tmp_path / "dist", tmp_path)


def test_what_cannot_be_built_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text(
        SMALL.replace("small.py", "gone.py").partition("[tool.hatch.build.hooks")[0]
    )
    assert main([str(tmp_path / "dist")], tmp_path) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("build_packages.py: ")


def test_a_folder_with_other_packages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "small-0.tar.gz").touch()
    with pytest.raises(BuildError, match="use an empty folder"):
        build(tmp_path)


def test_files_have_the_time_of_the_commit(packages: Packages) -> None:
    found = origin.find(ROOT)
    assert found
    moment = datetime.fromtimestamp(found.moment, UTC)
    with zipfile.ZipFile(packages.wheel) as archive:
        times = {member.date_time for member in archive.infolist()}
        assert json.loads(archive.read(f"reconciler/{origin.FILE}"))["commit"] == found.commit
    # a zip knows even seconds only
    assert times == {(*moment.timetuple()[:5], moment.second - moment.second % 2)}


def test_a_build_changes_nothing_where_it_builds(packages: Packages, tmp_path: Path) -> None:
    root = unpacked(packages, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in sorted(root.rglob("*"))}
    build(tmp_path / "dist", root)
    assert {path: path.stat().st_mtime_ns for path in sorted(root.rglob("*"))} == before


def test_without_git_and_without_a_note_the_commit_is_unknown(packages: Packages, tmp_path: Path) -> None:
    root = unpacked(packages, tmp_path)
    (root / "reconciler" / origin.FILE).unlink()
    again = build(tmp_path / "dist", root)
    with zipfile.ZipFile(again.wheel) as archive:
        assert f"reconciler/{origin.FILE}" not in archive.namelist()
