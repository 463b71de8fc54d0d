"""What an inventory says of a box, and what is wrong with it, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..inventory.linted import Flaw, Level, Linted
from ..inventory.problem import Position, short
from ..inventory.shown import ShownBox, ShownValue, ShownVariable


def shown(boxes: Sequence[ShownBox]) -> str:
    """Return the variables of boxes as JSON."""
    return _text({"boxes": [_box(each) for each in boxes]})


def linted(found: Linted, exit_status: int) -> str:
    """Return flaws as JSON."""
    return _text(
        {
            "sources": [short(each) for each in found.sources],
            "hosts": found.size,
            "errors": found.count(Level.ERROR),
            "warnings": found.count(Level.WARNING),
            "exit_status": exit_status,
            "problems": [_flaw(each) for each in found.flaws],
        }
    )


def _text(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=True, default=str)


def _box(box: ShownBox) -> dict[str, Any]:
    return {
        "name": box.name,
        "customer": box.customer,
        "store": box.store,
        "connection": box.connection,
        "address": box.address,
        "managed": box.is_managed,
        "groups": list(box.groups),
        "problems": list(box.problems),
        "variables": [_variable(each) for each in (*box.declared, *box.reached)],
        "not_set": list(box.not_set),
    }


def _variable(variable: ShownVariable) -> dict[str, Any]:
    overruled = [_value(each) for each in variable.overruled]
    return {"name": variable.name, **_value(variable.counts), "overrules": overruled}


def _value(value: ShownValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "secret": value.is_secret,
        "vault": value.is_encrypted,
        "from": {"kind": value.giver.kind, "name": value.giver.name or None, **_place(value.position)},
        "problem": value.problem,
    }


def _place(position: Position | None) -> dict[str, Any]:
    if position is None:
        return {"file": None, "line": None}
    return {"file": short(position.path), "line": position.line}


def _flaw(flaw: Flaw) -> dict[str, Any]:
    return {
        "level": flaw.level,
        "rule": flaw.rule,
        "text": flaw.problem.text,
        **_place(flaw.problem.position),
        "boxes": list(flaw.boxes),
    }
