"""The inventory that a project or `inventory init` begins with: one box of one customer, with what it should be."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from ..model.names import group_name
from .file import File

GAP: Final = "CHANGE_ME"
"""What stands where only the owner knows what to say; a check names it, and the inventory knows this word."""
_PLAIN: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9_.-]*|https?://[A-Za-z0-9_.:/-]*[A-Za-z0-9_/-]|\d+\.\d+\.\d+\.\d+", re.ASCII
)
_WORDS_OF_YAML: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_STORE: Final = "      iot_https_store: @store@\n"
_TEMPLATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hosts.yml": "hosts.yml",
        "keyed_groups.yml": "keyed_groups.yml",
        "group_vars/all.yml": "all.yml",
        "group_vars/@group@.yml": "customer.yml",
    }
)
"""Templates by where they go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What an inventory begins with.

    Args:
        store: `None` leaves it out.
        vaulted: secrets of the customer by variable, each as the block that ansible-vault writes.
    """

    customer: str
    box: str
    address: str
    store: str | None = None
    server_url: str = GAP
    vaulted: Mapping[str, str] = field(default_factory=dict, repr=False)


EXAMPLE: Final = Beginning(customer="lotus", store="hanoi", box="hanoi-till-1", address=GAP)
"""What a project begins with, to be filled in."""


def files_of_inventory(beginning: Beginning) -> tuple[File, ...]:
    """Return the files of an inventory, by their paths in its folder."""
    words = {
        "@box@": scalar(beginning.box),
        "@address@": scalar(beginning.address),
        "@customer@": scalar(beginning.customer),
        "@store@": scalar(beginning.store or ""),
        "@server_url@": scalar(beginning.server_url),
        "@group@": group_name("customer", beginning.customer),
    }
    made = {path: text_of(template) for path, template in _TEMPLATES.items()}
    if beginning.store is None:
        made["hosts.yml"] = made["hosts.yml"].replace(_STORE, "")
    made["group_vars/@group@.yml"] += "".join(map(_block, beginning.vaulted.items()))
    return tuple(File(_filled(path, words), _filled(text, words)) for path, text in made.items())


def text_of(template: str) -> str:
    """Return a template of this room."""
    return (files(__package__) / "template" / template).read_text(encoding="utf-8")


def templates() -> tuple[str, ...]:
    """Return the templates of an inventory."""
    return tuple(_TEMPLATES.values())


def scalar(text: str) -> str:
    """Return a text as YAML has it; in quotes where it would be taken for something else."""
    is_plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _WORDS_OF_YAML
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Fill in all words at once, so that none is looked for in what was filled in."""
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)


def _block(vaulted: tuple[str, str]) -> str:
    name, text = vaulted
    return f"{name}: !vault |\n" + "".join(f"  {line}\n" for line in text.splitlines())
