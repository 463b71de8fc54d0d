"""Two checkouts are compared by what they report, after the documented changes and without what varies anyway."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.loaded import load

TOOL = load(Path(__file__).parents[2] / "tools/compare_reports.py")
CHANGES = {
    "from": 1,
    "to": 2,
    "values": [{"what": "kind", "paths": ["boxes[].plan[].kind"], "values": {"restart Odoo": "restart_odoo"}}],
    "removed": ["boxes[].details"],
    "added": ["boxes[].url"],
}
OLD: dict[str, Any] = {
    "schema_version": 1,
    "seconds": 1.5,
    "boxes": [
        {
            "plan": [{"kind": "restart Odoo"}],
            "served": "ab" * 32,
            "live": "ab" * 32,
            "mirror": "cd" * 32,
            "details": 1,
        }
    ],
}
NEW: dict[str, Any] = {
    "schema_version": 2,
    "seconds": 2.5,
    "boxes": [
        {"plan": [{"kind": "restart_odoo"}], "served": "12" * 32, "live": "12" * 32, "mirror": "34" * 32, "url": None}
    ],
}


def compared(new: dict[str, Any]) -> list[str]:
    found: list[str] = TOOL.compared_json(json.dumps(OLD), json.dumps(new), CHANGES)
    return found


def test_documented_changes_and_what_varies_are_no_differences() -> None:
    assert compared(NEW) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"surprise": 1}, 'boxes[].surprise: "(absent)" -> 1'),
        ({"plan": [{"kind": "load_nginx"}]}, 'boxes[].plan[].kind: "restart_odoo" -> "load_nginx"'),
        ({"plan": []}, 'boxes[].plan: [{"kind": "restart_odoo"}] -> []'),
        ({"live": "34" * 32}, 'boxes[].live: "#1" -> "#2"'),
    ],
)
def test_anything_else_is_told(change: dict[str, Any], told: str) -> None:
    (box,) = NEW["boxes"]
    assert told in compared({**NEW, "boxes": [{**box, **change}]})


def test_keys_that_were_added_are_compared_between_two_of_the_same_version() -> None:
    (box,) = NEW["boxes"]
    other = {**NEW, "boxes": [{**box, "url": "https://a"}]}
    assert TOOL.compared_json(json.dumps(NEW), json.dumps(NEW), CHANGES) == []
    assert TOOL.compared_json(json.dumps(NEW), json.dumps(other), CHANGES) == ['boxes[].url: null -> "https://a"']


def test_texts_are_compared_line_by_line() -> None:
    before, after = f"a {'ab' * 32}\nb\n3 boxes in 1.5 s: x\n", f"a {'cd' * 32}\nc\n3 boxes in 22 s: x\n"
    assert TOOL.compared_texts(before, after) == ["-b", "+c"]
