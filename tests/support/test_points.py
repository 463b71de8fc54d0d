"""A failure at one of many points names the points, and only them."""

from __future__ import annotations

import pytest

from .points import NAMED, at_each


def is_even(number: int) -> None:
    assert number % 2 == 0, f"{number} is odd\nand more about that"


def test_all_points_are_examined_and_counted() -> None:
    assert at_each([2, 4, 6], is_even) == 3


def test_each_point_that_failed_is_named_with_the_first_line_of_its_reason() -> None:
    with pytest.raises(AssertionError) as caught:
        at_each([2, 3, 4, 5], is_even)
    assert str(caught.value).splitlines() == ["2 of 4: 3: AssertionError: 3 is odd", "  5: AssertionError: 5 is odd"]
    assert "and more about that" in str(caught.value.__cause__)


def test_a_list_of_failures_has_an_end() -> None:
    with pytest.raises(AssertionError, match=r"^100 of 100: ") as caught:
        at_each(range(1, 200, 2), is_even)
    lines = str(caught.value).splitlines()
    assert (len(lines), lines[-1]) == (NAMED + 1, "  ...")


def test_without_points_nothing_was_shown() -> None:
    with pytest.raises(AssertionError, match="no point to examine"):
        at_each([], is_even)


def test_the_name_of_a_point_is_that_of_before_it_was_examined() -> None:
    def spoil(point: list[str]) -> None:
        point.append("spoilt")
        raise OSError(28, "No space left on device")

    with pytest.raises(AssertionError, match=r"^1 of 1: \['whole'\]: OSError: "):
        at_each([["whole"]], spoil)
