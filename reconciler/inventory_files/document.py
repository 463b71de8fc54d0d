"""One YAML text into which entries are put; every line that nobody means to change keeps its bytes.

Nothing is written anew from a tree: a library that keeps comments, order and quotes still sets indentation, folds and
line ends in its own way, and who reads the diff has to look through that. The text is parsed to find where an entry
goes, the entry is put between two characters, and the result is parsed again: it must mean what the old text meant and
the entry, nothing else. What cannot be edited so is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .nodes import Children, Digests, NotEditable, composed, is_mapping, is_missing, is_sequence, shared
from .rendering import NewEntries, block, flow
from .values import Vaulted

_STEP: Final = 2
_KEPT: Final = re.compile(r"[|>][0-9]?\+")
"""The head of a block scalar to which the blank lines below it belong."""
_COMMENT: Final = re.compile(r"( *)#.*")


class Document:
    """A text, and what is to be put into it.

    Raises:
        NotEditable: it is not a mapping in YAML.
    """

    def __init__(self, text: str) -> None:
        self.before = text
        self._wanted: NewEntries = {}
        self._top = composed(text)
        if self._top is not None and not is_mapping(self._top) and not is_missing(self._top):
            raise NotEditable("holds no mapping")
        self._shared = shared(self._top)
        self._children = Children()
        self._step = _step(self._top)

    def keys(self, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return the keys of the mapping at a path, `None` where there is none."""
        node, wanted = self._top, self._wanted
        for key in path:
            pair = self._children.of(node, key)
            node = pair[1] if pair else None
            inner = wanted.get(key) if isinstance(wanted, Mapping) else None
            wanted = inner if isinstance(inner, dict) else {}
            if pair is None and inner is None:
                return None
        old = [str(key.value) for key, _ in node.value] if is_mapping(node) else []
        if not old and not wanted and node is not None and not is_missing(node) and not is_mapping(node):
            return None
        return tuple(dict.fromkeys([*old, *wanted]))

    def has(self, path: tuple[str, ...]) -> bool:
        """Tell whether there is an entry at a path, or one is wanted there."""
        node: Any = self._top
        wanted: Any = self._wanted
        for key in path:
            pair = self._children.of(node, key)
            is_wanted = isinstance(wanted, dict) and key in wanted
            if pair is None and not is_wanted:
                return False
            node = pair[1] if pair else None
            wanted = wanted[key] if is_wanted else None
        return True

    def is_block(self, path: tuple[str, ...]) -> bool:
        """Tell whether there is a mapping at a path that can take entries of every kind: one without braces."""
        node = self._top
        for key in path:
            pair = self._children.of(node, key) if is_mapping(node) and not node.flow_style else None
            if pair is None:
                return False
            node = pair[1]
        return is_mapping(node) and not node.flow_style

    def put(self, path: tuple[str, ...], value: Any) -> None:
        """Want an entry. The mappings above it are made where they are not there.

        Args:
            value: `Plain`, `Vaulted`, or `None` for a key without a value.

        Raises:
            NotEditable: it cannot be put there, or something is there; nothing is wanted then.
        """
        self._refuse(path, value)
        wanted = self._wanted
        for key in path[:-1]:
            if not isinstance(wanted.get(key), dict):
                wanted[key] = {}
            wanted = wanted[key]
        wanted[path[-1]] = value

    def _refuse(self, path: tuple[str, ...], value: Any) -> None:
        node: Any = self._top
        wanted: Any = self._wanted
        in_flow = False
        for key in path:
            if node is not None and id(node) in self._shared:
                raise NotEditable("has an anchor there that other places share")
            if (node is not None and not is_mapping(node) and not is_missing(node)) or not isinstance(wanted, dict):
                raise NotEditable("has no mapping there")
            in_flow = in_flow or bool(is_mapping(node) and node.flow_style)
            pair = self._children.of(node, key)
            node = pair[1] if pair else None
            wanted = wanted.get(key)
            wanted = {} if wanted is None else wanted
            there = pair is not None
        if there or wanted != {}:
            raise NotEditable("has a value there")
        if in_flow and isinstance(value, Vaulted):
            raise NotEditable("has braces there, between which no block can stand")

    @property
    def text(self) -> str:
        """The text with all that is wanted.

        Raises:
            NotEditable: the result would not mean what is wanted.
        """
        if not self._wanted:
            return self.before
        after = self._spliced()
        if Digests().of(composed(after)) != Digests().of(self._top, self._wanted):
            raise NotEditable("is written in a way in which an entry cannot be added by itself")
        return after

    def _spliced(self) -> str:
        whole = self.before
        eol = "\r\n" if "\r\n" in whole else "\n"
        is_open = bool(whole) and not whole.endswith("\n")
        if is_open:
            whole += eol
        splices = sorted(
            _Splices(whole, self._step, eol, self._children).of(self._top, self._wanted, None), key=lambda each: each[0]
        )
        pieces, last = [], 0
        for offset, text in splices:
            pieces += [whole[last:offset], text]
            last = offset
        result = "".join((*pieces, whole[last:]))
        return result.removesuffix(eol) if is_open else result


class _Splices:
    """Where new text goes."""

    def __init__(self, text: str, step: int, eol: str, children: Children) -> None:
        self._text, self._step, self._eol, self._children = text, step, eol, children

    def of(self, node: Any, wanted: Mapping[str, Any], key: Any) -> Iterator[tuple[int, str]]:
        """Yield offsets and texts; what goes deeper comes first where both go to one place.

        Args:
            key: the node of the key whose value this is, `None` at the top.
        """
        if not is_mapping(node):
            column = 0 if key is None else key.start_mark.column + self._step
            offset = len(self._text) if node is None or key is None else self._line_end(node.end_mark.index)
            yield offset, self._lines(wanted, column)
            return
        new = {}
        for name, value in wanted.items():
            pair = self._children.of(node, name)
            if pair is None:
                new[name] = value
            else:
                yield from self.of(pair[1], value, pair[0])
        if new:
            yield self._in_flow(node, new) if node.flow_style else self._in_block(node, new)

    def _in_block(self, node: Any, new: Mapping[str, Any]) -> tuple[int, str]:
        column = node.value[0][0].start_mark.column
        offset = self._line_end(self._end(node))
        while (comment := _COMMENT.match(self._text, offset)) and len(comment[1]) == column:
            offset = self._line_end(offset)
        return offset, self._lines(new, column)

    def _in_flow(self, node: Any, new: Mapping[str, Any]) -> tuple[int, str]:
        if not node.value:
            return node.end_mark.index - 1, flow(new)
        return self._end_of_last(node), f", {flow(new)}"

    def _lines(self, entries: Mapping[str, Any], column: int) -> str:
        return "".join(f"{line}{self._eol}" for line in block(entries, column, self._step))

    def _line_end(self, index: int) -> int:
        """Return where the line after the one of an index begins."""
        found = self._text.find("\n", index)
        return len(self._text) if found < 0 else found + 1

    def _end(self, node: Any) -> int:
        """Return an index on the last line of a node."""
        if (is_mapping(node) or is_sequence(node)) and not node.flow_style and node.value:
            return self._end_of_last(node)
        if getattr(node, "style", None) in ("|", ">"):
            return self._end_of_block_scalar(node)
        return int(node.end_mark.index)

    def _end_of_last(self, node: Any) -> int:
        before, last = node.value[-1] if is_mapping(node) else (node, node.value[-1])
        if last.start_mark.index < before.start_mark.index:  # an alias, whose node stands where its anchor does
            if not is_mapping(node):
                raise NotEditable("has a list there that ends with an alias")
            return int(before.end_mark.index) + len(_ALIAS.match(self._text, before.end_mark.index)[0])  # type: ignore[index]
        return self._end(last)

    def _end_of_block_scalar(self, node: Any) -> int:
        start, end = node.start_mark.index, node.end_mark.index
        piece = self._text[start:end]
        if _KEPT.search(piece.split("\n", 1)[0]):
            return int(max(start, end - 1))
        return int(start + len(piece.rstrip()))


_ALIAS: Final = re.compile(r"\s*:\s*\*[^\s,}\]]+|")


def _step(top: Any) -> int:
    """Return by how much the first block in a block is indented."""
    waiting = [top] if is_mapping(top) else []
    while waiting:
        node = waiting.pop()
        for key, value in node.value:
            if is_mapping(value) and not value.flow_style and not node.flow_style and value.value:
                step = value.value[0][0].start_mark.column - key.start_mark.column
                if step > 0:
                    return int(step)
                waiting.append(value)
    return _STEP
