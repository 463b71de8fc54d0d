#!/usr/bin/env python3
"""Runs the tests of the box program in the interpreters that boxes have: `box_tests.py [KIND...]`.

The tests run in a container of each image, without systemd and without any network, as root. Exit status: 0 all
passed, 1 something failed or a run had no tests, 2 real boxes are not possible here.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import boxes
from realbox import machine
from realbox.build import REPOSITORY
from realbox.podman import PREFIX, labels, last_line, podman

KINDS = ("rw_ini", "ro_ini", "rw_newest")
"""Debian 12 with its own cryptography, with the one that images pin by pip, and Debian 13."""
FOLDERS = (
    "tests/model",
    "tests/codes",
    "tests/checks",
    "tests/diagnosis",
    "tests/plan",
    "tests/net",
    "tests/machine",
    "tests/authority",
    "tests/box",
    "tests/simulator/machine",
)
EXHAUSTIVE = ("tests/box/test_crash.py", "tests/box/test_run_races.py", "tests/box/test_run_hanging.py")
"""Thousands of orders of the same calls, which no interpreter changes: minutes that only `--all` spends."""
REQUIREMENTS = Path(__file__).parent / "box-tests.txt"
NO_TESTS = 5
SECONDS = 600

_VERSIONS = "import platform, cryptography; print(platform.python_version(), cryptography.__version__)"
_SUMMARY = re.compile(r"^(?:=+ )?(\d+ (?:passed|failed|skipped|error).* in [\d.]+s.*?)(?: =+)?$", re.MULTILINE)
_NOT_ON_A_BOX = re.compile(r"^\s*(?:import|from) (?:ansible|jinja2|yaml)\b|\"tools/\w+\.py", re.MULTILINE)
_PASSED = re.compile(r"\b(\d+) passed")


@dataclass(frozen=True)
class Outcome:
    """One run. `summary`: pytest's closing line."""

    kind: str
    python: str
    cryptography: str
    status: int
    summary: str
    output: str

    @property
    def passed(self) -> int:
        """How many tests passed."""
        found = _PASSED.search(self.summary)
        return int(found[1]) if found else 0

    @property
    def good(self) -> bool:
        """Whether tests ran and none failed."""
        return self.status == 0 and self.passed > 0

    def __str__(self) -> str:
        return f"{self.kind:<10} Python {self.python:<8} cryptography {self.cryptography:<8} {self.summary}"


def run(kind: str, *, folders: Sequence[str] = FOLDERS, exhaustive: bool = False) -> Outcome:
    """Run the tests in the image of a kind.

    Args:
        exhaustive: also the tests that take minutes.

    Raises:
        BoxesError: the image or what the tests need cannot be had.
    """
    image = boxes.build([kind])[kind]
    libraries = _libraries()
    python, cryptography = _inside(image, libraries, ["-c", _VERSIONS]).stdout.decode().split()
    ignored = [f"--ignore={path}" for path in (*left_out(), *(() if exhaustive else EXHAUSTIVE))]
    pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *ignored, *folders]
    done = _inside(image, libraries, pytest)
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    found = _SUMMARY.findall(output)
    summary = found[-1] if found else "no test ran" if done.returncode == NO_TESTS else last_line(output.encode())
    return Outcome(kind, python, cryptography, done.returncode, summary, output)


def left_out() -> list[str]:
    """Test files that need what no box has: they test the controller's side."""
    files = [path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("test_*.py")]
    return sorted(str(path.relative_to(REPOSITORY)) for path in files if _NOT_ON_A_BOX.search(path.read_text()))


def _inside(image: str, libraries: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    return podman(
        "run",
        "--rm",
        *("--name", f"{PREFIX}tests-{uuid.uuid4().hex[:8]}"),
        *labels({"kind": "tests"}),
        *machine.limits(),
        *("--network", "none", "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined"),
        *("--volume", f"{REPOSITORY}:/srv/iot-https:ro", "--volume", f"{libraries}:/opt/tests:ro"),
        *("--env", "PYTHONPATH=/opt/tests", "--env", "PYTHONDONTWRITEBYTECODE=1", "--workdir", "/srv/iot-https"),
        *("--timeout", str(SECONDS), "--entrypoint", "/usr/bin/python3"),
        image,
        *arguments,
        check=False,
    )


def _libraries() -> Path:
    """What `box-tests.txt` names, fetched once with pip."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    folder = boxes.cache_dir() / f"box-tests-{digest}"
    with machine.locked("box-tests"):
        if not folder.exists():
            print(f"downloading what {REQUIREMENTS.name} names with pip", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(dir=boxes.cache_dir()) as partial:
                target = Path(partial) / "libraries"
                _pip("--no-compile", "--no-deps", "--only-binary=:all:", "--target", str(target))
                target.chmod(0o755)
                target.rename(folder)
    return folder


def _pip(*options: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options]
    done = subprocess.run([*command, "--requirement", str(REQUIREMENTS)], capture_output=True, check=False)
    if done.returncode:
        raise boxes.BoxesError(f"pip install failed: {last_line(done.stderr)}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run in every interpreter, side by side, and print one line for each."""
    parser = argparse.ArgumentParser(description="Run the tests of the box program in the interpreters of boxes.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"default: {' '.join(KINDS)}")
    parser.add_argument("--all", action="store_true", help="also those that take minutes")
    options = parser.parse_args(argv)
    kinds = options.kinds or KINDS
    try:
        boxes.require()
        with ThreadPoolExecutor(len(kinds)) as pool:
            outcomes = list(pool.map(lambda kind: run(kind, exhaustive=options.all), kinds))
    except boxes.BoxesError as error:
        print(f"box_tests: {error}", file=sys.stderr)
        return 2
    for outcome in outcomes:
        if not outcome.good:
            print(outcome.output)
    for path in left_out():
        print(f"left out, needs more than a box has: {path}")
    for outcome in outcomes:
        print(outcome)
    return 0 if all(outcome.good for outcome in outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main())
