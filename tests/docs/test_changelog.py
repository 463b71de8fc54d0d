"""Fragments are what antsibull and `ansible-test sanity` take, and become a page that reads well."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools import generate_changelog as changelog

from .pages import ROOT

FRAGMENTS = changelog.fragments()
RELEASES = """
releases:
  0.9.0: {release_date: '2026-01-02', changes: {release_summary: Works., minor_changes: ['``a`` is b.']}}
  0.10.0:
    release_date: '2026-02-03'
    modules: [{name: box, description: Keeps a box, namespace: ''}]
    objects: {role: [{name: fleet, description: Keeps a fleet, namespace: null}]}
"""
named = pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda path: path.stem)


def antsibull(root: Path, command: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run antsibull-changelog as `ansible-test sanity` does."""
    line = [sys.executable, "-m", "antsibull_changelog", command, *words]
    return subprocess.run(line, cwd=root, capture_output=True, text=True, check=False, timeout=100)


def entries(fragment: Path) -> dict[str, list[str]]:
    """Return the entries of a fragment by their section."""
    content = yaml.safe_load(fragment.read_text(encoding="utf-8"))
    return {section: [each] if isinstance(each, str) else each for section, each in content.items()}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a project of nothing but changes, to add bad ones to."""
    shutil.copytree(ROOT / "changelogs", tmp_path / "changelogs")
    return tmp_path


def test_antsibull_takes_every_fragment() -> None:
    done = antsibull(ROOT, "lint")
    assert (done.returncode, done.stdout) == (0, "")


def test_antsibull_takes_every_release(copy: Path) -> None:
    recorded = copy / "changelogs/changelog.yaml"
    if not recorded.exists():
        recorded.write_text(RELEASES, encoding="utf-8")
    done = antsibull(copy, "lint-changelog-yaml", str(recorded))
    assert (done.returncode, done.stdout) == (0, "")


def test_antsibull_would_notice(copy: Path) -> None:
    (copy / "changelogs/fragments/bad.yml").write_text("improvements: [All is better.]\n", encoding="utf-8")
    done = antsibull(copy, "lint")
    assert done.stdout == "changelogs/fragments/bad.yml:0:0: invalid section: improvements\n"


def test_nothing_else_is_there() -> None:
    assert [path.name for path in (ROOT / "changelogs/fragments").iterdir() if path.suffix != ".yml"] == [".keep"]


@named
def test_an_entry_is_a_sentence(fragment: Path) -> None:
    every = [entry for section in entries(fragment).values() for entry in section]
    assert every
    assert [entry for entry in every if not entry.rstrip().endswith((".", "?"))] == []


@named
def test_code_stands_between_two_backticks(fragment: Path) -> None:
    every = [entry for section in entries(fragment).values() for entry in section]
    assert [entry for entry in every if changelog.unknown_markup(entry)] == []


@pytest.mark.parametrize(
    ("entry", "page"),
    [
        ("``check`` has ``--quiet``.", "`check` has `--quiet`."),
        ("See `docs/json.md <docs/json.md#from-1>`__.", "See [docs/json.md](docs/json.md#from-1)."),
        ("``a`` and `b <c.md>`__ and ``<d>``.", "`a` and [b](c.md) and `<d>`."),
        ("**More** and\nmore.", "**More** and more."),
    ],
)
def test_an_entry_becomes_markdown(entry: str, page: str) -> None:
    assert changelog.markdown(entry) == page
    assert not changelog.unknown_markup(entry)
    assert changelog.unknown_markup(page) == ("`" in page or "](" in page)


def test_what_is_not_released_is_shown(copy: Path) -> None:
    more = copy / "changelogs/fragments/zz.yml"
    more.write_text("bugfixes: [A full disk is named.]\nknown_issues: [None is known.]\n", encoding="utf-8")
    lines = changelog.unreleased(copy).splitlines()
    assert lines[0] == "## Unreleased"
    assert lines.index("- A full disk is named.") > lines.index("### Fixed")
    assert lines[-3:] == ["### Known issues", "", "- None is known."]


def test_the_newest_release_comes_first_with_what_is_new_in_the_collection(copy: Path) -> None:
    (copy / "changelogs/changelog.yaml").write_text(RELEASES, encoding="utf-8")
    lines = [line for line in changelog.page(copy).splitlines() if line.startswith(("##", "- ", "Works"))]
    assert lines == [
        "## 0.10.0 (2026-02-03)",
        "### New modules in the collection",
        "- `iot_https.fleet.box`: Keeps a box",
        "### New roles in the collection",
        "- `iot_https.fleet.fleet`: Keeps a fleet",
        "## 0.9.0 (2026-01-02)",
        "Works.",
        "### Changed",
        "- `a` is b.",
    ]
