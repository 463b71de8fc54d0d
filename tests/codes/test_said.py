"""Every sentence that is said stands in the catalogue with these places, and none stands there that nobody says."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import TypeGuard

import pytest

from reconciler.codes import CATALOGUE, CodeName
from reconciler.codes.phrases.reasons import REASONS
from reconciler.codes.phrases.walked import WALKED
from reconciler.codes.repairs import REPAIRS
from reconciler.codes.writing.sentences import COMMON
from reconciler.model import wire
from reconciler.model.statement import say
from reconciler.results.finding import Finding, finding

PACKAGE = Path(__file__).parents[2] / "reconciler"
OWN = (WALKED, *(code.sentences for code in CATALOGUE.values()), *(entry.sentences for entry in REPAIRS.values()))
TABLES = (COMMON, *OWN)
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
    imports = (each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom))
    of_statements = (each for each in imports if each.module and each.module.endswith("model.statement"))
    return any(alias.name == "say" for each in of_statements for alias in each.names)


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
    "homepage/failure.py": "what the kernel says of a connection",
    "connections/homepage/presented.py": "what OpenSSL says of a handshake",
    "connections/ssh_ended.py": "a line that the server printed",
    "connections/login_table.py": "a line that the server printed",
    "connections/reply.py": "a line that the box printed",
    "role/unreachable.py": "a line that Ansible's connection printed",
    "role/printed.py": "a line that the box printed",
    "machine/reason.py": "what the kernel, OpenSSL or a network says in an error",
    "box/pair/reading.py": "the path of a file that is missing",
    "box/pair/trial.py": "what OpenSSL says of a handshake in memory",
    "box/services/nginx.py": "a complaint of nginx",
    "box/services/restart.py": "a line of systemd or of `service`",
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


ON_A_BOX = ("box", "machine")
"""Rooms that run on a box and may say something to a person by an error."""
FOR_NOBODY: Mapping[str, str] = {
    "the request is not JSON": "a defect of this program, told as one",
    "the request is not of version": "a defect of this program, told as one",
    "a key was read from a path that cannot exist": "a defect of this program, told as one",
    "is not an INI format": "a defect of this program, told as one",
    "no DER sequence": "answered by a reason of its own, see parse.py",
    "expands to too much": "answered by a sentence of the store, see ini_lines.py",
}
"""Errors that carry words of ours -> why these reach nobody who mends a box."""


def worded(tree: ast.Module) -> Iterator[str]:
    """Yield the words of ours in each error that a module makes; a name has no space in it."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith(ERRORS):
            yield from (words for each in call.args if " " in (words := _words(each)).strip())


ERRORS = ("Error", "Failure", "Problem", "Passed", "Held", "Refusal", "BadPair", "Unable", "Unfit", "TooFar")


def _words(node: ast.expr) -> str:
    """Return what stands in the source of a text, its values left out; a statement has none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_words, node.values))
    if isinstance(node, ast.BoolOp):
        return "".join(map(_words, node.values))
    if isinstance(node, ast.IfExp):
        return _words(node.body) + _words(node.orelse)
    return _words(node.left) + _words(node.right) if isinstance(node, ast.BinOp) else ""


def test_no_error_on_a_box_has_words_of_ours() -> None:
    """They are a name and values (`codes.reasons`), worded on the control machine."""
    found = [
        f"{path.relative_to(PACKAGE)}: {words}"
        for room in ON_A_BOX
        for path in (PACKAGE / room).rglob("*.py")
        for words in worded(ast.parse(path.read_text(encoding="utf-8")))
        if not any(known in words for known in FOR_NOBODY)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "raise OSError(0, f'nginx does not start: {why}')",
        "raise ValueError('it is not an address')",
        "error = TimeoutError(errno.ETIMEDOUT, 'did not ' + 'end')",
        "raise BadPair(problem, why or 'it cannot be read')",
        "return OSError(errno.EFBIG, f'Longer than {limit} bytes', path)",
    ],
)
def test_an_error_with_words_of_ours_is_found(source: str) -> None:
    assert list(worded(ast.parse(source)))


def test_a_reason_has_a_name_that_no_code_uses_otherwise() -> None:
    """A reason stands in the sentence of any code, and is looked up among the common ones."""
    assert [name for table in OWN for name in table if name in REASONS] == []


def test_a_reason_is_told_by_its_name_in_the_wire_and_by_its_words_in_a_report() -> None:
    why = say("at_path", path="/x", why=say("longer_than", limit=9))
    found = finding(CodeName.STORE_UNREADABLE, why)
    assert found.evidence == "/x: Longer than 9 bytes"
    assert wire.decode(Finding, json.loads(json.dumps(wire.encode(found)))) == found
