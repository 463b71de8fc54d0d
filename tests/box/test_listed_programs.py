"""The page about privileges lists every program that is started on a box, with its arguments, and no other."""

from __future__ import annotations

import ast
import itertools
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from reconciler.machine.posix.surroundings import PATH

ROOT = Path(__file__).parents[2]
ON_A_BOX = [each for room in ("box", "machine", "net") for each in sorted((ROOT / "reconciler" / room).rglob("*.py"))]
PAGE = (ROOT / "docs/privileges.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<program>[\w-]+)` \| (?P<arguments>.*?) \|", re.MULTILINE)
Words = tuple[str, ...]


def listed() -> list[Words]:
    """Return the command lines of the page."""
    table = PAGE.partition("| program | arguments |")[2].partition("\n\n")[0]
    rows = [(found["program"], re.findall("`([^`]+)`", found["arguments"])) for found in ROW.finditer(table)]
    return [(program, *shlex.split(arguments)) for program, each in rows for arguments in each]


def started() -> list[Words]:
    """Return the command lines in the source of what runs on a box; `*` is what is known only there."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in ON_A_BOX]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return sorted(set(itertools.chain.from_iterable(map(_started_by, functions))))


def _started_by(function: ast.FunctionDef) -> Iterator[Words]:
    assigned = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "run":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Tuple):
                yield tuple(_words(first, assigned))


def _words(command: ast.Tuple, assigned: dict[str, ast.Tuple]) -> Iterator[str]:
    for each in command.elts:
        match each:
            case ast.Constant(value=str(word)):
                yield word
            case ast.JoinedStr(values=parts):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
            case ast.Starred(value=ast.Name(id=name)):
                yield from _words(assigned[name], assigned)
            case _:
                yield "*"


def agree(listed: Words, started: Words) -> bool:
    return len(listed) == len(started) and all(map(fnmatchcase, listed, started))


def test_every_program_that_is_started_is_listed() -> None:
    rows, found = listed(), started()
    assert len(found) > 10
    assert not [each for each in found if not any(agree(row, each) for row in rows)]


def test_every_program_that_is_listed_is_started() -> None:
    rows, found = listed(), started()
    assert len(rows) > 10
    assert not [row for row in rows if not any(agree(row, each) for each in found)]


def test_the_page_names_the_folders_in_which_programs_are_looked_for() -> None:
    assert f"PATH={PATH}" in PAGE


def test_programs_are_started_in_one_place_only() -> None:
    """What is not in the list could be started only by other means than these."""
    other = re.compile(r"\b(?:subprocess\.(?!DEVNULL|PIPE|TimeoutExpired|Popen\[)|os\.(?:system|popen|exec|spawn))")
    users = [path for path in ON_A_BOX if other.search(path.read_text())]
    assert users == [ROOT / "reconciler/machine/posix/process.py"]
