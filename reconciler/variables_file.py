"""The desired state of one box from a YAML file with the same variables as the role and the inventory."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from .model.desired import Desired
from .model.errors import PermanentFailure
from .model.validate import desired_from_variables
from .yaml_file import BadYaml, read_mapping

_LIMIT = 1 << 16
"""Bytes. A box's variables fit into a few thousand."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class BadVariables(PermanentFailure):
    """A desired-state file cannot be used; `problems` has one line for each thing that is wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(path: Path, name: str, overrides: Mapping[str, object]) -> Desired:
    """Read the desired state of a box.

    Args:
        path: a YAML (or JSON) mapping of `iot_https_*` variables.
        name: what to call the box.
        overrides: variables given on the command line.

    Raises:
        BadVariables: names the file, each variable, and the way out.
    """
    try:
        values = {**read_mapping(path, _LIMIT, "iot_https_server_url: https://mycompany.odoo.com"), **overrides}
    except BadYaml as error:
        raise BadVariables((str(error),)) from None
    desired, problems = desired_from_variables(name, values)
    if desired is None:
        raise BadVariables(tuple(f"{path}: {problem}" for problem in problems))
    return desired


def exposed(path: Path) -> bool:
    """Tell whether others than the owner can read the file, which holds secrets."""
    return bool(path.stat().st_mode & _OTHERS)
