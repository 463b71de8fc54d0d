"""The wheel holds every file that the code opens, the sdist everything from which the same wheel is built."""

from __future__ import annotations

import re
import tomllib

import pytest

from tools.build_packages import Packages

from .built import ROOT, in_sdist, in_wheel, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = PROJECT["tool"]["hatch"]["build"]["targets"]
CODE, SOURCES = (TARGETS[name]["only-include"] for name in ("wheel", "sdist"))
ALWAYS = frozenset({"pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"})
MADE = frozenset({"PKG-INFO", "reconciler/origin.json"})
"""What no checkout has."""
EXAMPLE = "inventories/example/"


@pytest.mark.parametrize("package", CODE)
def test_the_wheel_holds_every_file_of_a_package(packages: Packages, package: str) -> None:
    assert tracked(package)
    assert tracked(package) - in_wheel(packages) == frozenset()


def test_files_that_are_no_code_are_among_them(packages: Packages) -> None:
    data = {path for path in tracked(*CODE) if not path.endswith(".py")}
    assert {"reconciler/py.typed", "reconciler/report/report.schema.json"} <= data
    assert data <= in_wheel(packages)


def test_the_example_inventory_is_in_the_wheel(packages: Packages) -> None:
    copied = {path.replace(EXAMPLE, "reconciler/project/example/") for path in tracked(EXAMPLE)}
    assert len(copied) > 10
    assert copied <= in_wheel(packages)


def test_the_man_page_and_completions_are_installed_where_they_are_looked_for(packages: Packages) -> None:
    name = "share/man/man1/iot-https.1"
    (prefix,) = {path.removesuffix(name) for path in in_wheel(packages) if path.endswith(name)}
    assert re.fullmatch(r"iot_https-[^/]+\.data/data/", prefix)
    assert {f"{prefix}{path}" for path in tracked("share")} <= in_wheel(packages)


def test_the_sdist_holds_all_that_a_build_needs_or_a_reader_wants(packages: Packages) -> None:
    assert (tracked(*SOURCES) | ALWAYS | MADE) - in_sdist(packages) == frozenset()


def test_each_source_is_there() -> None:
    assert [source for source in SOURCES if not (ROOT / source).exists()] == []


def test_nothing_is_in_the_sdist_that_git_ignores(packages: Packages) -> None:
    assert in_sdist(packages) - tracked() - MADE == frozenset()
