"""What somebody meant who stands beside an inventory: below its project, or in front of it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .problem import short

_SETTINGS: Final = "ansible.cfg"
_INVENTORY: Final = "inventory"


def no_source() -> str:
    """Say how to come to an inventory where no -i was given: `ansible.cfg` counts in its own folder only."""
    above = next(filter(_is_project, Path.cwd().parents), None)
    if above is not None and not Path(_SETTINGS).exists():
        return f", and no -i was given: ansible.cfg of {above} counts there only, cd {shlex.quote(str(above))}"
    return ", and no -i was given: name an inventory, or begin with iot-https project init"


def named_project(places: Sequence[str]) -> str | None:
    """Return the line for a project that is named, not its inventory: Ansible would read playbooks as inventories."""
    project = next(filter(_is_project, map(Path, places)), None)
    if project is None:
        return None
    return f"{project} is a project, not an inventory: use -i {shlex.quote(short(project / _INVENTORY))}"


def _is_project(folder: Path) -> bool:
    return (folder / _SETTINGS).is_file() and (folder / _INVENTORY).exists()
