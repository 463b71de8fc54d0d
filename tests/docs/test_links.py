"""No link of a page is dead, and every page is found by whoever begins with the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from .pages import ROOT, Page, pages

PAGES = {page.path: page for page in pages()}
INDEX = PAGES[ROOT / "docs/README.md"]
FOUND_BY_THE_HOST = {".github/PULL_REQUEST_TEMPLATE.md"}
"""What a code host shows where it is needed, and nobody looks for."""
LISTS = ("codes", "decisions")
"""Folders of docs with an index of their own."""

named = pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.name)


@named
def test_no_link_is_dead(page: Page) -> None:
    dead = []
    for link in page.links:
        path, anchor = page.target(link)
        if not path.exists() or (anchor and anchor not in PAGES[path].anchors):
            dead.append(link)
    assert dead == []


def reached(first: Path) -> set[Path]:
    """Return every page to which links lead from one, over others too; a folder stands for its README."""
    left, seen = [first], {first}
    while left:
        page = PAGES[left.pop()]
        for link in page.links:
            path, _ = page.target(link)
            path = path / "README.md" if path.is_dir() else path
            if path in PAGES and path not in seen:
                seen.add(path)
                left.append(path)
    return seen


def test_every_page_is_reached_from_the_readme() -> None:
    found = {PAGES[path].name for path in reached(ROOT / "README.md")}
    assert {page.name for page in PAGES.values()} - found == FOUND_BY_THE_HOST


def test_every_file_of_docs_is_linked() -> None:
    linked = {page.target(link)[0] for page in PAGES.values() for link in page.links}
    files = {path for path in (ROOT / "docs").rglob("*") if path.is_file()}
    assert files - linked == set()


def test_the_index_lists_every_page_of_docs_once() -> None:
    listed = [INDEX.target(link)[0] for link in INDEX.links]
    docs = [path for path in PAGES if path.is_relative_to(ROOT / "docs") and path.parent.name not in LISTS]
    docs += [ROOT / "docs" / folder / "README.md" for folder in LISTS]
    assert [path.name for path in docs if path != INDEX.path and listed.count(path) != 1] == []


def test_pages_are_found_at_all() -> None:
    assert len(PAGES) > 100
    assert {"README.md", "SECURITY.md", "CONTRIBUTING.md", "roles/iot_https/README.md"} <= {
        page.name for page in PAGES.values()
    }
