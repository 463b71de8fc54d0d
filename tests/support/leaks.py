"""Runs a command and looks for secrets wherever they could come out, while it runs and afterwards."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 120.0
_PAUSE = 0.02


@dataclass
class Watched:
    """What came of a command.

    Args:
        leaks: where which secret was seen, such as `token: standard error`.
        command_lines: how many were read.
        files: how many were read, those that were gone at the end included.
    """

    status: int
    output: str
    leaks: set[str] = field(default_factory=set)
    command_lines: int = 0
    files: int = 0


def run(
    command: Sequence[str], secrets: Mapping[str, str], places: Iterable[Path], environment: Mapping[str, str]
) -> Watched:
    """Run a command to its end.

    Args:
        secrets: by the names under which they are reported.
        places: folders whose files are looked into, over and over.
    """
    running = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    watch = _Watch(secrets, tuple(places))
    watch.start()
    try:
        output, errors = running.communicate(timeout=SECONDS)
    finally:
        running.kill()
        watch.end()
    seen = watch.seen | set(_in(output.encode(), secrets, "standard output"))
    seen |= set(_in(errors.encode(), secrets, "standard error"))
    return Watched(running.returncode, output, seen, watch.command_lines, len(watch.files))


class _Watch(threading.Thread):
    def __init__(self, secrets: Mapping[str, str], places: tuple[Path, ...]) -> None:
        super().__init__(daemon=True)
        self.seen: set[str] = set()
        self.files: set[Path] = set()
        self.command_lines = 0
        self._secrets = secrets
        self._places = places
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(_PAUSE):
            self._look()
        self._look()

    def end(self) -> None:
        """Look once more and stop."""
        self._over.set()
        self.join()

    def _look(self) -> None:
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            self.command_lines += 1
            self.seen |= set(_in(_content(process), self._secrets, "a command line"))
        for place in self._places:
            for path in place.rglob("*"):
                if path.is_file():
                    self.files.add(path)
                    self.seen |= set(_in(_content(path), self._secrets, f"file {path.name}"))


def _in(content: bytes, secrets: Mapping[str, str], where: str) -> Iterator[str]:
    return (f"{name}: {where}" for name, secret in secrets.items() if secret.encode() in content)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # the process has ended, or the file is gone
        return b""
