"""A restart is heard, and Odoo runs after it, whatever became of the signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.services import odoo, restart, resume_timer
from reconciler.machine.deadline import Deadline
from reconciler.machine.posix.system import PosixSystem
from reconciler.machine.processes import Process, started
from reconciler.machine.system import ProcessId, System
from reconciler.model.repair import RepairKind, RestartWay

from ...support import runs
from ...support.patience import PATIENCE
from ...support.real_process import there

MACHINE = PosixSystem()
STAND_IN = Path(__file__).parents[3] / "molecule/images/vendor"
SLEEPER = f"""
import sys, threading, time
sys.path.insert(0, {str(STAND_IN)!r})
from standin.sleeper import Sleeper
exec(sys.argv[1])
for _ in range(3):
    threading.Thread(target=lambda: [time.sleep(0.05) for _ in range(2000)], daemon=True).start()
print("starts", flush=True)
exec(sys.argv[2])
sleeper = Sleeper(lambda: None, lambda: None)
print("sleeps", flush=True)
sys.exit(sleeper.sleep() + 100)
"""
RESTARTS = signal.SIGHUP + 100
"""Its exit status once its main thread has obeyed a HUP."""
Sleeping = subprocess.Popen[str]
LOADS_UNTIL_TOLD = "sys.stdin.readline()"


class Meanwhile:
    """This machine, on which a process loads on once somebody has looked at it in vain and waits."""

    def __init__(self, process: Sleeping) -> None:
        self._process, self.slept = process, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(MACHINE, name)

    def sleep(self, seconds: float) -> None:
        """Wait as ever: first for what was continued to settle, from the second time on for the handlers."""
        self.slept += 1
        if self.slept == 2:
            assert self._process.stdin is not None
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        MACHINE.sleep(seconds)


@contextmanager
def sleeper(begins: str = "", loads: str = "", until: str = "sleeps") -> Iterator[Sleeping]:
    """Run the main thread of the lab's Odoo, and three other threads; what it loads may wait for its standard input."""
    command = [sys.executable, "-I", "-c", SLEEPER, begins, loads]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != until:
            assert process.poll() is None
        yield process
        process.kill()


def stop(process: Sleeping) -> None:
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)


def state(process: Sleeping) -> str:
    return Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


def test_each_hangup_of_a_held_process_is_heard() -> None:
    for _ in range(8):
        with sleeper() as process:
            stop(process)
            assert restart.hang_up(MACHINE, Deadline.after(MACHINE, 60), there(process.pid))
            assert process.wait(PATIENCE) == RESTARTS


def test_of_hangups_to_a_stopped_process_some_are_lost() -> None:
    """Else the test above would show nothing."""
    with ExitStack() as stack:
        processes = [stack.enter_context(sleeper()) for _ in range(12)]
        for process in processes:
            stop(process)
            process.send_signal(signal.SIGHUP)
            process.send_signal(signal.SIGCONT)
        time.sleep(1)
        assert any(process.poll() is None for process in processes)


def test_a_process_is_not_told_before_it_has_handlers() -> None:
    with sleeper(loads=LOADS_UNTIL_TOLD, until="starts") as process:
        assert not there(process.pid).catches(signal.SIGHUP)
        meanwhile = Meanwhile(process)
        machine = cast(System, meanwhile)
        assert restart.hang_up(machine, Deadline.after(machine, 60), there(process.pid))
        assert meanwhile.slept >= 2
        assert process.wait(PATIENCE) == RESTARTS


def test_a_process_that_is_gone_is_not_told() -> None:
    with sleeper() as process:
        found = there(process.pid)
        process.kill()
        process.wait()
        assert not restart.hang_up(MACHINE, Deadline.after(MACHINE, 60), found)


BECOMES_PI = "import os; os.setgroups([]); os.setresgid(1000, 1000, 1000); os.setresuid(1000, 1000, 1000)"
NAMES = (b"python3", b"a\nb", b"a) S 1 1 (", b")\n(", b"")
only_root = pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")


def of_pi(process: Sleeping, *, later: int = 0) -> Process:
    """What the timer is told of a process; its start can be another's."""
    start = started(Path(f"/proc/{process.pid}/stat").read_bytes()) + later
    return Process(ProcessId(process.pid, start), (1000,) * 4, (1000,) * 4, "", (), stopped=True)


@contextmanager
def timer(process: Process, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run what the timer runs, with a `service` that writes down what it was asked for."""
    (folder / "service").write_text(f'#!/bin/sh\necho "$@" >> {folder}/asked\n')
    (folder / "service").chmod(0o755)
    which = (str(process.id.pid), str(process.id.started), str(process.uids[0]), str(process.gids[0]), "start")
    command = ["/bin/sh", "-c", resume_timer.SCRIPT, "sh", *which]
    with subprocess.Popen(command, env={"PATH": f"{folder}:{os.environ['PATH']}"}) as running:
        yield running


@only_root
@pytest.mark.parametrize("name", NAMES)
def test_the_timer_wakes_a_process_whatever_its_name(name: bytes, tmp_path: Path) -> None:
    named = f"import ctypes; ctypes.CDLL(None).prctl(15, {name!r})"  # PR_SET_NAME
    with sleeper(begins=f"{named}; {BECOMES_PI}") as process:
        stop(process)
        with timer(of_pi(process), tmp_path) as running:
            assert process.wait(PATIENCE) == RESTARTS
            assert running.wait(PATIENCE) == 0
        assert (tmp_path / "asked").read_text() == "odoo start\n"


@only_root
def test_the_timer_does_not_tell_a_process_without_handlers(tmp_path: Path) -> None:
    with sleeper(begins=BECOMES_PI, loads=LOADS_UNTIL_TOLD, until="starts") as process:
        stop(process)
        with timer(of_pi(process), tmp_path) as running:
            running.wait(PATIENCE)
        assert state(process) == "S"
        assert not (tmp_path / "asked").exists()


@only_root
def test_the_timer_signals_nobody_of_another_start(tmp_path: Path) -> None:
    with sleeper(begins=BECOMES_PI) as process:
        stop(process)
        with timer(of_pi(process, later=1), tmp_path) as running:
            running.wait(PATIENCE)
        assert state(process) == "T"
        assert (tmp_path / "asked").read_text() == "odoo start\n"


def restarted(
    box: SimulatedBox, way: RestartWay = RestartWay.AT_ONCE, wake: Callable[[], None] = lambda: None
) -> float:
    """Restart Odoo; return how many seconds that took."""
    before = box.monotonic()
    done = restart.restart(box, box.spec.image.service_user, Deadline.after(box, 240), 8069, wake)
    assert done == restart.Restarted(way)
    assert odoo.answers(box, Deadline.after(box, 5), 8069)
    return box.monotonic() - before


def held(box: SimulatedBox) -> None:
    found = odoo.process(box, box.spec.image.service_user)
    assert found is not None
    odoo.hold(box, found)


def told_by_somebody(box: SimulatedBox) -> None:
    """Lose a HUP of somebody else, as a `kill` right after a hold does."""
    for number in (signal.SIGSTOP, signal.SIGHUP, signal.SIGCONT):
        box.odoo.signal(number)


def starting(box: SimulatedBox) -> None:
    box.odoo.signal(signal.SIGHUP)
    box.sleep(0.5)


def dead(box: SimulatedBox) -> None:
    starting(box)
    box.odoo.signal(signal.SIGHUP)
    assert not box.odoo.pid


SITUATIONS: tuple[tuple[Callable[[SimulatedBox], None], float], ...] = (
    (lambda _: None, 3.0),
    (held, 3.0),
    (told_by_somebody, 3.0),
    (starting, 4.0),
    (dead, 3.0),
)


@pytest.mark.parametrize("kind", runs.KINDS)
@pytest.mark.parametrize(("arrange", "seconds"), SITUATIONS, ids=["runs", "held", "told before", "starts", "dead"])
def test_restart(kind: LayoutKind, arrange: Callable[[SimulatedBox], None], seconds: float) -> None:
    box = runs.managed(kind).box
    arrange(box)
    starts = box.odoo.starts
    assert restarted(box, RestartWay.BY_SYSTEMD if arrange is dead else RestartWay.AT_ONCE) < seconds
    assert box.odoo.starts > starts


def test_a_lost_hangup_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that is too busy to wake all threads in time."""
    for name in ("_CONTINUED_SECONDS", "_SETTLES_SECONDS"):
        monkeypatch.setattr(restart, name, 0.0)
    box = runs.managed("ro_ini").box
    held(box)
    assert 6 < restarted(box, RestartWay.TOLD_TWICE) < 10


def test_systemd_is_waited_for_longer_than_it_waits_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    box = runs.managed("ro_ini").box
    told_by_somebody(box)
    monkeypatch.setattr(restart, "hang_up", lambda *_: False)
    assert 90 < restarted(box, RestartWay.BY_SYSTEMD) < 95


@pytest.mark.parametrize("kind", runs.KINDS)
@pytest.mark.parametrize("times", [1, 2])
def test_what_is_ended_in_its_start_is_started(kind: LayoutKind, times: int) -> None:
    box = runs.managed(kind).box
    left = [times]

    def strike() -> None:
        if box.odoo.pid and not box.odoo.sleeper.catches and left[0]:
            left[0] -= 1
            box.odoo.signal(signal.SIGHUP)
        box.clock.later(0.5, strike)

    strike()
    assert restarted(box, RestartWay.BY_SYSTEMD) < 60
    assert left == [0]


def test_one_that_is_gone_is_started_however_little_time_is_left() -> None:
    box = runs.managed("ro_ini").box
    dead(box)
    restart.restart(box, "pi", Deadline.after(box, 0), 8069)
    box.sleep(5)
    assert odoo.answers(box, Deadline.after(box, 5), 8069)


def test_the_timer_is_there_until_the_program_was_told() -> None:
    box = runs.managed("ro_ini").box
    held(box)
    sent: list[int] = []

    def wake() -> None:
        assert box.programs.timers.waiting
        sent.extend(number for _, number in box.programs.signals)

    box.programs.signals.clear()
    restarted(box, wake=wake)
    assert sent == [signal.SIGCONT, signal.SIGHUP]


@pytest.mark.parametrize("kind", runs.KINDS)
def test_no_run_with_a_restart_waits_for_a_lost_signal(kind: LayoutKind) -> None:
    box = runs.fresh(kind).box
    before = box.monotonic()
    result = runs.reconcile(box)
    assert RepairKind.RESTART_ODOO in [each.repair.kind for each in result.outcomes]
    assert runs.codes(result) == []
    assert box.monotonic() - before < 20
