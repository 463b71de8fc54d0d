"""The program goes on when whoever sent it has gone, and puts things in order when it is told to stop."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reconciler.model import framing

from ..support.patience import PATIENCE

REPOSITORY = Path(__file__).resolve().parents[2]
REQUEST = json.dumps({"desired": {"name": "till"}, "version": 2})

DRIVER = """
import os, signal, sys, time
import reconciler.box.__main__ as program
from reconciler.model.desired import Mode
from reconciler.results.result import Result
from datetime import datetime, timezone

def run(system, request):
    try:
        os.kill(os.getpid(), getattr(signal, "SIG" + sys.argv[1]))
        for number in (signal.SIGHUP, signal.SIGINT):
            print(number.name, signal.getsignal(number) is signal.SIG_IGN, file=sys.stderr)
        now = datetime.now(timezone.utc)
        return Result(name="till", mode=Mode.CHECK, started_at=now, seconds=0.0, before=(), after=())
    finally:
        if sys.argv[1] == "TERM":
            os.kill(os.getpid(), signal.SIGTERM)
        print("in order", file=sys.stderr)

program.run = run
program.main(sys.argv[2].encode())
"""
"""The program with a run that sends itself a signal in the middle."""


def start(signal: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", DRIVER, signal, REQUEST]
    return subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def reply(output: str) -> dict[str, Any]:
    found = framing.find(output.encode())
    assert found
    return dict(json.loads(output.encode()[slice(*found)]))


@pytest.mark.parametrize("signal", ["HUP", "INT"])
def test_loss_of_the_terminal_does_not_end_a_run(signal: str) -> None:
    output, errors = start(signal).communicate(timeout=PATIENCE)
    assert reply(output)["result"]["name"] == "till"
    assert errors.splitlines() == ["SIGHUP False", "SIGINT False", "in order"]


def test_told_to_stop_it_puts_things_in_order_and_says_so() -> None:
    process = start("TERM")
    output, errors = process.communicate(timeout=PATIENCE)
    assert errors.splitlines() == ["in order"]
    assert reply(output)["error"].startswith("it was told to stop (SIGTERM)")
    assert process.returncode == 0


def test_reply_that_nobody_reads_is_no_error() -> None:
    process = start("HUP")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert "in order" in process.stderr.read()
    assert process.wait(PATIENCE) == 0
