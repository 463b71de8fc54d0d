"""What this version can do with the variables of a box, written by hand beside the generated table.

The role's argument specification lists what this version can act on, and nothing else. What it cannot is refused by
name: ignoring it would leave a box other than its owner believes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NOT_YET: Final = frozenset({"iot_https_window"})
"""Variables of a later version: none is offered, and who has read of one is told that it does not work yet."""

CHOICES_NOT_YET: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
"""The same of values."""

RANGES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "iot_https_renew_before_days": (1, 60),
        "iot_https_overdue_days": (1, 60),
        "iot_https_homepage_port": (1, 65535),
        "iot_https_https_port": (1, 65535),
        "iot_https_deadline": (10, 3600),
    }
)
"""Least and greatest values; an Ansible argument specification cannot say them."""

ORCHESTRATION: Final = frozenset(
    {
        "iot_https_deadline",
        "iot_https_relink",
        "iot_https_fail_on_drift",
        "iot_https_results_folder",
        "iot_https_secure_logging",
    }
)
"""Variables that say how Ansible goes about it, not what a box should be: the command has options for it instead."""
