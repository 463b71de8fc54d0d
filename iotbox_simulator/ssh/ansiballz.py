"""A module of Ansible as it travels: a program with arguments and, base64 in a text, the zip of all that it needs.

Written for ansible-core 2.19 to 2.22, `_internal/_ansiballz/_wrapper.py`.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MARK: Final = b"_ANSIBALLZ_WRAPPER = True"
"""Stands near the beginning of every one."""
PACKAGE = "ansible_collections/iot_https/fleet/plugins/module_utils/reconciler/"
_ENTRY = "_ansiballz_main"


@dataclass(frozen=True, slots=True)
class Payload:
    """One module with its arguments.

    Args:
        package: our package in it, content by path below it.
    """

    name: str
    arguments: Mapping[str, Any]
    package: Mapping[str, bytes]


def read(program: bytes) -> Payload | None:
    """Return the module if it carries our package, `None` for every other program.

    Args:
        program: its text from `MARK` on, or more.
    """
    start = program.find(MARK)
    keywords = _call(program[start:]) if start >= 0 else None
    if keywords is None:
        return None
    try:
        package = _package(base64.b64decode(keywords["zip_data"]))
        arguments = json.loads(keywords["params"])["ANSIBLE_MODULE_ARGS"]
        name = str(keywords["ansible_module"])
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile):
        return None
    return Payload(name, arguments, package) if package else None


def _call(program: bytes) -> dict[str, Any] | None:
    """Return the texts that the program's entry is called with."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == _ENTRY:
            return {
                each.arg: each.value.value
                for each in call.keywords
                if each.arg and isinstance(each.value, ast.Constant)
            }
    return None


def _package(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = [name for name in opened.namelist() if name.startswith(PACKAGE)]
        return {name.removeprefix(PACKAGE): opened.read(name) for name in names}
