"""The tests of the box program, in the interpreters and with the `cryptography` that boxes have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import box_tests

EXPECTED = {"rw_ini": ("3.11", "38."), "ro_ini": ("3.11", "36.0.2"), "rw_newest": ("3.13", "43.")}
KINDS = box_tests.KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_box_tests_pass_in_the_interpreter_of_a_box(kind: str, record_property: Callable[[str, object], None]) -> None:
    outcome = box_tests.run(kind)
    assert outcome.good, outcome.output
    python, cryptography = EXPECTED[kind]
    assert outcome.python.startswith(python)
    assert outcome.cryptography.startswith(cryptography)
    record_property("real interpreter", str(outcome))


def test_run_without_tests_is_not_good() -> None:
    outcome = box_tests.run("rw_ini", folders=["tests/recorded"])
    assert not outcome.good
    assert outcome.passed == 0
