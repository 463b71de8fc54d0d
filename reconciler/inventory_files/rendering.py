"""Text for new entries of a YAML file, as Ansible reads it back: YAML 1.1, in which `no` and `1:30` need quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .values import Plain, Vaulted

_WIDE: Final = 1 << 20
"""Characters of a line before PyYAML would break it."""
_VAULT: Final = "!vault |"

NewEntries = dict[str, Any]
"""New entries by key: a `Plain`, a `Vaulted`, further entries, or `None` for a key without a value."""


def block(entries: Mapping[str, Any], column: int, step: int) -> Iterator[str]:
    """Yield the lines of entries as a block.

    Args:
        column: where their keys begin.
        step: by how much what belongs to a key is indented.
    """
    indent = " " * column
    for key, value in entries.items():
        if isinstance(value, Mapping):
            yield f"{indent}{scalar(key)}:"
            yield from block(value, column + step, step)
        elif isinstance(value, Vaulted):
            yield f"{indent}{scalar(key)}: {_VAULT}"
            yield from (f"{indent}{' ' * step}{line}" for line in value.text.splitlines())
        else:
            yield f"{indent}{scalar(key)}:{'' if value is None else f' {scalar(value)}'}"


def flow(entries: Mapping[str, Any]) -> str:
    """Return entries as they stand between braces; none of them may be vaulted."""
    return ", ".join(_pair(key, value) for key, value in entries.items())


def _pair(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{_in_flow(key)}: {{{flow(value)}}}"
    return f"{_in_flow(key)}: {'{}' if value is None else _in_flow(value)}"


def scalar(value: Plain) -> str:
    """Return a value in a block, on one line."""
    return _dumped(value).removesuffix("\n...")


def _in_flow(value: Plain) -> str:
    return _dumped([value])[1:-1]


def _dumped(value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump(value, default_flow_style=True, width=_WIDE, allow_unicode=True)
    return text.rstrip("\n")
