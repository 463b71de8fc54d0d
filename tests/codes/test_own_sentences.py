"""Nothing parses our own sentences: what a program has to know of a finding or a repair is a name or a value of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "reconciler"
WORDS = ("report", "codes")
"""Where sentences are made and laid out."""
TEXTS = frozenset({"evidence", "remedy", "detail", "title", "cause", "software", "in_full", "advice", "whose"})
"""Attributes of findings and repairs, and of codes, that hold sentences."""
_OF_TEXT = ("startswith", "endswith", "split", "rsplit", "splitlines", "partition", "rpartition", "find", "rfind")
_OF_TEXT_TOO = ("index", "rindex", "count", "removeprefix", "removesuffix", "replace")
_OF_PATTERNS = ("match", "search", "fullmatch", "findall", "finditer", "sub")
SEARCHES = frozenset({*_OF_TEXT, *_OF_TEXT_TOO, *_OF_PATTERNS})
"""Methods of texts and of patterns that look into one."""

ALLOWED: dict[tuple[str, str], str] = {
    ("checks/clients.py", "each.whose in _LIKELY"): "whose a DNS server is: an enumeration",
}
"""Module and source -> why a sentence may be looked into there, or is none."""


def reads(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the source of each comparison or search of a sentence."""
    for function in [tree, *(each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))]:
        held = set(_held(function))
        for node in ast.walk(function):
            if any(_is_text(each, held) for each in _looked_into(node)):
                yield node.lineno, ast.unparse(node)  # type: ignore[attr-defined]


def _held(function: ast.AST) -> Iterator[str]:
    """Yield names of variables that hold a sentence."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.NamedExpr) and _is_text(node.value, set()):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def _looked_into(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a node compares or searches."""
    compares = ast.Eq | ast.NotEq | ast.In | ast.NotIn
    if isinstance(node, ast.Compare) and any(isinstance(each, compares) for each in node.ops):
        yield from (node.left, *node.comparators)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SEARCHES:
        yield from (node.func.value, *node.args)


def _is_text(node: ast.expr, held: set[str]) -> bool:
    match node:
        case ast.Attribute():
            return node.attr in TEXTS
        case ast.Subscript(slice=ast.Constant()):
            return isinstance(node.slice, ast.Constant) and node.slice.value in TEXTS
        case ast.NamedExpr():
            return _is_text(node.value, held)
        case ast.Name():
            return node.id in held
        case ast.BoolOp():
            return any(_is_text(each, held) for each in node.values)
        case ast.JoinedStr():
            return any(isinstance(each, ast.FormattedValue) and _is_text(each.value, held) for each in node.values)
        case ast.Call(func=ast.Attribute()):  # a text of a text, such as `evidence.lower()`
            return isinstance(node.func, ast.Attribute) and _is_text(node.func.value, held)
    return False


def found() -> set[tuple[str, str]]:
    """Return module and source of all comparisons and searches of sentences where none should be."""
    modules = (path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in WORDS)
    return {
        (str(path.relative_to(PACKAGE)), source)
        for path in modules
        for _, source in reads(ast.parse(path.read_text(encoding="utf-8")))
    }


def test_no_module_compares_or_searches_what_is_said_of_a_finding_or_a_repair() -> None:
    assert found() - ALLOWED.keys() == set()


def test_what_is_allowed_is_there() -> None:
    assert ALLOWED.keys() - found() == set()


@pytest.mark.parametrize(
    "source",
    [
        "found.evidence.startswith('with ')",
        "found.evidence.lower().split()[0]",
        "'refused' in found.evidence",
        "repair.detail == 'subject'",
        "f'{found.evidence} (old)' != seen",
        "re.search(pattern, found.remedy)",
        "_STATUS.search(found.evidence)",
        "text = found.evidence or ''; text.partition(':')",
        "told['evidence'] == 'x'",
        "def f(found):\n    if (text := found.in_full).endswith('.'):\n        return text",
    ],
)
def test_a_reader_of_sentences_is_found(source: str) -> None:
    assert list(reads(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "found.cause is None",
        "print(found.evidence)",
        "found.evidence[:600]",
        "found.value('part') == Part.CLOCK",
        "found.code in found.because",
    ],
)
def test_who_passes_a_sentence_on_is_no_reader_of_it(source: str) -> None:
    assert not list(reads(ast.parse(source)))
