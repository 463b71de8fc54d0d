"""What a page names of the project's own files is there: `folder/file`, and `folder/file.py::name` within it."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .pages import ROOT, Page, pages

OURS = sorted(path.name for path in ROOT.iterdir() if not path.name.startswith(".venv") and path.name != ".git")
GITHUB = ".github"
HISTORY = {"CHANGELOG.md"}
"""Pages about what was."""
WHILE_IT_RUNS = ("fuzz/findings", ".venv", "inventories/prod")
"""What is there on a reader's machine only."""
_PLACEHOLDER = re.compile(r"<\w+>|\*+")
_PATH = re.compile(r"[\w.*<>/-]+(::\w+)?")


def named(page: Page) -> Iterator[str]:
    """Yield what a page names of the project's own files."""
    for span in page.spans:
        first = span.partition("/")[0].partition("::")[0]
        if _PATH.fullmatch(span) and (first in OURS or first == GITHUB) and ("/" in span or "." in span):
            yield span


@functools.cache
def names_in(path: Path) -> frozenset[str]:
    """Return the names that a module makes: functions, classes, constants."""
    found: set[str] = set()
    for each in ast.parse(path.read_text(encoding="utf-8")).body:
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets):
                found.update(target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return frozenset(found)


def is_there(span: str) -> bool:
    """Say whether a file or folder, or a name within it, exists; `<box>` and `*` stand for anything."""
    file, _, name = span.partition("::")
    pattern = _PLACEHOLDER.sub(lambda match: match[0] if "*" in match[0] else "*", file.rstrip("/"))
    paths = list(ROOT.glob(pattern))
    return bool(paths) and (not name or any(name in names_in(path) for path in paths))


@pytest.mark.parametrize("page", [page for page in pages() if page.name not in HISTORY], ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Page) -> None:
    assert [span for span in named(page) if not span.startswith(WHILE_IT_RUNS) and not is_there(span)] == []


FOUND = ("tests/docs/test_paths.py::is_there", "tests/docs/test_paths.py::OURS", "docs/codes/<code>.md", "docs/")
GONE = ("tests/docs/test_paths.py::gone", "tests/docs/gone.py", "docs/gone/<code>.md", "doc/")


def test_what_is_gone_is_noticed() -> None:
    assert [span for span in (*FOUND, *GONE) if is_there(span)] == list(FOUND)
