"""Which values of an inventory nobody is shown: by the name of the variable, and by what a text may hold."""

from __future__ import annotations

import re
from typing import Final

from ..model.secret import MASK
from ..model.validate import PREFIX
from ..model.variables import VARIABLES

_OF_ANSIBLE: Final = "ansible_"
_TELLS: Final = re.compile(r"pass|token|secret|private_key$")
"""Names of Ansible's variables whose values are told to nobody."""
_WITHIN: Final = (
    re.compile(r"(?<=://)[^/@\s]+(?=@)"),
    re.compile(r"(?<=\bsshpass)\s+-p\s*\S+"),
)
"""Where a text that is no secret holds a password: before the host of an address, after `sshpass -p`."""


def may_be_read(name: str) -> bool:
    """Tell whether the value of a variable may be shown; that of one which nobody knows may be a misspelled secret."""
    if name.startswith(PREFIX):
        return name in VARIABLES and not VARIABLES[name].secret
    return name.startswith(_OF_ANSIBLE) and _TELLS.search(name) is None


def without_passwords(text: str) -> str:
    """Return a text that may be read, without the passwords that it holds."""
    for pattern in _WITHIN:
        text = pattern.sub(lambda found: f" -p {MASK}" if found[0].startswith((" ", "\t")) else MASK, text)
    return text


def holds_password(text: str) -> bool:
    """Tell whether a text that is no secret itself holds a password."""
    return any(pattern.search(text) for pattern in _WITHIN)
