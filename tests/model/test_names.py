"""Names are data: what would be acted on is refused, or written as something else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.names import box_problem, file_name, label_problem, shown

GOOD = ["till-1", "hanoi_till.1", "10.0.0.9", "2001:db8::1", "till%2", "café-1", "a@b", "x" * 200]


@pytest.mark.parametrize("name", GOOD)
def test_a_box_may_be_called(name: str) -> None:
    assert box_problem(name) is None


BAD = [
    ("", "no name"),
    ("a b", "a space"),
    ("a/b", "contains /"),
    ("../outside/x", "begins with ."),
    ("/etc/x", "contains /"),
    ("-oProxyCommand=x", "begins with -"),
    ("a;b", "contains ;"),
    ("$(id)", r"contains $"),
    ("a`b", "contains `"),
    ("a'b", "contains '"),
    ('a"b', 'contains "'),
    ("a|b", "contains |"),
    ("{{ x }}", "contains {"),
    ("a*", "contains *"),
    ("!a", "contains !"),
    ("a\nb", "control character"),
    ("a\x1b[31m", "control character"),
    ("a\u202eb", "direction of writing"),
    ("a\u200bb", "direction of writing"),
    ("x" * 201, "201 characters"),
    ("[a](http://b)", "contains ["),
    ("a,b", "contains ,"),
]


@pytest.mark.parametrize(("name", "said"), BAD)
def test_no_box_may_be_called(name: str, said: str) -> None:
    problem = box_problem(name)
    assert problem is not None
    assert said in problem
    assert problem.isprintable()


@pytest.mark.parametrize("text", ["Lotus Bakery", "Café & Söhne", "O'Neill (North)", "shop-1", "a.b"])
def test_a_customer_may_be_called(text: str) -> None:
    assert label_problem(text) is None


@pytest.mark.parametrize(
    "text", ["../x", "-x", "a/b", "a|b", "`x`", "$x", "[x](y)", "{{ x }}", "a;b", "<b>", "*", "x" * 101, "a#b"]
)
def test_no_customer_may_be_called(text: str) -> None:
    assert label_problem(text)


@settings(database=None)
@given(st.text(max_size=300))
def test_every_name_is_shown_as_one_printable_word(name: str) -> None:
    assert shown(name).isprintable()
    assert len(shown(name)) < 70


@settings(database=None)
@given(st.text(max_size=300))
def test_every_name_has_a_file_name_of_one_component(name: str) -> None:
    made = file_name(name)
    assert made.isascii()
    assert "/" not in made
    assert 0 < len(made) <= 120
    assert made[0] != "."


NEAR = st.text(st.sampled_from("a.%/2ef\u00e9"), max_size=6)
LONG = st.text(st.sampled_from("a%"), min_size=118, max_size=125)


@settings(database=None)
@given(NEAR | LONG, NEAR | LONG)
def test_two_names_never_have_one_file_name(one: str, other: str) -> None:
    assert (file_name(one) == file_name(other)) is (one == other)


@pytest.mark.parametrize("name", ["till-1", "10.0.0.9", "x" * 120])
def test_a_plain_name_is_its_file_name(name: str) -> None:
    assert file_name(name) == name
