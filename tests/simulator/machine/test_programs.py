"""Programs answer as on a box, take their time, and what is not known fails loudly."""

from __future__ import annotations

import datetime as dt

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.clock import Clock
from iotbox_simulator.machine.spec import LayoutKind

from .conftest import NOW, MakeBox

TIMER = ("systemd-run", "--on-active=60", "--unit=wake", "--collect", "--quiet")
SNIPPET = "/etc/NetworkManager/conf.d/zz-test.conf"
GLOBAL_DNS = b"[global-dns-domain-*]\nservers=1.1.1.1,8.8.8.8\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nginx", "-s", "stop"),
        ("systemctl", "daemon-reload"),
        ("systemctl", "mask", "nginx"),
        ("systemctl", "show", "-p", "FragmentPath", "nginx"),
        ("service", "nginx", "force-reload"),
        ("timedatectl", "set-time", "12:00"),
        ("nmcli", "device"),
        ("mount", "/dev/sda1", "/mnt"),
        ("sync", "/home"),
        ("hostname",),
        ("ip", "link"),
        ("sh", "script"),
        ("systemd-run", "--on-calendar=daily", "--unit=x", "true"),
        ("systemd-run", "--on-active=60", "true"),
    ],
)
def test_unknown_use_of_a_program_is_an_error_of_the_test(box: SimulatedBox, arguments: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError, match="simulated"):
        box.run(arguments, 5.0)


def test_unknown_program_does_not_exist(box: SimulatedBox) -> None:
    with pytest.raises(FileNotFoundError):
        box.run(("dig", "www.odoo.com"), 5.0)


@pytest.mark.parametrize(
    ("arguments", "status", "output"),
    [
        (("systemctl", "is-active", "nginx"), 0, "active\n"),
        (("systemctl", "is-active", "odoo.service"), 0, "active\n"),
        (("systemctl", "is-active", "cups"), 3, "inactive\n"),
        (("service", "odoo", "status"), 0, "active\n"),
        (("systemctl", "show", "-p", "SubState,Result", "nginx"), 0, "SubState=running\nResult=success\n"),
        (("systemctl", "show", "--property=ActiveState", "--value", "odoo"), 0, "active\n"),
        (("systemctl", "show", "cups", "-p", "LoadState", "--value"), 0, "not-found\n"),
        (("systemctl", "stop", "wake.timer"), 5, ""),
        (("systemctl", "start", "cups"), 5, ""),
        (("timedatectl", "show", "-p", "NTP", "--value"), 0, "yes\n"),
        (("hostname", "-I"), 0, "192.168.1.143 \n"),
        (("ip", "-4", "route", "show", "default"), 0, "default via 192.168.1.1 dev eth0"),
        (("ip", "-4", "-o", "addr", "show", "dev", "eth0"), 0, "2: eth0    inet 192.168.1.143/24"),
        (("mount", "-o", "remount,rw", "/home"), 32, ""),
    ],
)
def test_answer(box: SimulatedBox, arguments: tuple[str, ...], status: int, output: str) -> None:
    done = box.run(arguments, 5.0)
    assert done.status == status
    assert done.output.startswith(output)


def test_program_costs_simulated_time(box: SimulatedBox) -> None:
    before = box.monotonic()
    box.run(("systemctl", "restart", "nginx"), 5.0)
    assert box.monotonic() > before


@pytest.mark.parametrize("words", [("-s", "HUP"), ("--signal=HUP",), ("--signal=SIGHUP",)])
def test_systemctl_kill_sends_a_signal_to_the_main_process(box: SimulatedBox, words: tuple[str, ...]) -> None:
    assert box.run(("systemctl", "kill", *words, "odoo"), 5.0).status == 0
    assert not box.odoo.listening
    box.sleep(2)
    assert box.odoo.listening


def test_systemctl_kill_finds_no_process_behind_a_sysv_unit(make_box: MakeBox) -> None:
    box = make_box("ro_flat")
    assert box.run(("systemctl", "kill", "-s", "HUP", "odoo"), 5.0).status == 1
    assert box.odoo.listening


def test_remount_by_program_acts_in_the_tools_namespace(make_box: MakeBox) -> None:
    box = make_box("ro_ini")
    box.private_mounts()
    assert box.run(("mount", "-o", "remount,rw", "/"), 5.0).status == 0
    box.create("/home/pi/x", b"", 0o600, 0, 0)
    assert not box.storage.host.at("/").writable


def test_sync_makes_everything_durable(box: SimulatedBox) -> None:
    box.create("/home/pi/x", b"x", 0o600, 0, 0)
    box.run(("sync",), 5.0)
    box.power_cut(lambda: False)
    assert box.read("/home/pi/x") == b"x"


def test_timer_fires_once_after_its_time_also_when_the_tool_is_gone(box: SimulatedBox) -> None:
    box.run((*TIMER, "systemctl", "stop", "nginx"), 5.0)
    box.kill()
    box.sleep(59)
    assert box.nginx.running
    box.sleep(2)
    assert not box.nginx.running
    assert box.programs.timers.fired == ["wake"]


def test_timer_can_be_taken_back(box: SimulatedBox) -> None:
    box.run((*TIMER, "systemctl", "stop", "nginx"), 5.0)
    assert box.run((*TIMER, "systemctl", "stop", "nginx"), 5.0).status == 1
    assert box.run(("systemctl", "stop", "wake.timer"), 5.0).status == 0
    box.sleep(100)
    assert box.nginx.running


def test_timer_is_gone_after_a_reboot(box: SimulatedBox) -> None:
    box.run((*TIMER, "systemctl", "stop", "nginx"), 5.0)
    box.reboot()
    box.sleep(100)
    assert box.nginx.running


@pytest.mark.parametrize(("span", "seconds"), [("90", 90), ("90s", 90), ("2min", 120), ("1h", 3600)])
def test_time_spans(box: SimulatedBox, span: str, seconds: float) -> None:
    box.run(("systemd-run", f"--on-active={span}", "--unit=wake", "sync"), 5.0)
    box.sleep(seconds - 1)
    assert box.programs.timers.fired == []
    box.sleep(1)
    assert box.programs.timers.fired == ["wake"]


@pytest.mark.parametrize(
    ("script", "stopped"),
    [
        ('kill -0 "$1" && systemctl stop nginx', True),
        ("kill -0 99999 && systemctl stop nginx", False),
        ("kill -0 99999; systemctl stop nginx", True),
    ],
)
def test_shell_of_a_timer(box: SimulatedBox, script: str, *, stopped: bool) -> None:
    box.run(("/bin/sh", "-c", script, "sh", str(box.odoo.pid)), 5.0)
    assert box.nginx.running is not stopped


@pytest.mark.parametrize("works", [True, False])
def test_time_synchronisation_mends_the_clock_after_a_second(box: SimulatedBox, *, works: bool) -> None:
    box.clock.skew, box.programs.ntp, box.programs.ntp_works = 4000.0, False, works
    assert box.run(("timedatectl", "show", "-p", "NTP", "--value"), 5.0).output == "no\n"
    box.run(("timedatectl", "set-ntp", "true"), 5.0)
    assert box.clock.skew == 4000.0
    box.sleep(2)
    assert (box.clock.skew == 0.0) is works


@pytest.mark.parametrize(("kind", "applied"), [("ro_flat", True), ("ro_ini", False), ("rw_newest", True)])
@pytest.mark.parametrize("reload", [("nmcli", "general", "reload"), ("systemctl", "reload", "NetworkManager")])
def test_networkmanager_applies_global_servers_unless_it_is_kept_out(
    make_box: MakeBox, kind: LayoutKind, reload: tuple[str, ...], *, applied: bool
) -> None:
    box = make_box(kind)
    box.host.create(SNIPPET, GLOBAL_DNS, 0o644, 0, 0)
    assert b"1.1.1.1" not in box.read("/etc/resolv.conf")
    box.run(reload, 5.0)
    assert (box.network.nameservers() == ("1.1.1.1", "8.8.8.8")) is applied


def test_networkmanager_undoes_an_edit_that_is_not_its_own(make_box: MakeBox) -> None:
    box = make_box("rw_newest")
    box.host.write("/etc/resolv.conf", b"nameserver 8.8.8.8\n")
    box.run(("systemctl", "reload", "NetworkManager"), 5.0)
    assert box.network.nameservers() == ("192.0.2.53",)


def test_clock_runs_what_is_due_in_order() -> None:
    clock = Clock(NOW)
    seen: list[tuple[str, float]] = []
    for name, seconds in (("late", 5.0), ("early", 1.0), ("never", 9.0)):
        clock.later(seconds, lambda n: seen.append((n, clock.elapsed)), name)
    clock.advance(6.0)
    assert seen == [("early", 1.0), ("late", 5.0)]
    assert clock.elapsed == 6.0


def test_wall_clock_can_be_wrong_and_the_monotonic_one_cannot() -> None:
    clock = Clock(NOW)
    clock.set(NOW - dt.timedelta(days=400))
    clock.advance(10)
    assert clock.now() == NOW - dt.timedelta(days=400) + dt.timedelta(seconds=10)
    assert clock.true_time() == NOW + dt.timedelta(seconds=10)
    assert clock.timestamp() == clock.now().timestamp()
    assert clock.elapsed == 10
