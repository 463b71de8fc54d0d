"""No process is signalled but the vendor's own, whatever a pid file says and whoever has a pid by now."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.procfs import ProcProcess as Planted
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.services import odoo
from reconciler.machine.deadline import Deadline
from reconciler.machine.posix.system import PosixSystem
from reconciler.machine.processes import look
from reconciler.machine.system import ProcessId

from ...support import runs
from ...support.patience import PATIENCE
from ...support.real_process import there

VICTIM = 777
ODOO = ("/usr/bin/python3", "/home/pi/odoo/odoo-bin", "--config", "/home/pi/odoo.conf")
PI = 1000
MACHINE = PosixSystem()


@dataclass(frozen=True)
class Case:
    """What the pid file says, and whom that names."""

    title: str
    planted: Planted | None
    pid_file: bytes = b"777\n"


CASES = (
    Case("a program of root", Planted(VICTIM, ("/usr/sbin/sshd", "-D"), executable="/usr/sbin/sshd")),
    Case("a program of root that looks like Odoo", Planted(VICTIM, ODOO)),
    Case("one of another user", Planted(VICTIM, ODOO, uid=33)),
    Case("one that has become root", Planted(VICTIM, ODOO, uid=PI, effective=0)),
    Case("root's, begun by the service user", Planted(VICTIM, ODOO, uid=0, effective=PI)),
    Case("another program of the service user", Planted(VICTIM, ODOO, uid=PI, executable="/usr/bin/sudo")),
    Case("another script of the service user", Planted(VICTIM, ("python3", "odoo.py"), uid=PI)),
    Case("the first process", None, b"1\n"),
    Case("nobody", None),
    Case("a group", None, b"-777\n"),
    Case("every process", None, b"-1\n"),
    Case("zero", None, b"0\n"),
    Case("a word", None, b"odoo\n"),
    Case("nothing", None, b""),
    Case("a number that is none of a process", None, b"99999999999999999999\n"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
@pytest.mark.parametrize("arranged", [runs.fresh, runs.due], ids=["first reconcile", "renewal"])
def test_a_pid_file_has_nobody_signalled(case: Case, arranged: runs.Arrange) -> None:
    box = arranged("ro_flat").box
    if case.planted is not None:
        box.programs.others[VICTIM] = case.planted
    for path in (odoo.PID_FILE, "/run/odoo.pid"):
        box.host.write(path, case.pid_file)
    assert odoo.process(box, "pi") is None
    runs.reconcile(box)
    assert {pid for pid, _ in box.programs.signals} <= {box.odoo.pid}


DECOY = Planted(VICTIM, ODOO, uid=PI, started=5.0)
"""Nothing but what the program's own user could start, who may write the program's pid file."""


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini", "rw_newest"])
def test_a_pid_file_of_the_service_user_does_not_hide_odoo(kind: LayoutKind) -> None:
    box = runs.due(kind).box
    box.programs.others[VICTIM] = replace(DECOY, uid=box.spec.image.uid)
    box.host.write(odoo.PID_FILE, b"777\n")
    found = odoo.process(box, box.spec.image.service_user)
    assert found is not None
    assert found.id.pid == box.odoo.pid
    box.programs.signals.clear()
    runs.reconcile(box)
    assert {pid for pid, _ in box.programs.signals} == {box.odoo.pid}


def test_the_pid_file_of_the_sysv_script_is_asked_where_the_programs_own_is_of_no_use() -> None:
    box = runs.due("ro_flat").box
    box.host.write("/run/odoo.pid", box.host.read(odoo.PID_FILE))
    box.host.write(odoo.PID_FILE, b"1\n")
    box.programs.signals.clear()
    runs.reconcile(box)
    assert (box.odoo.pid, signal.SIGSTOP) in box.programs.signals
    assert not box.odoo.stopped


@pytest.mark.parametrize("planted", [case.planted for case in CASES if case.planted], ids=lambda each: str(each.uid))
def test_the_timer_signals_nobody_who_has_the_pid_by_now(planted: Planted) -> None:
    box = runs.managed("ro_ini").box
    found = odoo.process(box, "pi")
    assert found is not None
    assert odoo.hold(box, found)
    box.kill()
    box.odoo.signal(signal.SIGKILL)
    box.programs.others[found.id.pid] = Planted(found.id.pid, planted.arguments, started=30.0, uid=planted.uid)
    box.programs.signals.clear()
    box.sleep(90)
    assert box.programs.timers.fired
    assert box.programs.signals == []
    assert box.odoo.pid


def test_the_timer_uses_the_rights_of_the_service_user_only() -> None:
    """Were the start the same, too, a process of somebody else would still be safe."""
    box = runs.managed("ro_ini").box
    found = odoo.process(box, "pi")
    assert found is not None
    assert odoo.hold(box, found)
    box.kill()
    box.odoo.pid = 0
    box.programs.others[found.id.pid] = Planted(found.id.pid, ODOO, started=found.id.started / 100)
    box.programs.signals.clear()
    box.sleep(90)
    assert box.programs.timers.fired
    assert box.programs.signals == []


@pytest.mark.parametrize("name", ["python3", "a\nb", "a) S 1 1 1 (b", "", ")\n("])
def test_the_timer_wakes_odoo_whatever_it_calls_itself(name: str) -> None:
    box = runs.managed("ro_ini").box
    box.odoo.name, mark = name, odoo.start_mark(box)
    found = odoo.process(box, "pi")
    assert found is not None
    assert odoo.hold(box, found)
    box.kill()
    box.sleep(70)
    assert not box.odoo.stopped
    assert odoo.start_mark(box) != mark


@pytest.mark.parametrize("kind", runs.KINDS)
def test_the_timer_starts_an_odoo_that_is_gone(kind: LayoutKind) -> None:
    box = runs.managed(kind).box
    found = odoo.process(box, box.spec.image.service_user)
    assert found is not None
    assert odoo.hold(box, found)
    box.kill()
    box.odoo.stop()
    if box.spec.image.sysv:
        box.odoo.unit.up(0)  # as it stays over a dead process
    box.sleep(70)
    assert odoo.answers(box, Deadline.after(box, 10), 8069)


def test_a_pid_that_is_given_out_again_is_another_process() -> None:
    box = runs.managed("ro_ini").box
    box.programs.others[VICTIM] = Planted(VICTIM, ODOO, started=30.0)
    box.programs.signals.clear()
    with pytest.raises(ProcessLookupError):
        box.signal(ProcessId(VICTIM, 2999), signal.SIGSTOP)
    box.signal(ProcessId(VICTIM, 3000), signal.SIGSTOP)
    assert box.programs.signals == [(VICTIM, signal.SIGSTOP)]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-I", "-c", "input()", "odoo-bin"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def is_stopped(pid: int) -> bool:
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    return there(pid).stopped


def _may_look_into_others() -> bool:
    """Tell whether the kernel lets this process see what a process of another user runs, as it lets root on a box."""
    found = re.search(r"^CapEff:\s*([0-9a-f]+)$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return found is not None and bool(int(found[1], 16) >> _CAP_SYS_PTRACE & 1)


_CAP_SYS_PTRACE = 19
looks_into_others = pytest.mark.skipif(not _may_look_into_others(), reason="a container without CAP_SYS_PTRACE")


@looks_into_others
def test_what_the_kernel_says_of_a_process(sleeper: subprocess.Popen[bytes]) -> None:
    found = there(sleeper.pid)
    assert found.runs_as(os.getuid())
    assert not found.runs_as(os.getuid() + 1)
    assert Path(found.executable).samefile(sys.executable)
    assert found.arguments == (sys.executable, "-I", "-c", "input()", "odoo-bin")
    assert not found.stopped


def test_it_is_told_to_be_stopped(sleeper: subprocess.Popen[bytes]) -> None:
    MACHINE.signal(there(sleeper.pid).id, signal.SIGSTOP)
    assert is_stopped(sleeper.pid)


def no_descriptors(_: int) -> int:
    """Answer as a kernel before 5.3."""
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


KERNELS: dict[str, Callable[[int], int]] = {"with descriptors": os.pidfd_open, "without": no_descriptors}


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_signal_reaches_the_one_that_was_meant_and_nobody_else(
    kernel: str, sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "pidfd_open", KERNELS[kernel])
    meant = there(sleeper.pid).id
    with pytest.raises(ProcessLookupError):
        MACHINE.signal(ProcessId(meant.pid, meant.started + 1), signal.SIGKILL)
    assert sleeper.poll() is None
    MACHINE.signal(meant, signal.SIGKILL)
    assert sleeper.wait(PATIENCE) == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        MACHINE.signal(meant, signal.SIGKILL)


def test_the_number_of_a_thread_is_no_process() -> None:
    go = threading.Event()
    thread = threading.Thread(target=go.wait, args=(30,))
    thread.start()
    try:
        number = thread.native_id
        assert number is not None
        assert look(MACHINE, number) is None
        with pytest.raises(ProcessLookupError):
            MACHINE.signal(ProcessId(number, 1), 0)
    finally:
        go.set()
        thread.join()


@looks_into_others
@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
def test_one_that_may_become_root_again_is_not_the_users() -> None:
    source = "import os; os.setresuid(1000, 1000, 0); print(flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-I", "-c", source], **pipes) as process:  # type: ignore[call-overload]
        process.stdout.readline()
        assert not there(process.pid).runs_as(1000)
        process.kill()


@pytest.mark.parametrize("pid", [0, -1, -4711])
def test_a_signal_never_goes_to_a_group(pid: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("sent"))
    with pytest.raises(ProcessLookupError):
        MACHINE.signal(ProcessId(pid, 0), signal.SIGTERM)
    assert look(MACHINE, pid) is None


def test_a_name_cannot_pretend_to_a_start() -> None:
    box = SimulatedBox.clone(runs.managed("ro_ini").box)
    box.programs.others[VICTIM] = Planted(VICTIM, ("a) S 1 1 1 (b",), started=12.5)
    found = look(box, VICTIM)
    assert found is not None
    assert found.id.started == 1250
