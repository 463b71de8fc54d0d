"""Which versions of ansible-core are supported, said to whoever has another one.

pip is told the same in pyproject.toml, and Ansible in meta/runtime.yml, of which it only warns.
"""

from __future__ import annotations

import re
from typing import Final

OLDEST: Final = (2, 19)
NEWEST: Final = (2, 22)
REQUIREMENT: Final = f"ansible-core>={OLDEST[0]}.{OLDEST[1]},<{NEWEST[0]}.{NEWEST[1] + 1}"
_SERIES: Final = re.compile(r"(\d{1,4})\.(\d{1,4})(?!\d)")


def refusal(version: str) -> str | None:
    """Return why a version of ansible-core is refused, with the way out; `None` for one that is supported.

    Args:
        version: as Ansible tells it, such as `2.22.0rc1`.
    """
    found = _SERIES.match(version)
    if found and OLDEST <= (int(found[1]), int(found[2])) <= NEWEST:
        return None
    supported = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    return f"ansible-core {version} is not supported: install {supported}, as pip install '{REQUIREMENT}' does"
