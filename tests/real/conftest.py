"""Real boxes for these tests: each is made when the first test asks for it, and kept for the others of the same run.

Tests that share a box run on the same worker of pytest-xdist, see `together.py`. Every box has a database of its own at
the authority, so that how the authority answers one box is no business of another one that is tested at the same time.
"""

from __future__ import annotations

import functools
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "molecule" / "images"))

import boxes  # noqa: E402 - found by the line above

from .lab import Lab  # noqa: E402
from .together import group, longest_first  # noqa: E402

BUILD_SECONDS = 900
"""The first test may have to build all images; each test alone takes seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.real)
            item.add_marker(pytest.mark.timeout(BUILD_SECONDS))
    # stable: the rest stays in its order
    items.sort(key=lambda item: longest_first(item.nodeid) if item.path.is_relative_to(HERE) else 0)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip everything, with one reason, where there is no root or no podman; a skip from here is one line for all."""
    if missing := what_is_missing():
        pytest.skip(missing)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    # it would begin with the groups of many tests, not with those that take long
    config.option.loadscopereorder = False
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = group
    return scheduler


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed: list[pytest.TestReport] = terminalreporter.getreports("passed")
    for report in passed:
        for name, value in report.user_properties:
            if name.startswith("real "):
                terminalreporter.write_line(f"{name}: {value}")
    points = [int(str(v)) for report in passed for name, v in report.user_properties if name == "kill points"]
    if points:
        terminalreporter.write_line(f"real kill points: {sum(points)}")


@functools.cache
def what_is_missing() -> str | None:
    try:
        boxes.require()
    except boxes.BoxesError as error:
        return str(error)
    return None


@pytest.fixture(scope="session")
def lab(worker_name: str) -> Iterator[Lab]:
    lab = Lab(f"t{uuid.uuid4().hex[:4]}-{worker_name}")
    yield lab
    lab.close()


@pytest.fixture(scope="session")
def worker_name() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
