"""The desired state of one box from a YAML file with the same variables as the role and the inventory."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .model.desired import Desired
from .model.errors import PermanentFailure
from .model.validate import desired_from_variables

_LIMIT = 1 << 16
"""Bytes. A box's variables fit into a few thousand, and the work for YAML can grow with the square of its size."""
_TRIPPED = (RecursionError, ValueError, TypeError, LookupError, AttributeError, OverflowError)
"""What PyYAML itself raises for values that do not fit their tag, such as an empty `!!int`."""
_TELLING_KEY = re.compile(r"\w{1,80}", re.ASCII)
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
    values = {**_mapping(path), **overrides}
    desired, problems = desired_from_variables(name, values)
    if desired is None:
        raise BadVariables(tuple(f"{path}: {problem}" for problem in problems))
    return desired


def exposed(path: Path) -> bool:
    """Tell whether others than the owner can read the file, which holds secrets."""
    return bool(path.stat().st_mode & _OTHERS)


def _mapping(path: Path) -> dict[str, Any]:
    import yaml

    try:
        with path.open("rb") as file:
            raw = file.read(_LIMIT + 1)
    except OSError as error:
        raise BadVariables((f"{path}: {error.strerror}",)) from None
    if len(raw) > _LIMIT:
        raise BadVariables((f"{path}: longer than {_LIMIT} bytes, is this the right file?",))
    try:
        _refuse_duplicates(yaml.compose(raw, Loader=yaml.SafeLoader), path)
        data = yaml.safe_load(raw)
    except yaml.YAMLError as error:
        raise BadVariables((f"{path}: {_explain(error)}",)) from None
    except _TRIPPED:
        raise BadVariables((f"{path}: not YAML that can be read",)) from None
    if not isinstance(data, dict):
        raise BadVariables(
            (f"{path}: a mapping of iot_https_ variables is expected, such as iot_https_server_url: ...",)
        )
    return data


def _refuse_duplicates(node: Any, path: Path) -> None:
    """YAML's last one wins; of two tokens one would silently be the wrong one."""
    seen: set[str] = set()
    for key, _ in node.value if type(node).__name__ == "MappingNode" else ():
        if not isinstance(key.value, str):
            continue
        if key.value in seen:
            shown = key.value if _TELLING_KEY.fullmatch(key.value) else "a key"
            raise BadVariables((f"{path}: line {key.start_mark.line + 1}: {shown} stands there twice",))
        seen.add(key.value)


def _explain(error: Exception) -> str:
    """Say where, never what: the text around the mistake may be a secret."""
    if "!vault" in str(error):
        return "it holds vaulted values, which only an inventory can decrypt: use ansible-vault view first"
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{where}not YAML"
