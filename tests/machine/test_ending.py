"""SIGTERM ends the program at once, unless something must not be left half done: then as soon as that is over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.machine.ending import End, Stopped

ROOT = Path(__file__).parents[2]
PRELUDE = """
import os, signal
from reconciler.machine import ending
from reconciler.machine.posix.system import PosixSystem
from reconciler.machine.posix.process import run_program
system = PosixSystem()
ending.keep_on()
def term(): os.kill(os.getpid(), signal.SIGTERM)
"""
CASES = {
    "at once": ("try:\n    term()\nexcept ending.Stopped:\n    print('stopped')", "stopped"),
    "put off": ("system.put_off_end()\nterm()\nprint(system.is_told_to_end())", "True"),
    "not told": ("system.put_off_end()\nprint(system.is_told_to_end())\nsystem.accept_end()", "False"),
    "put off, then accepted": (
        "system.put_off_end()\nterm()\ntry:\n    system.accept_end()\nexcept ending.Stopped:\n    print('stopped')",
        "stopped",
    ),
    "at once again": (
        "system.put_off_end()\nsystem.accept_end()\ntry:\n    term()\nexcept ending.Stopped:\n    print('stopped')",
        "stopped",
    ),
    "once": (
        (
            "system.put_off_end()\nterm()\nterm()\ntry:\n    system.accept_end()\nexcept ending.Stopped:\n    term()\n"
            "system.accept_end()\nprint('stopped once')"
        ),
        "stopped once",
    ),
    "a program that runs meanwhile goes on": (
        (
            "system.put_off_end()\n"
            "done = run_program(('sh', '-c', f'kill {os.getpid()}; echo whole'), 5)\n"
            "print(done.output.strip(), system.is_told_to_end())"
        ),
        "whole True",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_when_sigterm_ends_the_program(case: str) -> None:
    code, said = CASES[case]
    command = [sys.executable, "-c", PRELUDE + code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=100)
    assert (done.stdout.strip(), done.returncode) == (said, 0), done.stderr


def test_an_end_that_waited_is_told_once() -> None:
    end = End()
    end.is_put_off = True
    end.tell()
    with pytest.raises(Stopped):
        end.accept()
    end.accept()
