"""What is needed of Ansible's inner parts, which it may move in any version: here alone, and with a way without each.

Without them places are not told, and of two values nobody knows that one was made of the other. What differs is then
always told, so that boxes of two customers are never taken for those of one.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

from .problem import Position


def _part(module: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        return None


_ORIGIN: Final = _part("ansible._internal._datatag._tags", "Origin")
_TAGS: Final = _part("ansible.module_utils._internal._datatag", "AnsibleTagHelper")
_UNDECRYPTABLE: Final = "UndecryptableVaultError"
"""Raised by Ansible's inner parts only; its name is known wherever its class is."""
PLACES_ARE_KNOWN: Final = _ORIGIN is not None


def place_of(value: object) -> Position | None:
    """Return where Ansible read a value, or where a mark of `marked` points; `None` where that is not known."""
    if _ORIGIN is None:
        return None
    origin = value if isinstance(value, _ORIGIN) else _ORIGIN.get_tag(value)
    return None if origin is None or origin.path is None else Position(str(origin.path), origin.line_num)


def marked(path: str | None, line: int | None) -> Any:
    """Return what an error of Ansible takes as the place that it is about."""
    return None if _ORIGIN is None or not path else _ORIGIN(path=path, line_num=line)


def with_marks_of(value: Any, text: bytes) -> Any:
    """Return a text that Ansible takes to come from where a value does, and to be trusted as it is."""
    return text if _TAGS is None else _TAGS.tag_copy(value, text)


def without_marks(text: Any) -> bytes:
    """Return a text as it is."""
    return bytes(text if _TAGS is None else _TAGS.untag(text))


def is_undecryptable(error: BaseException) -> bool:
    """Tell whether a template came upon an encrypted value that cannot be read."""
    return any(each.__name__ == _UNDECRYPTABLE for each in type(error).__mro__)
