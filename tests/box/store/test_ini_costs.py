"""An `odoo.conf` that was made to cost time or memory is judged like any other, in the time of any other."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from reconciler.box.store.ini import read
from reconciler.box.store.ini_edit import edit
from reconciler.box.store.values import StoreProblem
from reconciler.model.observed import StoreFormat
from reconciler.model.repair import StoreKey
from tests.box.store.words import lines, words

INTERPOLATED = StoreFormat.INI_INTERPOLATED
BOTH = pytest.mark.parametrize("store_format", [INTERPOLATED, StoreFormat.INI_RAW])
HEAD = "[options]\nserver_wide_modules = web\n[iot.box]\n"
AT_MOST = 1 << 18
"""Bytes that are read of the file."""
MOST_MEMORY = 16 << 20
"""Bytes."""


def laughing(leaf: str, depth: int) -> bytes:
    """Return a file whose token refers ten times to what refers ten times to the next, down to a leaf."""
    levels = "".join(f"x{level} = {f'%(x{level - 1})s' * 10}\n" for level in range(1, depth))
    return f"{HEAD}x0 = {leaf}\n{levels}token = %(x{depth - 1})s\n".encode()


@pytest.mark.parametrize("leaf", ["a" * 20, ""])
def test_references_that_multiply_are_not_expanded(leaf: str) -> None:
    began = time.process_time()
    tracemalloc.start()
    reading = read(laughing(leaf, 9), INTERPOLATED)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.values[StoreKey.TOKEN] is None
    assert [
        each for each in lines(reading.warnings) if "token refers with %(...)s to more than fits into memory" in each
    ]
    assert peak < MOST_MEMORY
    assert time.process_time() - began < 2


@pytest.mark.parametrize("piece", ["%(", "%%", "%%(", "%(a", "%(a)s", "%(a)", "%"])
def test_signs_of_references_cost_no_more_than_their_number(piece: str) -> None:
    content = f"{HEAD}token = {piece * ((AT_MOST - 100) // len(piece))}\n".encode()
    began = time.process_time()
    assert read(content, INTERPOLATED).values[StoreKey.TOKEN] is None
    assert time.process_time() - began < 2


@pytest.mark.parametrize("before", ["%%", "%%(x", "%%(x)s", "%(y)s"])
def test_what_stands_before_references_hides_none(before: str) -> None:
    content = laughing("a", 9).replace(b"token = ", f"y = b\ntoken = {before}".encode())
    assert read(content, INTERPOLATED).values[StoreKey.TOKEN] is None


def test_another_value_is_written_beside_them() -> None:
    edited = edit(laughing("a", 9), INTERPOLATED, {StoreKey.DB_NAME: "prod"})
    assert read(edited, INTERPOLATED).values[StoreKey.DB_NAME] == "prod"


def test_references_as_people_write_them_are_expanded() -> None:
    reading = read(f"{HEAD}x = tok\ny = %(x)s%(x)s\ntoken = %(y)s-%(X)s\n".encode(), INTERPOLATED)
    assert reading.values[StoreKey.TOKEN] == "toktok-tok"


@BOTH
@pytest.mark.parametrize("end", ["b", "b = c", "=c", ": d"])
def test_a_long_gap_is_a_problem_of_its_line(store_format: StoreFormat, end: str) -> None:
    content = f"{HEAD}a".encode()
    content += b" " * (AT_MOST - len(content) - len(end)) + end.encode()
    began = time.process_time()
    reading = read(content, store_format)
    assert words(*reading.malformed) == "line 4: it has more than 256 blanks in a row; remove them"
    with pytest.raises(StoreProblem):
        edit(content, store_format, {StoreKey.DB_NAME: "prod"})
    assert time.process_time() - began < 2


@BOTH
def test_gaps_below_the_bound_cost_no_more_than_their_file(store_format: StoreFormat) -> None:
    lines = "".join(f"k{number}{' ' * 255}= v\n" for number in range((AT_MOST - 100) // 265))
    began = time.process_time()
    assert read((HEAD + lines).encode(), store_format).malformed == ()
    assert time.process_time() - began < 10
