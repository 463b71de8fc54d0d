"""What each signal does to a run, alone and a second time, with the terminal there and gone."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import COMMAND, Fleet, fleet
from tests.support.patience import PATIENCE
from tests.support.served_fleet import first_address

WAITING = "no further box is begun; waiting for 1 box"
UNREACHABLE = (4, 16)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("signals"), first_address(82), boxes=2) as up:
        yield up


_STALLED = """
all:
  hosts:
    stalled:
      ansible_host: 127.0.0.1
      ansible_port: {port}
      iot_https_resolvers: [1.1.1.1]
"""


@dataclass(frozen=True)
class Stalled:
    """One box, `stalled`, that says nothing to who connects, until it breaks all connections."""

    fleet: Fleet
    listener: socket.socket

    def break_off(self) -> None:
        """Break what is connected, and refuse what is not yet."""
        self.listener.close()


@pytest.fixture
def stalled(tmp_path: Path) -> Iterator[Stalled]:
    inventory, home = tmp_path / "hosts.yml", tmp_path / "home"
    home.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        inventory.write_text(_STALLED.format(port=listener.getsockname()[1]))
        yield Stalled(Fleet(inventory, home, iter(())), listener)


class Begun:
    """A run that works on its box just now, and waits for it as long as it takes."""

    def __init__(self, served: Fleet, events: Path, verb: str, *options: str, **how: Any) -> None:
        words = served.arguments(verb, "--events", str(events), *options)
        sound = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        env = {**served.env, "ANSIBLE_TIMEOUT": "3000"}
        self.process = subprocess.Popen(words, env=env, **{**sound, **how})
        self._events = events

    def until(self, kind: str) -> None:
        """Wait for an event."""
        while not self._events.exists() or f'"{kind}"' not in self._events.read_text():
            assert self.process.poll() is None
            time.sleep(0.02)

    def hears(self) -> str:
        """Wait for a line on standard error, and return it."""
        assert self.process.stderr is not None
        return str(self.process.stderr.readline().decode())

    def ended(self) -> tuple[int, str, str]:
        """Return status, standard output and standard error."""
        out, errors = self.process.communicate(timeout=100)
        return self.process.returncode, (out or b"").decode(), (errors or b"").decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_for_boxes_at_work_says_so_and_tells_the_truth(
    stalled: Stalled, tmp_path: Path, number: signal.Signals
) -> None:
    run = Begun(stalled.fleet, tmp_path / "events", "check", "stalled")
    run.until("box_started")
    run.process.send_signal(number)
    line = run.hears()
    stalled.break_off()
    status, out, errors = run.ended()
    assert (status in UNREACHABLE, errors) == (True, "")
    assert line.startswith(f"interrupted by {number.name}: {WAITING} (stalled), ")
    assert "a second signal: end without waiting" in line
    assert "The run was asked to end; every box had had its turn." in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_second_signal_ends_at_once(stalled: Stalled, tmp_path: Path, number: signal.Signals) -> None:
    run = Begun(stalled.fleet, tmp_path / "events", "check", "stalled", "--output", "json")
    run.until("box_started")
    run.process.send_signal(number)
    assert WAITING in run.hears()
    run.process.send_signal(number)
    began = time.monotonic()
    status, out, errors = run.ended()
    assert time.monotonic() - began < PATIENCE
    assert (status, json.loads(out)["interrupted"]) == (4, True)
    assert errors == "no longer waiting for 1 box (stalled)\n"


def _ignoring(number: signal.Signals) -> Callable[[], object]:
    return lambda: signal.signal(number, signal.SIG_IGN)


@pytest.mark.parametrize(
    ("number", "how"),
    [
        pytest.param(signal.SIGHUP, {"preexec_fn": _ignoring(signal.SIGHUP)}, id="nohup"),
        pytest.param(signal.SIGINT, {"preexec_fn": _ignoring(signal.SIGINT)}, id="job in the background"),
        pytest.param(signal.SIGPIPE, {}, id="SIGPIPE"),
    ],
)
def test_what_does_not_mean_this_run_does_not_end_it(
    stalled: Stalled, tmp_path: Path, number: signal.Signals, how: dict[str, Any]
) -> None:
    run = Begun(stalled.fleet, tmp_path / "events", "check", "stalled", "--output", "json", **how)
    run.until("box_started")
    run.process.send_signal(number)
    stalled.break_off()
    status, out, errors = run.ended()
    assert status in UNREACHABLE
    assert (json.loads(out)["interrupted"], errors) == (False, "")


def test_a_terminal_that_goes_away_ends_a_run_whose_report_is_kept(served: Fleet, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()

    def take_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    streams: dict[str, Any] = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    how: dict[str, Any] = {"start_new_session": True, "preexec_fn": take_terminal, **streams}
    run = Begun(served, tmp_path / "events", "reconcile", served.fresh(), "--yes", **how)
    os.close(theirs)
    run.until("box_checked")
    journal = next(served.home.glob("iot-https/*/journal.jsonl"), None)
    while journal is None or "began" not in journal.read_text():
        journal = next(served.home.glob("iot-https/*/journal.jsonl"), None)
        time.sleep(0.02)
    os.close(ours)
    assert run.ended()[0] == 2 + 32
    kept = next(served.home.glob("iot-https/*/lost-report.json"))
    assert [each["state"] for each in json.loads(kept.read_text())["boxes"]] == ["changed"]


def test_a_signal_before_any_box_is_one_line(served: Fleet, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts.yml"
    os.mkfifo(hosts)
    words = [*COMMAND, "check", "-i", str(hosts)]
    with subprocess.Popen(words, env=served.env, stderr=subprocess.PIPE) as running, hosts.open("wb"):
        running.send_signal(signal.SIGTERM)  # it reads its inventory now
        _, errors = running.communicate(timeout=100)
    assert (running.returncode, errors) == (1, b"iot-https: interrupted by SIGTERM\n")


@pytest.mark.parametrize(("verb", "status"), [(("check", "healthy"), 1), (("reconcile", "BOX", "--yes"), 2 + 32)])
def test_a_report_whose_reader_stalls_can_be_given_up(
    served: Fleet, tmp_path: Path, verb: tuple[str, ...], status: int
) -> None:
    reader, writer = os.pipe()
    os.write(writer, bytes(fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ)))
    words = [served.fresh() if each == "BOX" else each for each in verb]
    run = Begun(served, tmp_path / "events", *words, stdout=writer)
    run.until("run_finished")
    while run.process.poll() is None:  # one of these comes while the report is being written
        run.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
    ended, _, errors = run.ended()
    os.close(reader)
    os.close(writer)
    assert ended == status
    assert "the report was not read to its end before SIGTERM" in errors.splitlines()[-1]


EXECUTING = """
import sys
from reconciler import cli
cli._run = lambda _: exec("import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
sys.exit(cli.main())
"""


def test_a_signal_amid_an_import_ends_with_our_status(tmp_path: Path) -> None:
    """`python -m` ends by SIGINT where KeyboardInterrupt left the `exec` of a text, though it was caught."""
    (tmp_path / "executing.py").write_text(EXECUTING)
    words = [sys.executable, "-m", "executing"]
    ended = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=100, check=False)
    assert (ended.returncode, ended.stderr) == (1, b"iot-https: interrupted by SIGTERM\n")


SWALLOWING = """
import os, signal, sys, time
from reconciler import cli

class Collected:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)

def swallow_and_stall(_):
    Collected()
    while True:
        time.sleep(0.01)

cli._run = swallow_and_stall
sys.exit(cli.main())
"""


def test_a_signal_that_python_swallows_is_followed_by_the_next(tmp_path: Path) -> None:
    """What is raised while an object is collected goes nowhere."""
    (tmp_path / "swallowing.py").write_text(SWALLOWING)
    words = [sys.executable, "-m", "swallowing"]
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        assert b"ignored" in running.stderr.readline()
        while running.poll() is None:
            running.send_signal(signal.SIGTERM)
            time.sleep(0.1)
        assert running.stderr.read().endswith(b"iot-https: interrupted by SIGTERM\n")
    assert running.returncode == 1
