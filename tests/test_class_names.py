"""A class of the tool has a name of its own: who reads it in one room must not take it for another's."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "reconciler"


def named(source: str) -> Iterator[str]:
    """Yield the classes of a module, and the types that it gives a name: `Ask = Callable[[str], None]`."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name) and is_class_name(each.id))


def is_class_name(name: str) -> bool:
    return name[:1].isupper() and not name.isupper()


def test_no_two_classes_have_one_name() -> None:
    places = defaultdict(list)
    for path in sorted(ROOT.rglob("*.py")):
        for name in named(path.read_text(encoding="utf-8")):
            if not name.startswith("_"):
                places[name].append(str(path.relative_to(ROOT)))
    assert len(places) > 300
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_classes_and_named_types_are_found() -> None:
    source = (
        "class Box: ...\nAsk = Callable[[str], None]\nOr = Ask | None\nLIMIT = 1 << 4\nBox.kind = Ask\n_T = Box[int]\n"
    )
    assert list(named(source)) == ["Box", "Ask", "Or"]
