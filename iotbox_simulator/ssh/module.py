"""The role's Ansible module, run in this process on the simulated box: the box program in it is the true one.

Run by a shell here, it would look at the machine that simulates. So what carries our package is never run there, also
where it is of another version, or came in a way that a box would not let it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Final

from reconciler.box.__main__ import answer, frame

from ..boxes.linux import SimulatedBox
from ..live import Program
from . import ansiballz
from .ansiballz import Payload

_PYTHON = re.compile(r"\bpython[0-9.]*\b")
_INTERPRETER = re.compile(r"[^\s'\"\\;&|()<>]*\bpython[0-9.]*\b")
_BETWEEN_WORDS = re.compile(r"[\s'\"\\;&|()<>]+")
"""However a shell in a shell quotes."""
_LARGEST = 32 << 20
_NOTHING: Final = "true"
_BECOME = "BECOME-SUCCESS"
_ANOTHER = "the module that arrived is not of the version that the simulated box runs: nothing was done"
_ASYNC: Final = "async_wrapper"
_IN_BACKGROUND = "a simulated box runs the module at once only: leave out async, or -B"
_NOT_ROOT = "a simulated box runs the module as root only: use become"


def may_be_piped(command: str) -> bool:
    """Tell whether a command may run what it reads; those that only carry files must get it as it comes."""
    return _PYTHON.search(command) is not None


def in_file(command: str, home: Path) -> tuple[str, Payload] | None:
    """Return the module that a command runs from a file, and the command with nothing to run in its place."""
    if not may_be_piped(command):
        return None
    payloads = (_read(home / word) for word in _BETWEEN_WORDS.split(command) if word)
    payload = next((each for each in payloads if each is not None), None)
    return None if payload is None else (_INTERPRETER.sub(_NOTHING, command), payload)


def _read(path: Path) -> Payload | None:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        return ansiballz.read(path.read_bytes())
    except (OSError, ValueError):  # what is no path
        return None


def program(payload: Payload, command: str) -> Program:
    """Return what the box runs."""
    if any(_ours(name) != content for name, content in payload.package.items()):
        return partial(_refuse, _ANOTHER)
    if _ASYNC in command:
        return partial(_refuse, _IN_BACKGROUND)
    if _BECOME not in command:
        return partial(_refuse, _NOT_ROOT)
    return partial(_run, payload.arguments)


def _ours(name: str) -> bytes | None:
    part = resources.files("reconciler")
    for step in name.split("/"):
        part = part / step
    return part.read_bytes() if part.is_file() else None


def _refuse(reason: str, _box: SimulatedBox) -> bytes:
    return json.dumps({"failed": True, "changed": False, "msg": reason}).encode()


def _run(arguments: Mapping[str, Any], box: SimulatedBox) -> bytes:
    """Do what the module does with its one argument."""
    request = arguments.get("request")
    if not isinstance(request, str):
        return json.dumps({"failed": True, "msg": "missing required arguments: request"}).encode()
    image = box.spec.image
    reply = answer(request.encode(), box) if image.runs_program else frame({"unsupported_python": image.python})
    return json.dumps({"changed": False, "reply": reply.decode()}).encode()
