"""Runs podman, and turns its failures into one line."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import machine
from .machine import BoxesError

PREFIX = "iot-https-"
LABEL = "project=iot-https"
"""On every container, network and image of ours, so that `down --all` finds exactly those."""


def podman(*arguments: str, stdin: bytes | None = None, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run one command of podman.

    Raises BoxesError with the last line of its standard error.
    """
    command = ["podman", *machine.runtime_arguments(), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False)
    if check and done.returncode:
        raise BoxesError(f"podman {arguments[0]} failed: {last_line(done.stderr) or f'status {done.returncode}'}")
    return done


def query(*arguments: str) -> str:
    """Standard output of a command of podman, stripped."""
    return podman(*arguments).stdout.decode().strip()


def inside(container: str, user: str, argv: Sequence[str], stdin: bytes | None) -> subprocess.CompletedProcess[bytes]:
    """Run a program in a container.

    The superuser's programs are run by the runtime, as podman would have it do: tests do this thousands of times, and
    podman itself takes five times as long to come to it.
    """
    runtime, identity = machine.runtime(), _identity_file(container)
    if runtime is None or user != "root" or not identity.exists():
        interactive = () if stdin is None else ("-i",)
        return podman("exec", *interactive, "--user", user, container, *argv, stdin=stdin, check=False)
    command = [runtime, "exec", identity.read_text(encoding="ascii"), *argv]
    return subprocess.run(command, input=stdin or b"", capture_output=True, check=False)


def create(container: str, *arguments: str) -> None:
    """Create a container, and note by which identity its runtime will know it."""
    identity = query("create", "--name", container, *arguments)
    note = _identity_file(container)
    note.parent.mkdir(mode=0o700, exist_ok=True)
    note.write_text(identity, encoding="ascii")


def _identity_file(container: str) -> Path:
    return machine.cache_dir() / "containers" / container


def exists(kind: str, name: str) -> bool:
    """Whether a container, image or network of that name is there."""
    return podman(kind, "exists", name, check=False).returncode == 0


def remove(container: str) -> None:
    """Remove a container, however it stands; nothing happens where there is none.

    Raises BoxesError when it is still there.
    """
    arguments = ("rm", "--force", "--time", "0", "--volumes", container)
    # Of one whose processes were killed behind its back podman finds that out at the first try, and fails.
    if podman(*arguments, check=False).returncode:
        podman(*arguments)
    _identity_file(container).unlink(missing_ok=True)


def containers() -> list[str]:
    """Names of all our containers, without the prefix."""
    found = query("ps", "--all", "--filter", f"label={LABEL}", "--format", "{{.Names}}")
    return sorted(name.removeprefix(PREFIX) for name in found.split() if name.startswith(PREFIX))


def labels(pairs: dict[str, str]) -> Sequence[str]:
    """Label arguments, the project's own first."""
    return ["--label", LABEL, *(part for key, value in pairs.items() for part in ("--label", f"{key}={value}"))]


def last_line(output: bytes) -> str:
    """The last line that says something, and the one before it where that only tells which step of a build failed."""
    lines = output.decode("utf-8", "replace").strip().splitlines()
    if len(lines) > 1 and "at STEP" in lines[-1]:
        return "; ".join(lines[-2:])
    return lines[-1] if lines else ""
