"""The one catalogue of finding codes: what each means, how much it matters, what to do about it.

Reports, documentation and checks all read it, so that a code cannot mean two things.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..model.code_name import CodeName, Variant
from . import (
    authority,
    box,
    certificate,
    clients,
    connection,
    database,
    link,
    outside,
    resolvers,
    run,
    services,
    validity,
)
from .entry import Code

__all__ = [
    "CATALOGUE",
    "RUN_TIME",
    "Code",
    "CodeName",
    "Variant",
    "known_variant",
]

_CONCERNS: Final = (
    box,
    resolvers,
    link,
    database,
    certificate,
    validity,
    services,
    authority,
    run,
    connection,
    outside,
    clients,
)

CATALOGUE: Final[Mapping[str, Code]] = MappingProxyType(
    {str(code.name): code for concern in _CONCERNS for code in concern.CODES}
)

RUN_TIME: Final = frozenset(
    {
        CodeName.LOAD_REQUEST_EXCEPTION,
        CodeName.LOAD_REQUEST_STATUS,
        CodeName.LOAD_REQUEST_NO_RESULT,
        CodeName.ANSWER_NOT_FROM_ODOO,
        CodeName.ODOO_DOWN_AFTER_REPAIR,
        CodeName.REPAIR_FAILED,
        CodeName.REPAIR_UNDONE,
        CodeName.BUSY,
        CodeName.DEADLINE,
        CodeName.CLIENT_DNS_UNKNOWN_NAME,
        *(code.name for code in (*connection.CODES, *outside.CODES, *database.CODES)),
    }
)
"""Codes that only doing something can bring to light; every other one comes from a check."""


def known_variant(code: str, told: str | None) -> Variant | None:
    """Return the variant of a code that a text names, `None` where the code has no such one."""
    entry = CATALOGUE.get(code)
    return next((each for each in entry.variants if each == told), None) if entry else None
