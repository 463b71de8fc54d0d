"""The wheel holds every file that the code opens, the sdist everything from which the same wheel is built."""

from __future__ import annotations

import tomllib

import pytest

from .built import ROOT, Built, tracked

PACKAGES = ("reconciler", "iotbox_simulator")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
ALWAYS = ("pyproject.toml", "README.md", "LICENSE", ".gitignore")


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_holds_every_file_of_a_package(built: Built, package: str) -> None:
    missing = tracked(package) - built.in_wheel
    assert missing == frozenset()


def test_files_that_are_no_code_are_among_them(built: Built) -> None:
    data = {path for path in tracked(*PACKAGES) if not path.endswith(".py")}
    assert {"reconciler/py.typed", "reconciler/report/report.schema.json"} <= data
    assert data <= built.in_wheel


def test_the_sdist_holds_all_that_a_build_needs_or_a_reader_wants(built: Built) -> None:
    assert (tracked(*SOURCES) | {*ALWAYS, "PKG-INFO"}) - built.in_sdist == frozenset()


def test_each_source_is_there() -> None:
    assert [source for source in SOURCES if not (ROOT / source).exists()] == []


def test_nothing_is_in_the_sdist_that_git_does_not_know(built: Built) -> None:
    assert built.in_sdist - tracked() - {"PKG-INFO"} == frozenset()
