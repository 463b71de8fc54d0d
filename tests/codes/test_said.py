"""Every sentence that is said stands in the catalogue with these places, and none stands there that nobody says."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import TypeGuard

from reconciler.codes import CATALOGUE, CodeName
from reconciler.codes.sentences import COMMON
from reconciler.codes.walked import WALKED

PACKAGE = Path(__file__).parents[2] / "reconciler"
TABLES = (COMMON, WALKED, *(code.sentences for code in CATALOGUE.values()))
SENTENCES = {(name, text) for table in TABLES for name, text in table.items()}
NAMES = {name for name, _ in SENTENCES}
CODES = CodeName.__members__


def places(text: str) -> frozenset[str]:
    """Return the names of a sentence's places."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def modules() -> Iterator[ast.Module]:
    """Yield what may say something: all but the catalogue."""
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] != "codes":
            yield ast.parse(path.read_text(encoding="utf-8"))


def said() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each name that a call of `say` may give, and the values beside it, where all stand in the source."""
    for tree in modules():
        for call in ast.walk(tree):
            if _is_call_of(call, "say") and _says(tree):
                values = [each.arg for each in call.keywords]
                if None not in values:
                    yield from ((name, frozenset(filter(None, values))) for name in _names(call.args[0]))


def of_codes() -> Iterator[tuple[CodeName, str]]:
    """Yield each code and what is said of it, where both stand in one call of `finding`."""
    for tree in modules():
        for call in ast.walk(tree):
            if _is_call_of(call, "finding") and isinstance(code := call.args[0], ast.Attribute) and code.attr in CODES:
                statements = (each for each in call.args[1:] if _is_call_of(each, "say"))
                yield from ((CODES[code.attr], name) for each in statements for name in _names(each.args[0]))


def _is_call_of(node: ast.AST, name: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _says(tree: ast.Module) -> bool:
    """Tell whether a module's `say` is that of statements: the command has another one."""
    imports = (each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) and each.module)
    return any(each.module.endswith("model.statement") for each in imports if each.module)


def _names(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be, the test of a condition left out."""
    if isinstance(node, ast.IfExp):
        yield from (*_names(node.body), *_names(node.orelse))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_what_is_said_stands_in_the_catalogue_with_a_value_for_each_place() -> None:
    heard = set(said())
    assert heard
    fits = {
        (name, values) for name, values in heard for own, text in SENTENCES if name == own and places(text) <= values
    }
    assert heard - fits == set()


def test_what_is_said_of_a_code_is_one_of_its_sentences() -> None:
    heard = set(of_codes())
    assert heard
    assert [(code, name) for code, name in heard if name not in {**CATALOGUE[code].sentences, **COMMON}] == []


def test_what_stands_in_the_catalogue_is_said_somewhere() -> None:
    texts = {node.value for tree in modules() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {name for name in NAMES if name not in texts} <= {"told"}


QUOTES: Mapping[str, str] = {
    "probe/judge.py": "what OpenSSL or the kernel says of a handshake from outside",
    "probe/hello.py": "what the kernel says of a connection",
    "checks/services.py": "what OpenSSL or the kernel says of a handshake on the box",
    "checks/store.py": "what the kernel says of a file",
    "connections/ssh_ended.py": "a line that the server printed",
    "connections/login_table.py": "a line that the server printed",
    "connections/reply.py": "a line that the box printed",
    "role/unreachable.py": "a line that Ansible's connection printed",
    "role/printed.py": "a line that the box printed",
    "box/look/observe.py": "what the kernel says of a part",
    "box/services/nginx.py": "a complaint of nginx",
    "box/services/restart.py": "a line of systemd or of `service`",
    "box/repair/install.py": "what the kernel or systemd says where a pair is put in place",
    "box/run.py": "what ended a repair: the kernel, or an error that has a text and no statement",
}
"""Who quotes whom. A text of ours is no quotation: it is a sentence of the catalogue (`say`)."""


def quoting() -> Iterator[str]:
    """Yield each module that says something in words that are not ours."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = (each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom))
        from_there = (each for each in imports if (each.module or "").endswith("model.statement"))
        if any(name.name == "told" for each in from_there for name in each.names):
            yield str(path.relative_to(PACKAGE))


def test_only_what_others_say_is_quoted() -> None:
    assert set(quoting()) == set(QUOTES)


def test_no_text_of_ours_is_quoted() -> None:
    """A constant or an f-string in the call would be one."""
    ours = [
        ast.unparse(call)
        for tree in modules()
        for call in ast.walk(tree)
        if _is_call_of(call, "told") and call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert ours == []
