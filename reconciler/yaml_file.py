"""YAML from a file that anybody may have written: read within bounds, and refused in one line that shows no value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .model.errors import PermanentFailure

_TRIPPED = (RecursionError, ValueError, TypeError, LookupError, AttributeError, OverflowError)
"""What PyYAML itself raises for values that do not fit their tag, such as an empty `!!int`."""
_MERGE = "tag:yaml.org,2002:merge"
_TELLING_KEY = re.compile(r"\w{1,80}", re.ASCII)


class BadYaml(PermanentFailure):
    """A file or text is not the YAML mapping that it should be; the one line of text names it."""


def read_mapping(path: Path, limit: int, example: str) -> dict[Any, Any]:
    """Return the mapping that a file holds.

    Args:
        limit: in bytes; the work for YAML can grow with the square of its size.
        example: how such a mapping begins.

    Raises:
        BadYaml: names the file, the line, and the way out.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise BadYaml(f"{path}: {error.strerror}") from None
    if len(raw) > limit:
        raise BadYaml(f"{path}: longer than {limit} bytes, is this the right file?")
    return parse_mapping(raw, str(path), example)


def parse_mapping(raw: bytes, source: str, example: str) -> dict[Any, Any]:
    """Return the mapping that is written in some bytes.

    Raises:
        BadYaml: as `read_mapping`.
    """
    import yaml

    try:
        _refuse_duplicates(yaml.compose(raw, Loader=yaml.SafeLoader), source)
        data = yaml.safe_load(raw)
    except yaml.YAMLError as error:
        raise BadYaml(f"{source}: {_explain(error)}") from None
    except _TRIPPED:
        raise BadYaml(f"{source}: not YAML that can be read") from None
    if not isinstance(data, dict):
        raise BadYaml(f"{source}: a mapping is expected, such as {example}")
    return data


def first_tab(path: Path) -> int | None:
    """Return the first line that begins with a tab, which YAML refuses; `None` where none does.

    Args:
        path: a file that could not be read as YAML.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    return next((number for number, line in enumerate(lines, 1) if line.startswith("\t") and line.strip()), None)


def first_duplicate(top: Any) -> Any:
    """Return the node of the first key that stands in a mapping twice, `None` if there is none.

    YAML's last one wins; of two tokens, or two boxes, one would silently be the wrong one. What `<<` brings along may
    be overridden.

    Args:
        top: as `yaml.compose` returns it.
    """
    waiting, known = [top], set()
    while waiting:
        node = waiting.pop()
        if type(node).__name__ == "MappingNode" and id(node) not in known:  # an alias is met again and again
            known.add(id(node))
            if (found := _duplicate_in(node)) is not None:
                return found
            waiting += [value for _, value in reversed(node.value)]
        elif type(node).__name__ == "SequenceNode" and id(node) not in known:
            known.add(id(node))
            waiting += reversed(node.value)
    return None


def _duplicate_in(node: Any) -> Any:
    seen: set[tuple[str, str]] = set()
    for key, _ in node.value:
        if not isinstance(key.value, str) or key.tag == _MERGE:
            continue
        if (key.tag, key.value) in seen:
            return key
        seen.add((key.tag, key.value))
    return None


def _refuse_duplicates(top: Any, source: str) -> None:
    key = first_duplicate(top)
    if key is not None:
        shown = key.value if _TELLING_KEY.fullmatch(key.value) else "a key"
        raise BadYaml(f"{source}: line {key.start_mark.line + 1}: {shown} stands there twice")


def _explain(error: Exception) -> str:
    """Say where, never what: the text around the mistake may be a secret."""
    if "!vault" in str(error):
        return "it holds vaulted values, which only an inventory can decrypt: use ansible-vault view first"
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{where}not YAML"
