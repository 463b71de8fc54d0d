"""Each row of the table of managers, and the threads of a process of this machine."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from reconciler.box.services.log_lines import parse, plain
from reconciler.box.services.manager import Threads, threads_of, told, verdict
from reconciler.machine.posix.system import PosixSystem
from reconciler.machine.processes import started
from reconciler.machine.system import ProcessId

from .table_manager import ROWS, Row


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_manager_is_judged(row: Row) -> None:
    seen = verdict(row.crew, row.threads, told(row.log, row.start))
    assert (seen.dead, seen.error) == (row.dead, row.error)


def test_threads_of_a_process_are_read_with_their_ages() -> None:
    ready, end = threading.Event(), threading.Event()

    def stay() -> None:
        ready.set()
        end.wait()

    thread = threading.Thread(target=stay)
    thread.start()
    ready.wait()
    try:
        me = ProcessId(os.getpid(), started(Path("/proc/self/stat").read_bytes()))
        seen = threads_of(PosixSystem(), me)
        number = len(list(Path("/proc/self/task").iterdir()))
    finally:
        end.set()
        thread.join()
    assert seen.number == number
    assert all(-0.1 < age < time.clock_gettime(time.CLOCK_BOOTTIME) for age in seen.ages)
    assert seen.ages[0] >= seen.ages[-1]


def test_threads_of_nobody_are_none() -> None:
    assert threads_of(PosixSystem(), ProcessId(1 << 30, 0)) == Threads()


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ("2026-11-28 07:00:40,323 74 WARNING ? odoo.addons.x: text ", "2026-11-28 07:00:40.323000", "text "),
        (
            "2026-11-28 07:00:40,323 74 \x1b[1;33m\x1b[1;49mWARNING\x1b[0m ? odoo.addons.x: te\x1b[0mxt",
            "2026-11-28 07:00:40.323000",
            "text",
        ),
        ("\x1b]0;title\x07\x1b[31mTraceback", "None", "Traceback"),
        ("2026-13-28 07:00:40,323 74 WARNING ? odoo: text", "None", "text"),
        ("07:00:40 ⚠ odoo.addons.x: text", "None", "07:00:40 ⚠ odoo.addons.x: text"),
    ],
)
def test_a_line_is_taken_apart(line: str, at: str, words: str) -> None:
    found = parse(line)
    assert (str(found.at), found.words) == (at, words)


@pytest.mark.parametrize("text", ["\x1b[31", "\x1b]0;title", "\x9b31mx", "a\x1b\x1b[0mb", "\x1b[?25l", "a\rb\x08\x00"])
def test_nothing_that_moves_a_cursor_is_left(text: str) -> None:
    assert all(each.isprintable() for each in plain(text))
