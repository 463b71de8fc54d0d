#!/usr/bin/env python3
"""Runs what depends on ansible-core under each version that is tested: `control_tests.py [VERSION...]`.

Under each: a Molecule scenario with the collection installed from its file, on real boxes. Under the newest release:
the tests of inventory, role and collection, and ansible-test; under a release candidate fewer tests. The oldest version
is that of this environment, in which `make unit` runs the tests; the others are in the container of a control machine.
Exit status: 0 all passed, 1 something failed or ran no test, 2 real boxes are not possible here, 4 only what may fail
failed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import boxes
from realbox import control, project
from realbox.control_run import Ended, in_container, on_this_machine

TESTS = (
    *("tests/inventory", "tests/role", "tests/simulator/ssh/test_module.py", "tests/collection/test_installed.py"),
    *("-k", "not repository"),
)
"""What asks git of this checkout is left out: its history is not in the container."""
FEWER_TESTS = (
    "tests/inventory/test_inner.py",
    "tests/inventory/test_supported.py",
    "tests/role/test_payload.py",
    "tests/simulator/ssh/test_module.py",
)
"""For a release candidate: what it sends to boxes, what is read of its inner parts, and which versions are refused."""
KINDS_OF_JOB = ("tests", "scenario", "sanity")
FAILED, IMPOSSIBLE, ONLY_ALLOWED = 1, 2, 4


@dataclass(frozen=True)
class Version:
    """A version of ansible-core.

    Args:
        series: such as 2.21.
        python: of the control machine.
        in_container: it is in the image; otherwise it is that of this environment.
        may_fail: it is a release candidate, whose failures are shown and do not count.
    """

    series: str
    python: str
    in_container: bool = True
    may_fail: bool = False


VERSIONS = (
    Version("2.19", "3.11", in_container=False),
    Version("2.21", "3.13"),
    Version("2.22", "3.13", may_fail=True),
)


@dataclass(frozen=True)
class Job:
    """Something to run.

    Args:
        name: what it is.
        run: does it.
    """

    name: str
    version: Version
    run: Callable[[], Ended]


@dataclass(frozen=True)
class Outcome:
    """What came of a job. `seconds` it took."""

    job: Job
    ended: Ended
    seconds: float

    def __str__(self) -> str:
        allowed = " (a release candidate, which may fail)" if self.job.version.may_fail and not self.ended.good else ""
        verdict = "passed" if self.ended.good else f"FAILED{allowed}"
        said = f"{self.job.name:<9} ansible-core {self.job.version.series:<5} {self.seconds:6.1f} s"
        return f"{said}  {verdict}: {self.ended.summary}"


def jobs(versions: Sequence[Version], folder: Path) -> list[Job]:
    """Return what is run under these versions, what takes longest first.

    Args:
        folder: of this run, for what is written.
    """
    image = control.build()
    archive = project.collection(folder)
    newest = control.newest_release()
    found = [
        Job("tests", version, partial(in_container(image, version.series).tests, tests_of(version)))
        for version in versions
        if version.in_container
    ]
    for number, version in enumerate(versions):
        machine = in_container(image, version.series) if version.in_container else on_this_machine()
        place = folder / version.series
        found.append(Job("scenario", version, partial(project.scenario, machine, archive, place, number)))
    for version in versions:
        if version.series == newest:
            collections = project.unpacked(archive)
            found.append(Job("sanity", version, partial(in_container(image, newest).sanity, collections)))
    return found


def tests_of(version: Version) -> Sequence[str]:
    """Return what pytest runs under a version."""
    return FEWER_TESTS if version.may_fail else TESTS


def attempt(job: Job) -> Outcome:
    """Do one of them, and say so at once."""
    began = time.monotonic()
    try:
        ended = job.run()
    except boxes.BoxesError as error:
        ended = Ended(good=False, summary=str(error), output="")
    outcome = Outcome(job, ended, time.monotonic() - began)
    print(outcome, flush=True)
    return outcome


def status(outcomes: Sequence[Outcome]) -> int:
    """Return the exit status."""
    failed = [outcome for outcome in outcomes if not outcome.ended.good]
    if not outcomes or any(not outcome.job.version.may_fail for outcome in failed):
        return FAILED
    return ONLY_ALLOWED if failed else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run all, two at a time, and print one line for each."""
    parser = argparse.ArgumentParser(description="Run the tests that depend on ansible-core under each version.")
    known = {version.series: version for version in VERSIONS}
    parser.add_argument("versions", nargs="*", metavar="VERSION", choices=[[], *known], help=", ".join(known))
    parser.add_argument("--only", choices=KINDS_OF_JOB, help="run nothing else")
    options = parser.parse_args(argv)
    try:
        boxes.require()
        with tempfile.TemporaryDirectory(prefix="iot-https-control-") as folder, ThreadPoolExecutor(2) as pool:
            wanted = [known[series] for series in options.versions or known]
            found = [job for job in jobs(wanted, Path(folder)) if options.only in (None, job.name)]
            outcomes = list(pool.map(attempt, found))
    except boxes.BoxesError as error:
        print(f"control_tests: {error}", file=sys.stderr)
        return IMPOSSIBLE
    for outcome in outcomes:
        if not outcome.ended.good:
            print(f"\n{outcome}\n{outcome.ended.output}")
    print("\n" + "\n".join(map(str, outcomes)))
    return status(outcomes)


if __name__ == "__main__":
    raise SystemExit(main())
