"""Every promise of docs/guarantees.md names tests, and every test that it names is there."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "guarantees.md").read_text()
NOT_PROMISED = "## What is not promised"
GROUPS = (
    "Customers",
    "Enrolment",
    "Keys and certificates",
    "Boxes: crash, power, reboot",
    "Other accounts of a box",
    "Control machine",
    "Secrets",
    "Exit status and alarms",
    "Network",
    "Installation",
)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def promises() -> list[tuple[str, str]]:
    """Return each promise with what proves it."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("|")]
    return [(row[0], row[1]) for row in rows if row[0] not in ("promise", "---")]


@functools.cache
def names_in(path: Path) -> frozenset[str]:
    """Return the names of the tests in a file."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = (each.name for each in ast.parse(path.read_text()).body if isinstance(each, functions))
    return frozenset(name for name in found if name.startswith("test_"))


@pytest.mark.parametrize(("promise", "proof"), promises())
def test_each_promise_names_tests_that_are_there(promise: str, proof: str) -> None:
    named = _NAMED.findall(proof)
    assert named, f"nothing proves: {promise}"
    assert _NAMED.sub("", proof).strip(" ,") == "", "only names of tests may stand there, in backticks"
    for file, test in named:
        assert (ROOT / file).is_file(), f"{file} is gone"
        assert test in names_in(ROOT / file), f"{file} has no {test}"


def test_no_promise_is_made_twice() -> None:
    made = [promise for promise, _ in promises()]
    assert len(set(made)) == len(made)


def test_each_group_has_promises_and_the_page_says_what_is_not_promised() -> None:
    titles = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert titles == [*GROUPS, NOT_PROMISED.removeprefix("## ")]
    sections = re.split(r"^## .+$", PAGE, flags=re.MULTILINE)[1:]
    assert all(section.count("\n|") > 2 for section in sections[:-1])
    assert sections[-1].count("\n- ") > 2
