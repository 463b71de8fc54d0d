"""What every part of the suite shares: its order, and a tally of what the crash tests went through, printed last."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from tests.support.tally import TALLY

LONGEST = (
    "test_crash.py",
    "test_a_moment_of_real_fuzzing",
    "test_no_canary_comes_out",
    "test_playbooks.py",
    "test_run_races.py",
)
"""What takes ten seconds and more begins first, so that at the end no worker is left alone with it."""


def pytest_configure() -> None:
    """Forget what a program inherits: the width of a terminal, which texts follow, and signals that nohup ignores."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make soak`."""
    parser.addoption("--soak", action="store_true", help="run the long forms of tests, and nothing else")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long forms, or all else; put the longest first; the rest stays in its order."""
    wanted = bool(config.getoption("--soak"))
    left_out = [item for item in items if (item.get_closest_marker("soak") is not None) != wanted]
    items[:] = [item for item in items if (item.get_closest_marker("soak") is not None) == wanted]
    config.hook.pytest_deselected(items=left_out)

    def place(item: pytest.Item) -> int:
        return next((place for place, name in enumerate(LONGEST) if name in item.nodeid), len(LONGEST))

    items.sort(key=place)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's tally to the process that prints."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["tally"] = dict(TALLY)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Add a worker's tally."""
    TALLY.update(getattr(node, "workeroutput", {}).get("tally", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the tally."""
    for what, number in sorted(TALLY.items()):
        terminalreporter.write_line(f"{what}: {number}")
