"""A box has no rich, and nobody waits for it who wants JSON: reports import it when they draw."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "text",
        "json_report",
        "events",
        "fleet_text",
        "plan_text",
        "progress",
        "table",
        "chain_text",
        "diagnosis_text",
        "work_order",
    ],
)
def test_no_heavy_library_is_imported_before_it_is_needed(module: str) -> None:
    script = f"import sys, reconciler.report.{module}; print(*({{'rich', 'jinja2', 'asyncio'}} & sys.modules.keys()))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []
