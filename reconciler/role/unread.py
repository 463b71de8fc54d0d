"""Variables that a box has and whose value cannot be made.

To the role's `default(omit)` a variable that names an undefined one is no other than one that was left out, and what it
declares would be passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..inventory.values import read_values
from ..model.validate import PREFIX
from .arguments import ARGUMENT_SPEC, FOR_THE_FILE

_OPTIONS = {*ARGUMENT_SPEC, FOR_THE_FILE}


def unread(task: Mapping[str, Any], variables: Mapping[str, Any], template: Callable[[Any], Any]) -> tuple[str, ...]:
    """Return a line without a value for each variable that is set, did not become an argument, and cannot be read.

    Args:
        task: its arguments; `variable_names` are those that the box has.
        variables: all that the play knows for this box, as Ansible holds them.
        template: renders a value with them.
    """
    named = task.get("variable_names")
    names = sorted(map(str, named)) if isinstance(named, list) else []
    options = {name: name.removeprefix(PREFIX) for name in names}
    left_out = [name for name, option in options.items() if option in _OPTIONS and option not in task]
    return read_values(template, variables, left_out).problems()
