"""The command as a process of its own, on a fleet that is served; each test that changes a box gets one to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from .served_fleet import ROOT, served_fleet

COMMAND = (sys.executable, "-m", "reconciler.cli")
_SCENARIO = """
customers:
  bakery:
    server_url: https://bakery.example
    db_uuid: 11111111-2222-3333-4444-555555555555
    enterprise_code: M210101
boxes:
  healthy: {{customer: bakery, store: hanoi, kind: rw_ini}}
  stalled: {{customer: bakery, store: hanoi, kind: rw_ini, faults: [stalls], ends: unreachable}}
  closes: {{customer: bakery, store: hanoi, kind: rw_ini, faults: [closes], ends: unreachable}}
{boxes}"""
_BOX = "  {name}: {{customer: bakery, store: hanoi, kind: rw_ini, faults: [resolvers]}}\n"


@dataclass
class Fleet:
    """Boxes that are up: `healthy`; `stalled`, which accepts connections and says nothing; `closes`, which closes
    them; and others that ask a DNS server that does not exist.
    """

    inventory: Path
    home: Path
    _fresh: Iterator[str] = field(repr=False)

    def fresh(self) -> str:
        """Name a box that differs and that no other test uses."""
        return next(self._fresh)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a command."""
        return {**os.environ, "XDG_STATE_HOME": str(self.home), "HOME": str(self.home)}

    def arguments(self, verb: str, *options: str) -> list[str]:
        """Return a command line about this fleet."""
        return [*COMMAND, verb, "-i", str(self.inventory), "--no-probe", *options]

    def run(self, arguments: Sequence[str], **how: Any) -> subprocess.CompletedProcess[bytes]:
        """Run a command line to its end."""
        return subprocess.run(arguments, cwd=ROOT, env=self.env, check=False, timeout=100, **how)


@contextmanager
def fleet(folder: Path, first: IPv4Address, boxes: int) -> Iterator[Fleet]:
    """Serve so many boxes that differ, until the block is left."""
    names = [f"till-{number}" for number in range(boxes)]
    scenario = folder / "scenario.yml"
    scenario.write_text(_SCENARIO.format(boxes="".join(_BOX.format(name=name) for name in names)))
    inventory, home = folder / "inventory", folder / "home"
    home.mkdir()
    with served_fleet(inventory, first, scenario):
        yield Fleet(inventory, home, iter(names))
