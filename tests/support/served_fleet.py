"""The demo's fleet, or another, up in a process of its own, on addresses that no other test uses."""

from __future__ import annotations

import atexit
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PLACES = range(50, 250)
_SERVE = """
import asyncio, pathlib, sys
from ipaddress import IPv4Address
from iotbox_simulator.scenario import load, of_the_demo
from iotbox_simulator.serve import serve
scenario = load(pathlib.Path(sys.argv[3])) if sys.argv[3:] else of_the_demo()
sys.exit(asyncio.run(serve(scenario, pathlib.Path(sys.argv[1]), IPv4Address(sys.argv[2]))))
"""
_UP = "Ctrl-C"


def first_address(network: int) -> IPv4Address:
    """Return where the boxes of one module of tests begin: 127.<network>.x.20, another x for each process of tests."""
    return IPv4Address(f"127.{network}.{place()}.20")


@cache
def place() -> int:
    """Return a number that this process has to itself on this machine, whoever else runs tests on it, until it ends."""
    for number in _PLACES:
        mine = socket.socket(socket.AF_UNIX)
        try:
            mine.bind(f"\0tests of iot-https {number}")  # a name in memory: gone with its process
        except OSError:
            mine.close()
            continue
        atexit.register(mine.close)
        return number
    raise AssertionError(f"{len(_PLACES)} processes run tests of boxes on this machine")


def command(folder: Path, first: IPv4Address, scenario: Path | None = None) -> list[str]:
    """Return what serves the fleet of a scenario, or of the demo, and writes its inventory into a folder."""
    return [sys.executable, "-c", _SERVE, str(folder), str(first), *([str(scenario)] if scenario else [])]


@dataclass(frozen=True)
class Up:
    """A fleet that is up, and what it said at its start."""

    process: subprocess.Popen[str]
    said: str


@contextmanager
def served_fleet(folder: Path, first: IPv4Address, scenario: Path | None = None) -> Iterator[Up]:
    """Serve the fleet until the block is left."""
    with subprocess.Popen(command(folder, first, scenario), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if _UP in line:
                break
        assert _UP in said, "it ended before it was up"
        try:
            yield Up(process, said)
        finally:  # a test that fails would wait for it for ever
            process.kill()
