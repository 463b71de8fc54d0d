"""Run every part of the test suite, say what each took, and tell a run that was not all from one that was.

`run_tests.py [PART...]`. Exit status: 0 everything ran and passed, but for what may fail, 1 something failed, 3 all
that ran passed but parts could not run here; they are listed with what is missing. Without names, a part is left out
once another one has passed that runs the same and more; asked for by its name it runs in any case.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FAILURE = 1
INCOMPLETE = 3
ONLY_ALLOWED = 4
"""How `molecule/images/control_tests.py` ends where only release candidates failed."""

PURE_TESTS = tuple(
    f"tests/{name}"
    for name in ("checks", "codes", "diagnosis", "docs", "model", "outcome", "plan", "report", "results")
)
"""What decides, what words it, and what the docs say: thousands of tests in seconds, none of which needs a port."""
NOT_SO_QUICK = tuple(f"--ignore=tests/report/test_{name}.py" for name in ("json_questions", "forged_lines"))
"""Seconds of whole reports, in folders whose other tests take none."""
CODE = ("reconciler", "iotbox_simulator", "tests")
LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("yamllint", "--strict", "."),
    ("ansible-lint", "--offline", "galaxy.yml", "meta", "plugins", "roles", "playbooks", "molecule"),
)
BOX_TESTS = (
    "tests/authority",
    "tests/box",
    "tests/checks",
    "tests/codes",
    "tests/diagnosis",
    "tests/machine",
    "tests/net",
    "tests/plan",
    "tests/simulator/machine",
)
WITHOUT_MORE = "not real and not install"
"""Marks of the tests that need neither root nor network."""
SAME_EVERYWHERE = tuple(f"--ignore=tests/box/test_{name}.py" for name in ("crash", "run_races", "run_hanging"))
"""Minutes of writes and renames that do not depend on a version of cryptography."""
CRYPTOGRAPHY_OF_BOXES = ("36", "38")
PIP_OPTIONS = ("--disable-pip-version-check", "--no-compile", "--require-hashes")
PACKAGES = [
    "podman",
    "buildah",
    "runc",
    "crun",
    "fuse-overlayfs",
    "iptables",
    "iproute2",
    "jq",
    "mmdebstrap",
    "openssh-client",
    "openssl",
    "shellcheck",
]
LAB_PROGRAMS = ("podman", "buildah", "runc", "mmdebstrap", "iptables", "ip", "ssh-keygen")


@dataclass(frozen=True)
class Skipped:
    """A part that could not run, and what it lacks."""

    reason: str


@dataclass(frozen=True)
class Passed:
    """A part that passed, and something in it that did not and may fail."""

    but: str


Part = Callable[[], "Skipped | Passed | None"]


class Failed(Exception):
    """A part ran and did not pass; the text names the command. `status` is that of the command, where one ran."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


def lint() -> Skipped | None:
    """Style, types, import direction, YAML, Ansible and shell."""
    for program, *arguments in LINTERS:
        run(str(BIN / program), *arguments)
    if problem := lacks("shellcheck"):
        return Skipped(problem)
    run("shellcheck", *shell_scripts())
    return None


def quick() -> Skipped | None:
    """Look at the files that differ from the main branch, and run what needs no more than memory."""
    if empty := [folder for folder in PURE_TESTS if not any((ROOT / folder).rglob("test_*.py"))]:
        raise Failed(f"no tests in {', '.join(empty)}")
    changed = changed_files()
    if python := [name for name in changed if name.endswith(".py")]:
        run(str(BIN / "ruff"), "check", *python)
        run(str(BIN / "ruff"), "format", "--check", *python)
    if data := [name for name in changed if name.endswith((".yml", ".yaml"))]:
        run(str(BIN / "yamllint"), "--strict", *data)
    run(str(BIN / "lint-imports"), "--no-logo")
    run(str(BIN / "pytest"), "-q", "-n", "auto", *PURE_TESTS, *NOT_SO_QUICK)
    say("\n".join(left_out_by_quick(changed)))
    return None


def left_out_by_quick(changed: Sequence[str]) -> Iterator[str]:
    """Yield what is still to be tried, the tests beside the changed files among it."""
    yield "left out: types, Ansible, shell (make lint)"
    parts = [Path(name).parts for name in changed if name.endswith(".py")]
    rooms = {words[1].removesuffix(".py") for words in parts if len(words) > 1 and words[0] in CODE}
    rooms |= {"simulator" for words in parts if words[0] == "iotbox_simulator"}
    folders = sorted(f"tests/{room}" for room in rooms if (ROOT / "tests" / room).is_dir())
    if beside := [folder for folder in folders if folder not in (*PURE_TESTS, "tests/real", "tests/support")]:
        yield f"left out beside changed files: .venv/bin/pytest -n auto -m {WITHOUT_MORE!r} {' '.join(beside)}"


def unit() -> Skipped | None:
    """Everything that needs neither root nor network."""
    problem = lacks("jq")
    run(str(BIN / "pytest"), "-q", "-n", "auto", "--dist", "worksteal", "-m", WITHOUT_MORE, "tests")
    return Skipped(problem) if problem else None


def install() -> Skipped | None:
    """Install as docs/install.md has it, in every way, update and remove; a package index has to be reached."""
    run(str(BIN / "pytest"), "-q", "-n", "2", "-m", "install", "tests/install")
    return None


def box_versions() -> Skipped | None:
    """Run the tests of what runs on a box with the versions of cryptography that boxes have."""
    for version in CRYPTOGRAPHY_OF_BOXES:
        python = environment(version)
        run(str(python), "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider", *BOX_TESTS, *SAME_EVERYWHERE)
    return None


def real() -> Skipped | None:
    """Real systemd machines in containers."""
    if os.geteuid() != 0:
        return Skipped("real boxes need root: sudo make real")
    if problem := lacks(*LAB_PROGRAMS):
        return Skipped(problem)
    run(str(BIN / "python"), "molecule/images/boxes.py", "down", "--dead")
    run(str(BIN / "pytest"), "-q", "-n", "2", "--dist", "loadgroup", "-m", "real", "tests/real")
    return None


def begin_images() -> subprocess.Popen[bytes] | None:
    """Build the images of real boxes beside the parts that need none; return the process, None where it cannot run.

    A part that needs them waits for them, builds what is missing, and says why where that fails.
    """
    if os.geteuid() != 0 or lacks(*LAB_PROGRAMS):
        return None
    say("Building the images of real boxes meanwhile")
    return subprocess.Popen(
        (str(BIN / "python"), "molecule/images/boxes.py", "build"),
        cwd=ROOT,
        env=environment_of_tests(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def molecule() -> Skipped | None:
    """Run the role on the same machines, over SSH, as an MSP does."""
    if os.geteuid() != 0:
        return Skipped("real boxes need root: sudo make molecule")
    if problem := lacks(*LAB_PROGRAMS, "openssl"):
        return Skipped(problem)
    run(str(BIN / "python"), "tools/run_molecule.py")
    return None


def ansible_versions() -> Skipped | Passed | None:
    """Run what depends on ansible-core under each version that is supported, in containers of a control machine."""
    if os.geteuid() != 0:
        return Skipped("real boxes need root: sudo make ansible-versions")
    if problem := lacks(*LAB_PROGRAMS, "openssl"):
        return Skipped(problem)
    try:
        run(str(BIN / "python"), "molecule/images/control_tests.py")
    except Failed as error:
        if error.status != ONLY_ALLOWED:
            raise
        return Passed("A RELEASE CANDIDATE OF ANSIBLE-CORE FAILS, which may: see above")
    return None


PARTS: dict[str, Part] = {
    "lint": lint,
    "unit": unit,
    "install-test": install,
    "real": real,
    "molecule": molecule,
    "ansible-versions": ansible_versions,
    "box-versions": box_versions,
}
ALONE: dict[str, Part] = {"quick": quick}
"""Parts that run only where they are asked for: others do all of what they do."""
NEED_IMAGES = frozenset({"real", "molecule", "ansible-versions"})
COVERED_BY = {"box-versions": ("real", "the boxes' own interpreters")}
"""What makes a part needless once it has passed, and by what; it stands before that part."""


def lacks(*programs: str) -> str | None:
    """Install Debian's packages if a program is missing, having said so; return what is still missing and why."""
    missing = [program for program in programs if not shutil.which(program)]
    if not missing:
        return None
    if not shutil.which("apt-get"):
        return f"{', '.join(missing)} not installed, and this is no Debian: install {' '.join(PACKAGES)}"
    if os.geteuid() != 0:
        return f"{', '.join(missing)} not installed: sudo apt-get install {' '.join(PACKAGES)}"
    say(f"Installing Debian packages: {' '.join(PACKAGES)}")
    try:
        run("apt-get", "update", "-qq")
        run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", *PACKAGES)
    except Failed:
        return f"{', '.join(missing)} could not be installed: apt-get install {' '.join(PACKAGES)}"
    return None


def environment(version: str) -> Path:
    """Return the Python of a virtual environment with one version of cryptography, made once."""
    folder, wanted = ROOT / f".venv-cryptography-{version}", ROOT / f"requirements/box-cryptography-{version}.txt"
    python, ready = folder / "bin/python", folder / "ready"
    if not ready.exists() or ready.stat().st_mtime < wanted.stat().st_mtime:
        say(f"Installing into {folder.name} (once): {wanted.relative_to(ROOT)} from PyPI")
        run(getattr(sys, "_base_executable", sys.executable), "-m", "venv", "--clear", str(folder))
        run(str(python), "-m", "pip", "install", "-q", *PIP_OPTIONS, "-r", str(wanted))
        ready.touch()
    return python


def changed_files(root: Path = ROOT) -> list[str]:
    """Return the files that differ from where this branch left the main one, and those that git does not know yet."""

    def git(*words: str) -> list[str]:
        done = subprocess.run(("git", *words), cwd=root, capture_output=True, text=True, check=False)
        return [name for name in done.stdout.split("\0") if name] if done.returncode == 0 else []

    base = "".join(git("merge-base", "HEAD", "main")).strip() or "HEAD"
    names = {*git("diff", "-z", "--name-only", base), *git("ls-files", "-z", "--others", "--exclude-standard")}
    return sorted(name for name in names if (root / name).is_file())


def shell_scripts() -> Iterator[str]:
    """Yield every shell script that git knows, by its first line."""
    listed = subprocess.run(("git", "ls-files"), cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.read_bytes()[:64].splitlines()[:1] in (
            [b"#!/bin/sh"],
            [b"#!/bin/bash"],
            [b"#!/usr/bin/env bash"],
            [b"#!/usr/bin/env sh"],
        ):
            yield name


def run(*command: str) -> None:
    """Run a command in the project's root, its output shown.

    Raises:
        Failed: it ended with another status than 0.
    """
    say(f"$ {' '.join(command)}")
    status = subprocess.run(command, cwd=ROOT, env=environment_of_tests(), check=False).returncode
    if status != 0:
        raise Failed(f"exit status {status}: {' '.join(command)}", status)


def environment_of_tests() -> dict[str, str]:
    """Return this environment, without what would have hundreds of Pythons compile the whole package anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def say(text: str) -> None:
    """Print at once, so that it stands above what the next program prints."""
    print(text, flush=True)


def main(names: list[str]) -> int:
    """Run the named parts, or all."""
    unknown = [name for name in names if name not in {**PARTS, **ALONE}]
    if unknown:
        say(f"no such part: {', '.join(unknown)}; there are {', '.join({**PARTS, **ALONE})}")
        return FAILURE
    images = begin_images() if NEED_IMAGES.intersection(names or PARTS) else None
    try:
        return run_parts(names)
    finally:
        if images:
            images.terminate()
            images.wait()


def run_parts(names: list[str]) -> int:
    """Run the named parts, or all, and say what came of each."""
    lines: list[str] = []
    statuses: dict[str, int] = {}
    for name in names or PARTS:
        say(f"\n== {name}")
        began = time.monotonic()
        better, how = COVERED_BY.get(name, ("", ""))
        if not names and statuses.get(better) == 0:
            verdict = f"left out, covered by {better}: {how}"
        else:
            statuses[name], verdict = attempt({**PARTS, **ALONE}[name])
        lines.append(f"{name:<16} {time.monotonic() - began:7.1f} s  {verdict}")
    say("\n" + "\n".join(lines))
    return FAILURE if FAILURE in statuses.values() else max(statuses.values())


def attempt(part: Part) -> tuple[int, str]:
    """Run one part; return what it means for the exit status, and the words for it."""
    try:
        outcome = part()
    except Failed as error:
        return FAILURE, f"FAILED: {error}"
    if isinstance(outcome, Passed):
        return 0, f"passed, but {outcome.but}"
    return (INCOMPLETE, f"not complete: {outcome.reason}") if outcome else (0, "passed")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
