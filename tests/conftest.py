"""What every part of the suite shares: a tally of what the crash tests went through, printed at the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.tally import TALLY


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
