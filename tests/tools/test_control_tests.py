"""What is said to be supported is tested, and only a release candidate may fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import boxes
import control_tests
from control_tests import FAILED, FEWER_TESTS, ONLY_ALLOWED, TESTS, VERSIONS, Job, Outcome, Version
from realbox import control, control_run
from realbox.control_run import SECONDS, STOPPED, Ended, Machine
from reconciler.inventory import supported
from tools import run_tests
from tools.collection.stage import stage

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(r"^\| (2\.\d+) \| ([\d., to]+) \| (.+) \|$", (ROOT / "docs/versions.md").read_text(), re.MULTILINE)
SERIES = [f"2.{minor}" for minor in range(supported.OLDEST[1], supported.NEWEST[1] + 1)]
SANITY = ROOT / "tools/collection/own/tests/sanity"


def test_the_page_has_each_supported_version() -> None:
    assert [series for series, _, _ in ROWS] == SERIES


def test_the_page_says_which_are_tested_and_where() -> None:
    by_hand = {series for series, _, how in ROWS if how.startswith("by hand")}
    assert {version.series for version in VERSIONS} == set(SERIES) - by_hand
    pythons = {series: python for series, python, _ in ROWS}
    assert {version.series: version.python for version in VERSIONS} == {
        series: python for series, python in pythons.items() if series not in by_hand
    }
    assert [series for series, _, how in ROWS if "may fail" in how] == [
        version.series for version in VERSIONS if version.may_fail
    ]
    assert [series for series, _, how in ROWS if "`ansible-test sanity`" in how] == [control.newest_release()]


def test_the_page_says_which_tests_run() -> None:
    page = (ROOT / "docs/versions.md").read_text(encoding="utf-8")
    said = [
        tuple(re.findall(r"`(tests/[\w./]+)`", row))
        for row in re.findall(r"^\| the (?:newest release|release candidate) \| (.+) \|$", page, re.MULTILINE)
    ]
    paths = tuple(word for word in TESTS if word.startswith("tests/"))
    assert said == [paths, FEWER_TESTS]
    assert all((ROOT / path).exists() for path in (*paths, *FEWER_TESTS))
    assert all(any(path.startswith(each) for each in paths) for path in FEWER_TESTS)


@pytest.mark.parametrize("version", VERSIONS)
def test_only_a_candidate_has_fewer_tests(version: Version) -> None:
    assert control_tests.tests_of(version) == (FEWER_TESTS if version.may_fail else TESTS)


def test_the_images_are_begun_with_that_of_the_control_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(run_tests, "lacks", lambda *_: None)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: begun.append(command))
    run_tests.begin_images()
    ((_python, program, *words),) = begun
    built: list[str] = []

    def build(kinds: list[str]) -> dict[str, str]:
        built.append(f"kinds {kinds}")
        return {}

    monkeypatch.setattr(boxes, "build", build)
    monkeypatch.setattr(control, "build", lambda: built.append("control"))
    assert program == "molecule/images/boxes.py"
    assert boxes.main(words) == 0
    assert built == ["kinds []", "control"]
    assert "ansible-versions" in run_tests.NEED_IMAGES


@pytest.mark.parametrize(
    ("pins", "lists"),
    [
        (["PyYAML==6.0.3", "jinja2==3.1.6", "PyYAML==6.0.3"], [["PyYAML==6.0.3", "jinja2==3.1.6"]]),
        (["a==1", "A==2", "b==1"], [["A==2", "b==1"], ["a==1"]]),
        (["a==1 ; python_version < '4'", "a[more]==2"], [["a==1 ; python_version < '4'"], ["a[more]==2"]]),
        ([], []),
    ],
)
def test_one_version_of_a_package_is_downloaded_at_a_time(pins: list[str], lists: list[list[str]]) -> None:
    assert control.rounds(pins) == lists


def test_the_image_has_an_environment_for_each() -> None:
    assert list(control.locks()) == [version.series for version in VERSIONS if version.in_container]
    assert {version.python for version in VERSIONS if version.in_container} == {control.PYTHON}


def test_the_oldest_is_what_a_checkout_has() -> None:
    (oldest,) = (version.series for version in VERSIONS if not version.in_container)
    assert f"\nansible-core=={oldest}." in (ROOT / "requirements/ci.txt").read_text()


@pytest.mark.parametrize("version", [version for version in VERSIONS if version.in_container])
def test_only_a_candidate_may_fail(version: Version) -> None:
    assert version.may_fail == control.is_candidate(version.series)
    assert control.pinned(version.series).startswith(f"{version.series}.")


def outcome(*, good: bool, may_fail: bool = False) -> Outcome:
    """Return what came of a job."""
    version = Version("2.22", "3.13", may_fail=may_fail)
    ended = Ended(good=good, summary="said", output="")
    return Outcome(Job("tests", version, lambda: ended), ended, 1.0)


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([outcome(good=True), outcome(good=True, may_fail=True)], 0),
        ([outcome(good=True), outcome(good=False, may_fail=True)], ONLY_ALLOWED),
        ([outcome(good=False), outcome(good=True, may_fail=True)], FAILED),
        ([outcome(good=False), outcome(good=False, may_fail=True)], FAILED),
        ([], FAILED),
    ],
)
def test_status(outcomes: list[Outcome], status: int) -> None:
    assert control_tests.status(outcomes) == status


def test_the_failure_of_a_candidate_is_named() -> None:
    assert "FAILED (a release candidate, which may fail)" in str(outcome(good=False, may_fail=True))
    assert "FAILED: said" in str(outcome(good=False))


def test_the_suite_says_so_and_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_tests.ONLY_ALLOWED == ONLY_ALLOWED
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(run_tests, "lacks", lambda *_: None)

    def fail(status: int) -> None:
        def run(*_: str) -> None:
            raise run_tests.Failed("failed", status)

        monkeypatch.setattr(run_tests, "run", run)

    fail(ONLY_ALLOWED)
    status, words = run_tests.attempt(run_tests.ansible_versions)
    assert status == 0
    assert "RELEASE CANDIDATE" in words
    fail(FAILED)
    assert run_tests.attempt(run_tests.ansible_versions)[0] == run_tests.FAILURE


@pytest.mark.parametrize(
    ("output", "status", "good"),
    [
        (b"3 passed in 1.00s\n", 0, True),
        (b"=== 3 passed, 1 skipped in 61.20s (0:01:01) ===\n", 0, True),
        (b"1 failed, 3 passed in 1.00s\n", 1, False),
        (b"4 skipped in 1.00s\n", 0, False),
        (b"no tests ran in 0.01s\n", 5, False),
        (b"", 0, False),
    ],
)
def test_a_run_without_tests_does_not_pass(output: bytes, status: int, good: object) -> None:
    assert answering(output, status).tests(["tests"]).good == good


def test_one_that_hangs_is_named_for_it() -> None:
    for ended in (answering(b"..", STOPPED).tests(["tests"]), answering(b"", STOPPED).sanity(ROOT)):
        assert (ended.good, ended.summary) == (False, f"stopped after {SECONDS} s")


def test_one_that_hangs_on_this_machine_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_run, "SECONDS", 0.1)
    done = control_run.on_this_machine().run([sys.executable, "-c", "import time; time.sleep(600)"], ROOT, {}, ())
    assert done.returncode == STOPPED


@pytest.mark.parametrize(("ran", "status", "good"), [(28, 0, True), (28, 1, False), (3, 0, False)])
def test_ansible_test_has_to_run_its_tests(ran: int, status: int, good: object) -> None:
    output = b'Running sanity test "pep8"\n' * ran
    assert answering(output, status).sanity(ROOT).good == good


def answering(output: bytes, status: int) -> Machine:
    """Return a control machine on which every program ends like this."""
    return Machine(lambda words, *_: subprocess.CompletedProcess(list(words), status, output, b""))


def test_what_ansible_test_leaves_out_has_a_reason_and_is_there(tmp_path: Path) -> None:
    assert [path.name for path in SANITY.iterdir()] == [f"ignore-{control.newest_release()}.txt"]
    stage(ROOT, tmp_path / "staged")
    lines = (tmp_path / "staged/tests/sanity" / next(SANITY.iterdir()).name).read_text().splitlines()
    assert len(lines) > len(next(SANITY.iterdir()).read_text().splitlines())
    for line in lines:
        path, what, reason = line.split(" ", 2)
        assert (tmp_path / "staged" / path).is_file()
        assert re.fullmatch(r"[\w.-]+(:[\w-]+|!skip)", what)
        assert re.fullmatch(r"# \w.{15,}", reason)
