"""Entries are put into YAML texts without a change to any other byte, or refused."""

from __future__ import annotations

import string
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.inventory_files.document import Document
from reconciler.inventory_files.nodes import NotEditable
from reconciler.inventory_files.values import Vaulted

VAULT = Vaulted("$ANSIBLE_VAULT;1.1;AES256\n3631\n6162\n")


def _put(text: str, *path: str, value: object = "v") -> str:
    document = Document(text)
    document.put(path, value)
    return document.text


TABLE = {
    "block": ("a: 1\n", ("k",), "v", "a: 1\nk: v\n"),
    "comments stay above what is new": (
        "a: 1  # one\n# more\n\n# end\n",
        ("k",),
        "v",
        "a: 1  # one\n# more\nk: v\n\n# end\n",
    ),
    "empty text": ("", ("k",), "v", "k: v\n"),
    "document start alone": ("---\n", ("k",), "v", "---\nk: v\n"),
    "comments alone": ("---\n# nothing yet\n", ("k",), "v", "---\n# nothing yet\nk: v\n"),
    "no line end at the end": ("a: 1", ("k",), "v", "a: 1\nk: v"),
    "line ends of another system": ("a: 1\r\nb:\r\n  c: 2\r\n", ("b", "k"), "v", "a: 1\r\nb:\r\n  c: 2\r\n  k: v\r\n"),
    "indentation of four": (
        "a:\n    b:\n        c: 1\n",
        ("a", "n", "k"),
        "v",
        "a:\n    b:\n        c: 1\n    n:\n        k: v\n",
    ),
    "key without a value": ("a:\n  b:\n  c: 1\n", ("a", "b", "k"), "v", "a:\n  b:\n    k: v\n  c: 1\n"),
    "key without a value, with a comment": ("a:  # why\n", ("a", "k"), "v", "a:  # why\n  k: v\n"),
    "braces": ("a: {b: 1, c: {d: 2}}  # why\n", ("a", "k"), "v", "a: {b: 1, c: {d: 2}, k: v}  # why\n"),
    "braces with a comma at the end": ("a: {b: 1,}\n", ("a", "k"), "v", "a: {b: 1, k: v,}\n"),
    "braces over several lines": ("a: {\n  b: 1,  # one\n}\n", ("a", "k"), "v", "a: {\n  b: 1, k: v,  # one\n}\n"),
    "empty braces": ("a: {}\n", ("a", "k", "l"), "v", "a: {k: {l: v}}\n"),
    "value with a comma between braces": ("a: {b: 1}\n", ("a", "k"), "v, w", "a: {b: 1, k: 'v, w'}\n"),
    "after a vaulted value": (
        "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3631\n\nb: 2\n",
        ("k",),
        "v",
        "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3631\n\nb: 2\nk: v\n",
    ),
    "after a vaulted value at the end": (
        "x:\n  a: !vault |\n    3631\n\n\ny: 1\n",
        ("x", "k"),
        "v",
        "x:\n  a: !vault |\n    3631\n  k: v\n\n\ny: 1\n",
    ),
    "after a text that keeps its blank lines": (
        "x:\n  a: |+\n    t\n\ny: 1\n",
        ("x", "k"),
        "v",
        "x:\n  a: |+\n    t\n\n  k: v\ny: 1\n",
    ),
    "after an alias": ("a: &one 1\nb: *one  # same\n", ("k",), "v", "a: &one 1\nb: *one  # same\nk: v\n"),
    "after a merge": ("a: &one {x: 1}\nb:\n  <<: *one\n", ("b", "k"), "v", "a: &one {x: 1}\nb:\n  <<: *one\n  k: v\n"),
    "after a list": ("a:\n- 1\n- b: 2\n  c: 3\n", ("k",), "v", "a:\n- 1\n- b: 2\n  c: 3\nk: v\n"),
    "after an unsafe text": ("a: !unsafe '{{ x }}'\n", ("k",), "v", "a: !unsafe '{{ x }}'\nk: v\n"),
    "after a text over several lines": ("a: 'one\n\n  two'\nb: 1\n", ("k",), "v", "a: 'one\n\n  two'\nb: 1\nk: v\n"),
    "letters of other scripts": ("é: ü # 你好 😀\nb: 1\n", ("k",), "v", "é: ü # 你好 😀\nb: 1\nk: v\n"),
    "before the end of the document": ("a: 1\n...\n", ("k",), "v", "a: 1\nk: v\n...\n"),
    "vaulted": (
        "a:\n  b: 1\n",
        ("a", "k"),
        VAULT,
        "a:\n  b: 1\n  k: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    3631\n    6162\n",
    ),
    "what YAML takes for something else": (
        "a: 1\n",
        ("k",),
        ["no", "1:30", "0o7", "1.5", "~", "x"],
        "a: 1\nk: ['no', '1:30', 0o7, '1.5', '~', x]\n",
    ),
    "numbers and flags": ("a: 1\n", ("k",), [], "a: 1\nk: []\n"),
}


@pytest.mark.parametrize(("before", "path", "value", "after"), TABLE.values(), ids=TABLE)
def test_entry_is_put_where_it_belongs(before: str, path: tuple[str, ...], value: object, after: str) -> None:
    assert _put(before, *path, value=value) == after


REFUSED = {
    "value that is there": ("k: 1\n", ("k",), "v"),
    "empty value that is there": ("k:\n", ("k",), "v"),
    "list in the way": ("a: [1]\n", ("a", "k"), "v"),
    "text in the way": ("a: x\n", ("a", "k"), "v"),
    "null in the way": ("a: null\n", ("a", "k"), "v"),
    "anchor that others share": ("a: &x {b: 1}\nc: *x\n", ("a", "k"), "v"),
    "alias": ("a: &x {b: 1}\nc: *x\n", ("c", "k"), "v"),
    "block between braces": ("a: {b: 1}\n", ("a", "k"), VAULT),
    "no mapping": ("- 1\n", ("k",), "v"),
    "no YAML": ("a: [\n", ("k",), "v"),
    "key twice": ("a: 1\na: 2\n", ("k",), "v"),
    "two documents": ("a: 1\n---\nb: 1\n", ("k",), "v"),
    "end of an empty document": ("---\n...\n", ("k",), "v"),
}


@pytest.mark.parametrize(("before", "path", "value"), REFUSED.values(), ids=REFUSED)
def test_entry_that_cannot_be_put_is_refused(before: str, path: tuple[str, ...], value: object) -> None:
    with pytest.raises(NotEditable):
        _put(before, *path, value=value)


def test_several_entries_stand_in_the_order_in_which_they_came() -> None:
    document = Document("all:\n  hosts:\n    one:\n")
    for path in (("all", "hosts", "one", "a"), ("all", "hosts", "two"), ("all", "hosts", "two", "b"), ("all", "c")):
        document.put(path, None if path[-1] == "two" else "v")

    assert document.text == "all:\n  hosts:\n    one:\n      a: v\n    two:\n      b: v\n  c: v\n"


def test_what_is_wanted_is_known_as_a_key() -> None:
    document = Document("a: {b: 1}\n")
    document.put(("a", "c"), "v")

    assert document.keys(("a",)) == ("b", "c")
    assert document.keys(("a", "b")) is None
    assert document.keys(("x",)) is None


def test_mapping_without_braces_takes_everything() -> None:
    document = Document("a:\n  b: {c: {}}\n  d:\n    e: 1\n  f:\n")

    assert [each for each in "abdf" if document.is_block(("a", each) if each != "a" else ("a",))] == ["a", "d"]
    assert not document.is_block(("a", "b", "c"))


_WORDS = st.text(string.ascii_letters + string.digits + " é:#-{}[]'\"!&*,.~", min_size=1, max_size=12)
_TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), _WORDS, st.text("ab\n ", max_size=9)),
    lambda inner: st.one_of(st.dictionaries(_WORDS, inner, max_size=4), st.lists(inner, max_size=3)),
    max_leaves=12,
)


@st.composite
def _texts(draw: st.DrawFn) -> tuple[dict[str, object], str]:
    """Draw a mapping, and a text of it as a person may have written it."""
    tree = draw(st.dictionaries(_WORDS, _TREES, max_size=4))
    text = yaml.safe_dump(
        tree,
        indent=draw(st.integers(2, 6)),
        default_flow_style=draw(st.sampled_from([True, False, None])),
        default_style=draw(st.sampled_from([None, '"', "'", "|"])),
        width=draw(st.sampled_from([10, 80])),
        allow_unicode=True,
        explicit_start=draw(st.booleans()),
        sort_keys=False,
        line_break=draw(st.sampled_from(["\n", "\r\n"])),
    )
    end = draw(st.sampled_from(["", "# end\n", "\n\n# end\n", "\n"]))
    return tree, text + (end if text.endswith("\n") else "")


@given(_texts(), st.data())
def test_every_other_line_keeps_its_bytes(drawn: tuple[dict[str, object], str], data: st.DataObject) -> None:
    tree, text = drawn
    path: list[str] = []
    while isinstance(here := _at(tree, path), dict) and here and data.draw(st.booleans()):
        path.append(data.draw(st.sampled_from(sorted(here))))
    try:
        document = Document(text)
        document.put((*path, "new_key"), data.draw(st.one_of(_WORDS, st.booleans(), st.integers(0, 99))))
        after = document.text
    except NotEditable:
        return
    assert _same(text, after) + _same(text[::-1], after[::-1]) >= len(text), "more than one place changed"
    before, result = yaml.safe_load(text), yaml.safe_load(after)
    _at(result, path).pop("new_key")
    if path and _at(before, path) is None:
        _at(before, path[:-1])[path[-1]] = {}
    assert result == before


def _same(one: str, two: str) -> int:
    """Return how many characters are the same from the beginning."""
    return next(
        (at for at, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), min(len(one), len(two))
    )


def _at(tree: Any, path: list[str]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


@given(_texts())
def test_edit_of_nothing_changes_no_byte(drawn: tuple[dict[str, object], str]) -> None:
    assert Document(drawn[1]).text == drawn[1]


@given(_texts())
def test_most_texts_can_be_edited_at_the_top(drawn: tuple[dict[str, object], str]) -> None:
    assert yaml.safe_load(_put(drawn[1], "new_key")) == {**yaml.safe_load(drawn[1]), "new_key": "v"}
