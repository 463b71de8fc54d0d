"""Runs something on a control machine: in its container, or in the environment of this process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import machine
from .build import REPOSITORY
from .control import CHECKOUT, environment
from .disk import lab_key
from .network import NAME, SUBNET
from .peers import state_dir
from .podman import PREFIX, labels, podman

SECONDS = 2400
"""After which a program hangs: on a machine that does much else, what takes two minutes has taken fifteen."""
STOPPED = 255
"""How podman ends where it stopped a container for that."""
_PYTEST = re.compile(r"^(?:=+ )?(\d+ (?:passed|failed|skipped|error).* in [\d.]+s.*?)(?: =+)?$", re.MULTILINE)
_PASSED = re.compile(r"\b[1-9]\d* passed")
_MOLECULE = re.compile(r"^molecule \S+ +[\d.]+ s  [1-9]\d* actions$", re.MULTILINE)
_SANITY = re.compile(r'^Running sanity test "', re.MULTILINE)
_FEWEST_SANITY_TESTS = 20


@dataclass(frozen=True)
class Ended:
    """What came of a program. `good`: it passed, and it tested something."""

    good: bool
    summary: str
    output: str


Run = Callable[[Sequence[str], Path, Mapping[str, str], Sequence[str]], subprocess.CompletedProcess[bytes]]
"""Runs a program of the environment in a folder, with variables; the last are arguments for podman."""


@dataclass(frozen=True)
class Machine:
    """A control machine with one version of ansible-core."""

    run: Run

    def tests(self, paths: Sequence[str]) -> Ended:
        """Run tests of the checkout, which is there to be read only, without any network."""
        words = ["pytest", "-q", "-n", "2", "-m", "not real", "-p", "no:cacheprovider", *paths]
        mounted = ("--network", "none", "--volume", f"{REPOSITORY}:{CHECKOUT}:ro")
        variables = {"PYTHONPATH": CHECKOUT, "HYPOTHESIS_STORAGE_DIRECTORY": "/tmp/hypothesis"}
        done = self.run(words, Path(CHECKOUT), variables, mounted)
        output = _text(done)
        found = _PYTEST.findall(output)
        good = done.returncode == 0 and bool(found) and _PASSED.search(found[-1]) is not None
        return Ended(good, found[-1] if found else _why(done, "no test ran"), output)

    def scenario(self, project: Path, number: int) -> Ended:
        """Install the collection from its file and run the scenario on boxes.

        Args:
            project: its folder; what is written goes there.
            number: tells machines apart that run at the same time.
        """
        address = str(SUBNET[-2 - number])
        readable = [f"--volume={path}:{path}:ro" for path in (lab_key().parent, state_dir())]
        arguments = (*("--network", NAME, "--ip", address), *readable, f"--volume={project}:{project}")
        archive = next(project.glob("*.tar.gz"))
        installing = [
            "ansible-galaxy",
            "collection",
            "install",
            "--offline",
            "--force",
            "-p",
            "collections",
            archive.name,
        ]
        done = self.run(installing, project, {}, arguments)
        if done.returncode:
            return Ended(good=False, summary="the collection cannot be installed", output=_text(done))
        done = self.run(["python", "tools/run_molecule.py", "installed"], project, {}, arguments)
        output = _text(done)
        found = _MOLECULE.findall(output)
        return Ended(done.returncode == 0 and bool(found), found[-1] if found else _why(done, "no action ran"), output)

    def sanity(self, collections: Path) -> Ended:
        """Run ansible-test on the collection that was put together in a folder, without any network."""
        mounted = ("--network", "none", "--volume", f"{collections}:{collections}")
        place = collections / "ansible_collections/iot_https/fleet"
        done = self.run(["ansible-test", "sanity", "--color", "no"], place, {}, mounted)
        output = _text(done)
        ran = len(_SANITY.findall(output))
        good = done.returncode == 0 and ran >= _FEWEST_SANITY_TESTS
        return Ended(good, _why(done, f"{ran} sanity tests ran"), output)


def in_container(image: str, series: str) -> Machine:
    """Return the environment of a version in the container."""

    def run(
        words: Sequence[str], folder: Path, variables: Mapping[str, str], arguments: Sequence[str]
    ) -> subprocess.CompletedProcess[bytes]:
        given = {
            "PATH": f"{environment(series)}/bin:/usr/local/bin:/usr/bin:/bin",
            **variables,
        }
        return podman(
            *("run", "--rm", "--name", f"{PREFIX}control-{uuid.uuid4().hex[:8]}"),
            *labels({"kind": "control"}),
            *machine.limits(),
            *("--timeout", str(SECONDS), "--workdir", str(folder)),
            *(f"--env={name}={value}" for name, value in given.items()),
            *arguments,
            image,
            *words,
            check=False,
        )

    return Machine(run)


def on_this_machine() -> Machine:
    """Return the environment of this process."""

    def run(
        words: Sequence[str], folder: Path, variables: Mapping[str, str], _arguments: Sequence[str]
    ) -> subprocess.CompletedProcess[bytes]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', os.defpath)}"
        given = {**kept, "PATH": path, **variables}
        try:
            return subprocess.run(list(words), cwd=folder, env=given, capture_output=True, check=False, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            return subprocess.CompletedProcess(words, STOPPED, error.stdout or b"", error.stderr or b"")

    return Machine(run)


def _why(done: subprocess.CompletedProcess[bytes], otherwise: str) -> str:
    return f"stopped after {SECONDS} s" if done.returncode == STOPPED else otherwise


def _text(done: subprocess.CompletedProcess[bytes]) -> str:
    return (done.stdout + done.stderr).decode("utf-8", "replace")
