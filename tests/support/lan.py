"""A network of its own for a test: simulated boxes and others, on their real ports, at addresses of nobody else.

The namespace is one of an ordinary user. Whatever is sent in it is noted by its kernel's copy of each packet, so that a
test can tell whom a program has spoken to. Where nothing is, packets are lost.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from .patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "reconciler.cli")
_UNSHARE = ("unshare", "--user", "--map-root-user", "--net", "--mount")


@functools.cache
def _is_possible() -> bool:
    if not all(map(shutil.which, ("unshare", "nsenter", "ip"))):
        return False
    return subprocess.run([*_UNSHARE, "ip", "link"], capture_output=True, check=False, timeout=PATIENCE).returncode == 0


needs_namespaces = pytest.mark.skipif(not _is_possible(), reason="needs user namespaces (util-linux, iproute2)")


@dataclass(frozen=True)
class Lan:
    """A network that is up.

    Args:
        folder: where it writes; an inventory or a file of a test may be there, too.
    """

    process: subprocess.Popen[str]
    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """Of a command in there: it trusts the authority that signs the boxes' certificates."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        of_the_lan = {
            "HOME": str(home),
            "XDG_STATE_HOME": str(home),
            "SSL_CERT_FILE": str(self.folder / "root.pem"),
            "PYTHONPATH": str(ROOT),
            "ANSIBLE_HOME": str(home / "ansible"),
        }
        return {**os.environ, **of_the_lan}

    def entering(self, *words: str) -> list[str]:
        """Return a command line that runs within."""
        of = ("--preserve-credentials", f"--wd={self.folder}", "-t", str(self.process.pid), "-U", "-n", "-m")
        return ["nsenter", *of, "--", *words]

    def run(self, *words: str, seconds: float = 1.5 * PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run the command within, to its end."""
        return subprocess.run(
            self.entering(*COMMAND, *words),
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )

    def packets(self) -> set[tuple[str, str, int]]:
        """Return to whom anything was sent so far: protocol, address, port."""
        lines = (self.folder / "packets").read_text().splitlines()
        return {(each[0], each[1], int(each[2])) for each in map(str.split, lines)}

    def asked(self, address: str) -> list[str]:
        """Return the routes that a box was asked for so far."""
        lines = (self.folder / "asked").read_text().splitlines()
        return [path for where, path in map(str.split, lines) if where == address]


@contextmanager
def lan(folder: Path, module: str, settings: object = None) -> Iterator[Lan]:
    """Have a module of the tests serve a network until the block is left.

    Args:
        module: calls `lan_within.serve`.
        settings: what it is told, as JSON.
    """
    command = [*_UNSHARE, sys.executable, "-m", module, str(folder), json.dumps(settings)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "up\n", "it ended before it was up"
            yield Lan(process, folder)
        finally:
            process.kill()
