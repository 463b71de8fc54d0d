"""The vendor's process: signals, starts and stops, crashes, and the thread that dies for good."""

from __future__ import annotations

import signal

import pytest

from iotbox_simulator.boxes.arrange import install_pair, link
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.image import INI, KEY, LOG
from iotbox_simulator.machine.network import SharedWorld
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import Pair, mismatched
from reconciler.box.services import odoo as tool
from reconciler.box.services import restart
from reconciler.machine.deadline import Deadline
from reconciler.machine.processes import Process
from reconciler.machine.system import ProcessId
from reconciler.model.repair import RestartWay

from .conftest import MakeBox

PID_FILE = "/run/odoo/odoo.pid"
KINDS: tuple[LayoutKind, ...] = ("ro_ini", "rw_ini")


def hello(box: SimulatedBox) -> bytes:
    return box.get("http://127.0.0.1:8069/hw_proxy/hello", 5.0, 64).body


def process(box: SimulatedBox) -> Process:
    found = tool.process(box, box.spec.image.service_user)
    assert found is not None
    return found


def property_of(box: SimulatedBox, name: str) -> str:
    return box.run(("systemctl", "show", "-p", name, "--value", "odoo"), 5.0).output.strip()


def test_hangup_restarts_in_place(box: SimulatedBox) -> None:
    pid, mark = box.odoo.pid, box.status(PID_FILE).mtime
    box.odoo.signal(signal.SIGHUP)
    with pytest.raises(ConnectionRefusedError):
        hello(box)
    assert box.status(PID_FILE).mtime == mark
    box.sleep(1.2)
    assert hello(box) == b"ping"
    assert box.odoo.pid == pid
    assert box.status(PID_FILE).mtime > mark


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini", "rw_newest"])
def test_the_tools_own_restart_works(make_box: MakeBox, kind: LayoutKind) -> None:
    box = make_box(kind)
    before = box.monotonic()
    done = restart.restart(box, box.spec.image.service_user, Deadline.after(box, 200), 8069)
    assert done == restart.Restarted(RestartWay.AT_ONCE)
    assert box.monotonic() - before < 3


def test_held_process_is_reachable_and_silent(box: SimulatedBox) -> None:
    tool.hold(box, process(box))
    assert process(box).stopped
    before = box.monotonic()
    with pytest.raises(TimeoutError):
        hello(box)
    assert box.monotonic() - before == pytest.approx(5.0, abs=0.1)
    assert tool.release(box, process(box).id) == ()
    assert hello(box) == b"ping"
    box.sleep(100)
    assert box.programs.timers.fired == []


def test_timer_wakes_and_restarts_a_held_process_when_the_tool_died(box: SimulatedBox) -> None:
    mark = tool.start_mark(box)
    tool.hold(box, process(box))
    box.kill()
    box.sleep(59)
    assert process(box).stopped
    box.sleep(5)
    assert not process(box).stopped
    assert tool.start_mark(box) != mark
    assert hello(box) == b"ping"


STOP, CONT, HUP, TERM = signal.SIGSTOP, signal.SIGCONT, signal.SIGHUP, signal.SIGTERM
WAYS: tuple[tuple[str, tuple[int | float, ...], bool], ...] = (
    ("to one that runs", (HUP,), True),
    ("while it is stopped", (STOP, HUP, CONT), False),
    ("as soon as it runs on", (STOP, CONT, HUP), False),
    ("hardly later", (STOP, CONT, 0.1, HUP), False),
    ("after a moment", (STOP, CONT, 0.3, HUP), True),
    ("twice", (STOP, HUP, CONT, 0.3, HUP), True),
    ("and a TERM, which is lost", (STOP, HUP, CONT, 0.3, TERM), True),
)


@pytest.mark.parametrize(("title", "acts", "at_once"), WAYS, ids=lambda each: each if isinstance(each, str) else "")
def test_a_signal_that_the_main_thread_does_not_get_is_a_minute_late(
    box: SimulatedBox, title: str, acts: tuple[int | float, ...], *, at_once: bool
) -> None:
    mark, pid = tool.start_mark(box), box.odoo.pid
    for act in acts:
        if isinstance(act, float):
            box.sleep(act)
        else:
            box.odoo.signal(act)
    box.sleep(55)
    assert (tool.start_mark(box) != mark) is at_once
    box.sleep(10)
    assert tool.start_mark(box) != mark
    assert box.odoo.pid == pid
    assert hello(box) == b"ping"


@pytest.mark.parametrize(("kind", "seconds"), [("ro_flat", 3), ("ro_ini", 90), ("rw_newest", 90)])
def test_systemd_kills_what_lost_its_term(make_box: MakeBox, kind: LayoutKind, seconds: int) -> None:
    box = make_box(kind)
    for number in (STOP, HUP, CONT):
        box.odoo.signal(number)
    before = box.monotonic()
    assert box.run(("service", "odoo", "restart"), 120.0).status == 0
    assert box.monotonic() - before == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize("number", [HUP, TERM])
def test_before_it_has_handlers_a_signal_ends_it_for_good(box: SimulatedBox, number: int) -> None:
    box.odoo.signal(HUP)
    box.sleep(0.5)
    box.odoo.signal(number)
    box.sleep(60)
    assert property_of(box, "ActiveState") == "inactive"
    assert not box.odoo.pid


def test_systemd_stops_starting_one_that_fails_where_there_is_a_limit(make_box: MakeBox) -> None:
    states = {}
    for kind in KINDS:
        box = make_box(kind)
        for _ in range(7):
            box.run(("service", "odoo", "restart"), 60.0)
        states[kind] = property_of(box, "Result")
    assert states == {"ro_ini": "start-limit-hit", "rw_ini": "success"}


def test_signal_to_nobody(box: SimulatedBox) -> None:
    with pytest.raises(ProcessLookupError):
        box.signal(ProcessId(99999, 0), 0)


def test_terminated_it_stays_down_and_killed_it_comes_back(box: SimulatedBox) -> None:
    box.odoo.signal(signal.SIGKILL)
    assert property_of(box, "ActiveState") == "activating"
    box.sleep(12)
    assert hello(box) == b"ping"
    box.odoo.signal(signal.SIGTERM)
    box.sleep(60)
    assert (property_of(box, "ActiveState"), property_of(box, "MainPID")) == ("inactive", "0")


def test_long_poll_makes_systemd_wait(box: SimulatedBox) -> None:
    box.odoo.long_poll = True
    before = box.monotonic()
    box.run(("systemctl", "stop", "odoo"), 90.0)
    assert box.monotonic() - before == pytest.approx(50, abs=1)


def test_program_that_takes_too_long_is_given_up(box: SimulatedBox) -> None:
    box.odoo.long_poll = True
    before = box.monotonic()
    with pytest.raises(TimeoutError):
        box.run(("service", "odoo", "restart"), 10.0)
    assert box.monotonic() - before == pytest.approx(10.0)


def test_sysv_unit_hides_that_the_process_is_dead(make_box: MakeBox) -> None:
    box = make_box("ro_flat")
    assert property_of(box, "MainPID") == "0"
    box.odoo.signal(signal.SIGKILL)
    box.sleep(60)
    assert box.run(("systemctl", "is-active", "odoo"), 5.0).status == 0
    box.run(("systemctl", "start", "odoo"), 60.0)
    box.sleep(5)
    assert not box.odoo.pid
    box.run(("service", "odoo", "restart"), 60.0)
    box.sleep(5)
    assert hello(box) == b"ping"


@pytest.mark.parametrize(
    ("kind", "dead"), [("ro_oldest", False), ("ro_flat", True), ("ro_ini", True), ("ro_ini_18", True), ("rw_ini", True)]
)
def test_bad_pair_at_the_start_kills_the_manager(
    make_box: MakeBox, pair: Pair, kind: LayoutKind, *, dead: bool
) -> None:
    box = make_box(kind)
    install_pair(box, mismatched(pair))
    restart.restart(box, box.spec.image.service_user, Deadline.after(box, 200), 8069)
    box.sleep(1)
    assert box.odoo.manager_dead is dead
    assert hello(box) == b"ping"
    assert not box.nginx.running


def test_start_loads_the_pair_into_nginx(box: SimulatedBox, pair: Pair) -> None:
    before = box.nginx.served
    box.host.write("/etc/ssl/certs/nginx-cert.crt", pair.certificate_pem.encode())
    box.host.write(KEY, pair.private_key_pem.encode())
    box.odoo.signal(signal.SIGHUP)
    box.sleep(3)
    assert box.nginx.served not in (None, before)


@pytest.mark.parametrize(("kind", "dead"), [("ro_flat", False), ("ro_ini", False), ("rw_ini", True)])
@pytest.mark.parametrize("resolvers_work", [True, False])
def test_unreachable_database_kills_the_manager_of_the_newer_branches(
    make_box: MakeBox, world: SharedWorld, kind: LayoutKind, *, dead: bool, resolvers_work: bool
) -> None:
    box = make_box(kind)
    link(box, {"remote_server": "https://db.example"})
    world.dns["192.0.2.53"].alive = resolvers_work
    box.odoo.signal(signal.SIGHUP)
    box.sleep(30)
    assert box.odoo.manager_dead is (dead and not resolvers_work)


@pytest.mark.parametrize(
    "text",
    [
        b"[options]\na = 1\nA = 2\n",
        b"[options]\n[options]\n",
        b"\xef\xbb\xbf[options]\n",
        b"[options]\nline\n",
        b"\xff",
    ],
)
@pytest.mark.parametrize("kind", ["ro_ini", "rw_ini"])
def test_unreadable_store_is_a_crash_loop(make_box: MakeBox, kind: LayoutKind, text: bytes) -> None:
    box = make_box(kind)
    box.storage.make_writable()
    box.host.write(INI, text)
    box.odoo.signal(signal.SIGHUP)
    for _ in range(3):
        box.sleep(10)
        assert not box.odoo.listening
    assert b"Traceback" in box.read_end(LOG, 4096)
    box.host.write(INI, b"[options]\n")
    box.sleep(30)
    assert hello(box) == b"ping"


@pytest.mark.parametrize(("kind", "dead"), [("ro_ini", True), ("rw_ini", False)])
def test_lone_percent_sign_kills_the_manager_where_values_are_interpolated(
    make_box: MakeBox, kind: LayoutKind, *, dead: bool
) -> None:
    box = make_box(kind)
    box.storage.make_writable()
    box.host.write(INI, b"[options]\n[iot.box]\nenterprise_code = 100%\n")
    box.odoo.signal(signal.SIGHUP)
    box.sleep(3)
    assert box.odoo.manager_dead is dead
    assert box.odoo.listening
