"""The one catalogue of finding codes: what each means, how much it matters, what to do about it.

Reports, documentation and checks all read it, so that a code cannot mean two things.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..model.code_name import CodeName, Variant
from .catalogue import (
    authority,
    box,
    certificate,
    clients,
    connection,
    database,
    homepage,
    link,
    login,
    outside,
    placement,
    resolvers,
    run,
    services,
    validity,
)
from .entry import Blocks, Code, Origin, Reached, RemedyVerb, Trait

__all__ = [
    "CATALOGUE",
    "Blocks",
    "Code",
    "CodeName",
    "Origin",
    "Reached",
    "RemedyVerb",
    "Trait",
    "Variant",
    "known_variant",
    "with_trait",
]

_CONCERNS: Final = (
    connection,
    login,
    homepage,
    box,
    link,
    resolvers,
    authority,
    database,
    certificate,
    validity,
    services,
    placement,
    run,
    clients,
    outside,
)
"""In the order of the diagnosis: of what breaks one step, what stands first is mended first."""
_ENTRIES: Final = {str(code.name): code for concern in _CONCERNS for code in concern.CODES}

CATALOGUE: Final[Mapping[str, Code]] = MappingProxyType(_ENTRIES)


def with_trait(trait: Trait) -> tuple[CodeName, ...]:
    """Return the codes of which the catalogue says this, in its order."""
    return tuple(code.name for code in CATALOGUE.values() if trait in code.traits)


def known_variant(code: str, told: str | None) -> Variant | None:
    """Return the variant of a code that a text names, `None` where the code has no such one."""
    entry = CATALOGUE.get(code)
    return next((each for each in entry.variants if each == told), None) if entry else None
