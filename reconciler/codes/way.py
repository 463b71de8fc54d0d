"""What may be seen on the way to a box. One way goes through several servers, so its codes share these sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WAY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "key_of": "the key is that of {names} ({place})",
    }
)
