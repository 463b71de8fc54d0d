"""A systemd that answers from memory, and jobs that are right until a test makes them wrong."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.schedule.job import Job
from reconciler.schedule.systemd import Ended

FOLDER = Path("/usr")
"""Some folder that a service sees, wherever this checkout is."""


def job(**changes: Any) -> Job:
    """A schedule of the user who runs the tests."""
    right: dict[str, Any] = {
        "name": "night",
        "program": ("/usr/bin/iot-https",),
        "arguments": ("-i", "inventories/prod", "--limit", "store_lotus__hanoi"),
        "user": getpass.getuser(),
        "directory": FOLDER,
    }
    return Job(**right | changes)


@dataclass
class Memory:
    """Takes the place of systemd's programs.

    Args:
        fails: beginnings of commands that fail, with what they say.
        is_on: whether the timer is enabled and active.
    """

    fails: dict[str, str] = field(default_factory=dict)
    is_on: bool = False
    properties: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    def run(self, command: Sequence[str]) -> Ended:
        """Answer a command."""
        line = " ".join(command)
        self.commands.append(line)
        for beginning, words in self.fails.items():
            if line.startswith(beginning):
                return Ended(1, errors=words)
        if line.startswith(("systemctl is-enabled", "systemctl is-active")):
            return Ended(0 if self.is_on else 1)
        if line.startswith("systemctl restart"):
            self.is_on = True
        if line.startswith("systemctl disable"):
            self.is_on = False
        if line.startswith("systemctl show"):
            return Ended(0, "\n".join(f"{key}={value}" for key, value in self.properties.items()))
        return Ended(0)

    def did(self, words: str) -> bool:
        """Tell whether such a command was run."""
        return any(words in command for command in self.commands)
