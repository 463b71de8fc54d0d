"""A YAML text as a tree that knows where each part stands, and digests by which two trees are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..yaml_file import first_duplicate
from .values import Vaulted

_TAG: Final = "tag:yaml.org,2002:"
_STR, _NULL, _MAP, _SEQ = (f"{_TAG}{each}" for each in ("str", "null", "map", "seq"))
_OF_TYPE: Final = {bool: f"{_TAG}bool", int: f"{_TAG}int", str: _STR}


class NotEditable(Exception):
    """A text cannot take an entry; says why, to go after the name of the file."""


def composed(text: str) -> Any:
    """Return the node at the top, `None` for a text without content.

    Raises:
        NotEditable: it is not YAML, or has a key twice.
    """
    import yaml

    try:
        top = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        twice = first_duplicate(top)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise NotEditable("is not YAML that can be edited") from None
    if twice is not None:
        raise NotEditable(f"has a key twice (line {twice.start_mark.line + 1}): keep one of them")
    return top


def is_mapping(node: Any) -> bool:
    """Tell a mapping."""
    return type(node).__name__ == "MappingNode"


def is_sequence(node: Any) -> bool:
    """Tell a list."""
    return type(node).__name__ == "SequenceNode"


def is_missing(node: Any) -> bool:
    """Tell a value that is not written at all, such as that of `box:`."""
    nothing = type(node).__name__ == "ScalarNode" and node.tag == _NULL
    return nothing and node.start_mark.index == node.end_mark.index


class Children:
    """Finds keys in mappings, each of which is looked through once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, dict[str, tuple[Any, Any]]]] = {}

    def of(self, node: Any, key: str) -> tuple[Any, Any] | None:
        """Return the nodes of a key and its value, `None` where there is no such key, or no mapping."""
        if not is_mapping(node):
            return None
        if id(node) not in self._known:
            found = {name.value: (name, value) for name, value in reversed(node.value) if name.tag == _STR}
            self._known[id(node)] = (node, found)  # with the node, whose identity is nobody else's meanwhile
        return self._known[id(node)][1].get(key)


def shared(top: Any) -> frozenset[int]:
    """Return the identities of nodes that several places have by an alias: an edit of one would edit all."""
    seen: set[int] = set()
    again: set[int] = set()
    waiting = [] if top is None else [top]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            again.add(id(node))
            continue
        seen.add(id(node))
        if is_mapping(node):
            waiting += [each for pair in node.value for each in pair]
        elif is_sequence(node):
            waiting += node.value
    return frozenset(again)


class Digests:
    """Digests of what nodes mean; equal ones for equal content, however it is written. Aliases cost nothing."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def of(self, node: Any, wanted: Mapping[str, Any] | None = None) -> str:
        """Return the digest of a node, with entries that are wanted in it beside its own."""
        if node is None or (wanted and is_missing(node)):
            return _of_entries(wanted or {}) if wanted else _digest("nothing")
        if wanted:
            return self._mapping(node, wanted)
        if id(node) not in self._known:
            self._known[id(node)] = _digest("", "open")  # a node that holds itself
            self._known[id(node)] = self._plain(node)
        return self._known[id(node)]

    def _plain(self, node: Any) -> str:
        if is_mapping(node):
            return self._mapping(node, {})
        if is_sequence(node):
            return _digest(node.tag, *(self.of(each) for each in node.value))
        return _digest(node.tag, node.value)

    def _mapping(self, node: Any, wanted: Mapping[str, Any]) -> str:
        left = dict(wanted)
        parts = []
        for key, value in node.value:
            inner = left.pop(key.value, None) if key.tag == _STR else None
            parts += [self.of(key), self.of(value, inner)]
        return _digest(node.tag, *parts, *_parts(left))


def _of_entries(entries: Mapping[str, Any]) -> str:
    return _digest(_MAP, *_parts(entries))


def _parts(entries: Mapping[str, Any]) -> Iterable[str]:
    for key, value in entries.items():
        yield _digest(_STR, key)
        yield _of_value(value)


def _of_value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _of_entries(value)
    if isinstance(value, Vaulted):
        return _digest("!vault", value.text)
    if isinstance(value, list):
        return _digest(_SEQ, *(_of_value(each) for each in value))
    if value is None:
        return _digest(_NULL, "")
    return _digest(_OF_TYPE[type(value)], str(value).lower() if isinstance(value, bool) else str(value))


def _digest(*parts: str) -> str:
    return hashlib.sha256("".join(f"{len(each)}:{each}" for each in parts).encode("utf-8", "surrogatepass")).hexdigest()
