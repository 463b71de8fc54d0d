"""`--events` into files and pipes of every kind: what is lost is warned about once, and nobody waits for a reader."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.event_file import LAST_SECONDS, EventFile
from reconciler.results.events import Event, EventKind
from tests.support.command import Fleet, fleet
from tests.support.observed import NOW
from tests.support.served_fleet import first_address

EVENT = Event(kind=EventKind.WARNING, at=NOW, detail="more than a pipe holds: " * 10_000)
EVENTS = 20


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("events"), first_address(81), boxes=0) as up:
        yield up


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def check(served: Fleet, events: Path | str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    words = served.arguments("check", "healthy", "--events", str(events))
    return served.run(words, capture_output=True, **how)


def test_a_pipe_that_nobody_reads_holds_up_nothing(served: Fleet, pipe: Path) -> None:
    done = check(served, pipe)
    assert done.returncode == 0
    assert done.stderr.decode() == f"warning: --events {pipe}: nobody reads this pipe; no events were written\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_run_whose_reader_stalls_can_be_ended(served: Fleet, pipe: Path, number: signal.Signals) -> None:
    words = served.arguments("check", "healthy", "--jitter", "3600", "--events", str(pipe))
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, env=served.env, **streams) as running, pipe.open("rb") as reader:
        assert json.loads(reader.readline())["kind"] == "run_started"
        running.send_signal(number)
        out, _ = running.communicate(timeout=100)
    assert running.returncode == 4
    assert b"not attempted" in out


def test_a_reader_that_comes_late_gets_all(served: Fleet, pipe: Path) -> None:
    words = served.arguments("check", "healthy", "--events", str(pipe))
    with subprocess.Popen(words, env=served.env, stdout=subprocess.DEVNULL) as running:
        lines = [json.loads(line) for line in pipe.read_text().splitlines()]
    assert running.returncode == 0
    assert [lines[0]["kind"], lines[-1]["kind"]] == ["run_started", "run_finished"]


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("directory", "it is a directory: name a file or a pipe"),
        ("socket", "it is a socket: name a file or a pipe"),
        ("/dev/full", "it is a device: name a file or a pipe"),
        ("/dev/stdout", "it is standard output, which is for the result: name another file or pipe"),
        ("no/folder", "No such file or directory"),
        ("closed", "Permission denied"),
    ],
)
def test_what_is_no_file_is_refused_before_anything_is_begun(
    served: Fleet, tmp_path: Path, kind: str, why: str
) -> None:
    path = tmp_path / kind
    if kind == "directory":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    elif kind == "closed":
        if os.getuid() == 0:
            pytest.skip("root may write everything")
        path.touch(mode=0o400)
    done = check(served, path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"iot-https: --events {path}: {why}\n"


def test_a_disk_that_fills_ends_the_events_and_nothing_else(served: Fleet, tmp_path: Path) -> None:
    events = tmp_path / "events"
    events.write_bytes(bytes(1 << 20))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, ((1 << 20) + 10, (1 << 20) + 10))

    done = check(served, events, preexec_fn=limit)
    assert (done.returncode, b"1 in sync" in done.stdout) == (0, True)
    expected = f"warning: --events {events}: File too large; no further events are written there\n"
    assert done.stderr.decode() == expected


def test_a_reader_that_goes_away_is_an_error_of_the_events_only(pipe: Path) -> None:
    warnings: list[str] = []
    file = EventFile(pipe, warnings.append)
    pipe.open("rb").close()
    file(EVENT)
    file._thread.join()
    with pytest.raises(BrokenPipeError):
        file(EVENT)
    with pytest.raises(BrokenPipeError):
        file.close()
    assert warnings == []


def test_a_reader_that_stalls_is_warned_about_once_and_waited_for_no_longer(pipe: Path) -> None:
    warnings: list[str] = []
    file = EventFile(pipe, warnings.append, longest=3)
    with pipe.open("rb"):
        for _ in range(EVENTS):
            file(EVENT)
        began = time.monotonic()
        file.close()
        assert time.monotonic() - began < 5 * LAST_SECONDS
    assert warnings == [
        "its reader is too slow; events are dropped",
        "its reader does not read on; the last events are not written",
    ]


def test_a_reader_that_stalls_and_goes_on_gets_what_was_not_dropped(pipe: Path) -> None:
    warnings: list[str] = []
    file = EventFile(pipe, warnings.append, longest=3)
    read: list[bytes] = []
    with pipe.open("rb") as reader:
        for _ in range(EVENTS):
            file(EVENT)
        rest = threading.Thread(target=lambda: read.extend(reader))
        rest.start()
        file.close(seconds=60)
        rest.join()
    dropped = EVENTS - len(read)
    assert dropped > 0
    assert warnings == ["its reader is too slow; events are dropped", f"events dropped: {dropped}"]
    assert all(json.loads(line)["kind"] == "warning" for line in read)
