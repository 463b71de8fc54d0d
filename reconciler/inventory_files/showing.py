"""What an edit changes, as a unified diff that shows no secret, those included that stood in the file before."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ..model.secret import MASK
from ..model.variables import VARIABLES
from .nodes import composed, is_mapping, is_sequence
from .opened import Edit, shown_path

_HIDDEN: Final = (
    "pass|secret|token|uuid|enterprise_code|private_key|api_?key|credential|proxy|psk|"
    r"(?<![a-z])(?:pwd?|pin|key)(?![a-z])"
)
_LOGIN: Final = re.compile(r"://[^/\s:@]*:[^/\s@]+@|\bsshpass\s+-p", re.IGNORECASE)
"""A password within an address or a command, whatever the variable is called."""
_SECRET_KEY: Final = re.compile(_HIDDEN, re.IGNORECASE)
_SECRET_NAMES: Final = frozenset(name for name, each in VARIABLES.items() if each.secret)
_IN_COMMENT: Final = re.compile(rf"(#.*?(?:{_HIDDEN})\w*\s*[:=]\s*)(\S.*)", re.IGNORECASE)
_CONTEXT: Final = 3
_VAULT: Final = "!vault"


def shown_edits(edits: Iterable[Edit]) -> str:
    """Return how files change, as `diff -u` does; a file of which that cannot be shown safely is only named."""
    return "".join(line for edit in edits for line in _diff(edit))


def _diff(edit: Edit) -> Iterator[str]:
    name = shown_path(edit.path)
    before = [] if edit.before is None else _masked(edit.before)
    lines = difflib.unified_diff(
        before, _masked(edit.after), "/dev/null" if edit.before is None else name, name, n=_CONTEXT
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _masked(raw: bytes) -> list[str]:
    """Return the lines of a text as they may be shown."""
    text = raw.decode().removeprefix("\ufeff")
    for start, end, mask in sorted(_secrets(text), reverse=True):
        text = f"{text[:start]}{mask}{text[end:]}"
    *whole, last = text.replace("\r\n", "\n").split("\n")
    return [*(f"{_line(each)}\n" for each in whole), *([_line(last)] if last else [])]


def _secrets(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where secrets stand, each place once, and what is shown instead."""
    found: dict[int, tuple[int, str]] = {}
    waiting: list[tuple[Any, bool]] = [(composed(text), False)]
    seen: set[tuple[int, bool]] = set()
    while waiting:
        node, is_secret = waiting.pop()
        if node is None or (id(node), is_secret) in seen:
            continue
        seen.add((id(node), is_secret))
        if is_mapping(node):
            waiting += [(value, is_secret or _is_secret(key)) for key, value in node.value]
        elif is_sequence(node):
            waiting += [(each, is_secret) for each in node.value]
        elif is_secret or node.tag == _VAULT or _LOGIN.search(node.value):
            start, end = node.start_mark.index, node.end_mark.index
            end = start + len(text[start:end].rstrip())
            found[start] = (end, f"{_VAULT} {MASK}" if node.tag == _VAULT else MASK)
    yield from ((start, end, mask) for start, (end, mask) in found.items() if end > start)


def _is_secret(key: Any) -> bool:
    name = key.value if isinstance(key.value, str) else ""
    return name in _SECRET_NAMES or _SECRET_KEY.search(name) is not None


def _line(text: str) -> str:
    hidden = _IN_COMMENT.sub(_without, text)
    return hidden if hidden.replace("\t", "").isprintable() else ascii(hidden)[1:-1]


def _without(match: re.Match[str]) -> str:
    return f"{match[1]}{MASK}"
