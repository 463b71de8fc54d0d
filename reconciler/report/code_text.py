"""Codes and repairs for a person at a terminal, and for a program: what the pages of the documentation say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ..codes import CATALOGUE, Code
from ..codes.repairs import REPAIRS
from ..model.repair import RepairKind
from ..model.severity import FindingClass
from ..model.step_name import StepName
from . import code_page
from .code_page import Section
from .page import wrapped

_INDENT: Final = "  "
_FACT: Final = 22
_SEVERITY: Final = 9
_WHO_MOVED: Final = {
    FindingClass.DRIFTED: "the box changed",
    FindingClass.PENDING: "what is declared was edited",
    FindingClass.RENEWAL_DUE: "time passed",
    FindingClass.BLOCKED: "only a person can fix it",
    FindingClass.UNKNOWN: "it could not be observed",
}
_BESIDE: Final = 100
"""Columns from which on a title stands beside its code, and not below it."""


def page(code: Code, width: int) -> str:
    """Return all that is known of a code, as its page of the documentation has it."""
    lines = [*_wrapped(f"{code.title}.", width, f"{code.name}: ", _INDENT), ""]
    for name, text in _facts(code):
        lines += _wrapped(text, width, f"{_INDENT}{name:<{_FACT}}", _INDENT + " " * _FACT)
    for part in code_page.parts(code):
        lines += ["", *_part(part, width, "")]
    return "\n".join(lines)


def repair_page(kind: RepairKind, width: int) -> str:
    """Return what is known of a repair."""
    entry = REPAIRS[kind]
    facts = {
        "what it does": entry.does,
        "restarts Odoo": _yes(it_does=entry.restarts_odoo),
        "holds Odoo": f"{_yes(it_does=entry.holds_odoo)} (still, for a moment, while files are exchanged)",
        "needs space on disk": _yes(it_does=entry.needs_space),
        "tills notice": entry.tills,
        "page": "docs/repairs.md",
    }
    lines = [f"{kind.value}: a repair that reconcile makes.", ""]
    for name, text in facts.items():
        lines += _wrapped(text, width, f"{_INDENT}{name:<{_FACT}}", _INDENT + " " * _FACT)
    return "\n".join(lines)


def index(width: int) -> str:
    """Return every code with its severity and title, by the step of a diagnosis that it breaks; then the repairs."""
    longest = max(map(len, (*CATALOGUE, *RepairKind))) + 2
    lines = []
    for step in StepName:
        lines.append(f"{step.value}:")
        for code in CATALOGUE.values():
            if code.step is step:
                lines += _listed(code.severity.value, code.name, code.title, longest, width)
    lines.append("repairs:")
    for kind in RepairKind:
        lines += _listed("", kind.value, REPAIRS[kind].does, longest, width)
    return "\n".join(lines)


def as_json(codes: Sequence[Code], repairs: Sequence[RepairKind]) -> str:
    """Return the same for a program."""
    data = {"codes": list(map(_code_data, codes)), "repairs": list(map(_repair_data, repairs))}
    return json.dumps(data, indent=2, ensure_ascii=False)


def _facts(code: Code) -> Iterator[tuple[str, str]]:
    old, new = code_page.vendor_pages(code).values()
    yield "severity", code.severity.value
    yield "class", f"{code.finding_class.value} ({_WHO_MOVED[code.finding_class]}), unless the report knows better"
    yield "step of diagnose", code.step.value
    yield "code", code_page.whose(code)
    yield "page", f"docs/codes/{code.name}.md"
    yield "Odoo, up to 18.0", old
    yield "Odoo, 19.0 and later", new


def _part(part: Section, width: int, indent: str) -> Iterator[str]:
    yield from _wrapped(part.title, width, indent, indent)
    inner = indent + _INDENT
    for text in part.texts:
        yield from _wrapped(text, width, inner, inner)
    for where, line in part.recipes:
        yield from _wrapped(f"{where}:", width, inner, inner)
        yield f"{inner}{_INDENT}{line}"
    if part.rows:
        head, *rows = part.rows
        for row in rows:
            yield from _wrapped(row[0], width, inner, inner)
            for name, cell in zip(head[1:], row[1:], strict=True):
                yield from _wrapped(f"{name}: {cell}", width, inner + _INDENT, inner + 2 * _INDENT)
    for each in part.parts:
        yield from _part(each, width, inner)


def _listed(severity: str, name: str, title: str, longest: int, width: int) -> list[str]:
    head = f"{_INDENT}{severity:<{_SEVERITY}}{name}" if severity else f"{_INDENT}{name}"
    column = len(_INDENT) + (_SEVERITY if severity else 0) + longest
    if width >= _BESIDE:
        return _wrapped(title, width, f"{head:<{column}}", " " * column)
    return [head, *_wrapped(title, width, 3 * _INDENT + " " * _SEVERITY, 3 * _INDENT + " " * _SEVERITY)]


def _wrapped(text: str, width: int, first: str, following: str) -> list[str]:
    return wrapped(first + text, width, following, ours=True)


def _code_data(code: Code) -> dict[str, Any]:
    return {
        "code": code.name.value,
        "title": code.title,
        "severity": code.severity.value,
        "class": code.finding_class.value,
        "step": code.step.value,
        "repairable": code.repairable,
        "documentation": code_page.vendor_pages(code),
        "parts": list(map(_part_data, code_page.parts(code))),
    }


def _part_data(part: Section) -> dict[str, Any]:
    return {
        "title": part.title,
        "texts": list(part.texts),
        "recipes": [{"where": where, "line": line} for where, line in part.recipes],
        "rows": [list(row) for row in part.rows],
        "parts": list(map(_part_data, part.parts)),
    }


def _repair_data(kind: RepairKind) -> dict[str, Any]:
    entry = REPAIRS[kind]
    return {
        "kind": kind.value,
        "does": entry.does,
        "restarts_odoo": entry.restarts_odoo,
        "holds_odoo": entry.holds_odoo,
        "needs_space": entry.needs_space,
        "tills_notice": entry.tills,
    }


def _yes(*, it_does: bool) -> str:
    return "yes" if it_does else "no"
