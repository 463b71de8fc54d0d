"""A fault by name brings about what its name says, on every kind of box, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from iotbox_simulator.boxes.arrange import NAMES, small_world
from iotbox_simulator.boxes.windows import WINDOWS_IMAGES, WindowsBox, WindowsSpec
from iotbox_simulator.faults import FAULTS, ON_WINDOWS, Patient
from iotbox_simulator.homepage import ports
from iotbox_simulator.machine.authority import subdomain_of
from iotbox_simulator.machine.network import DnsServer
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.machine.web import HOMEPAGE_PORT, WebRequest
from reconciler.codes import CodeName as C

from ..support import runs

EXPECTED: dict[str, set[str]] = {
    "expired": {C.EXPIRED},
    "overdue": {C.RENEWAL_OVERDUE},
    "lost_at_restart": {C.NOT_PERSISTED},
    "mixed": {C.KEY_MISMATCH, C.NOT_PERSISTED},
    "cut": {C.CERTIFICATE_MALFORMED, C.NOT_PERSISTED},
    "unreadable": {C.CHECK_CERT_READ_EXCEPTION, C.NOT_RENEWABLE},
    "credentials": {C.CREDENTIALS_DIFFER},
    "resolvers": {C.RESOLVERS_DIFFER, C.RESOLVERS_DO_NOT_WORK},
    "nginx_down": {C.NGINX_DOWN},
    "nginx_broken": {C.NGINX_CONFIG_BROKEN},
    "not_renewable": {C.NOT_RENEWABLE},
    "other_customer": {C.LINKED_ELSEWHERE},
    "hidden_name": set(),
    "old_name": set(),
    "wrong_clock": {C.WRONG_CLOCK},
    "database_down": set(),
    "authority_down": set(),
    "intercepted": set(),
    "late_restart": set(),
}
"""What a look finds."""
FIRST: dict[str, C] = {
    "hidden_name": C.CLIENT_DNS_REBIND,
    "old_name": C.CLIENT_DNS_STALE,
    "wrong_clock": C.WRONG_CLOCK,
    "database_down": C.DATABASE_UNREACHABLE,
    "authority_down": C.LOAD_REQUEST_EXCEPTION,
    "intercepted": C.ANSWER_NOT_FROM_ODOO,
}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def patient(kind: LayoutKind) -> Patient:
    fleet = runs.managed(kind)
    fleet.box.world.dns[fleet.box.spec.gateway] = DnsServer(NAMES)
    fleet.box.clock.advance(timedelta(days=1).total_seconds())
    return Patient(fleet.box, runs.CA, subdomain_of(runs.DB_UUID), fleet.box.clock.true_time())


def test_every_fault_is_judged_here() -> None:
    assert set(EXPECTED) == set(FAULTS)
    assert set(ON_WINDOWS) < set(FAULTS)


@pytest.mark.parametrize("fault", sorted(ON_WINDOWS))
@pytest.mark.parametrize("branch", WINDOWS_IMAGES)
def test_a_windows_box_can_have_a_fault_and_goes_on_answering(fault: str, branch: str) -> None:
    box = WindowsBox(WindowsSpec(branch=branch, clock=NOW), small_world(runs.CA))
    FAULTS[fault](Patient(box, runs.CA, subdomain_of(runs.DB_UUID), NOW))
    assert ports.answer(box, HOMEPAGE_PORT, WebRequest("GET", "/hw_proxy/hello")).body == b"ping"


def test_a_late_restart_begins_45_seconds_after_its_answer() -> None:
    one = patient("rw_ini")
    FAULTS["late_restart"](one)
    before = one.box.odoo.starts
    ports.answer(one.linux, HOMEPAGE_PORT, WebRequest("GET", "/iot_drivers/restart_odoo_service"))
    one.box.clock.advance(44)
    assert one.box.odoo.starts == before
    one.box.clock.advance(2)
    assert one.box.odoo.starts == before + 1


@pytest.mark.parametrize("kind", runs.KINDS)
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_fault_is_found_under_its_code(fault: str, kind: LayoutKind) -> None:
    one = patient(kind)
    assert runs.codes(runs.check(one.linux)) == []
    FAULTS[fault](one)
    assert set(runs.codes(runs.check(one.linux))) == EXPECTED[fault]


@pytest.mark.parametrize("kind", runs.KINDS)
@pytest.mark.parametrize("fault", FIRST)
def test_a_fault_of_the_network_is_found_by_a_diagnosis(fault: str, kind: LayoutKind) -> None:
    one = patient(kind)
    assert runs.codes(runs.diagnose(one.linux)) == []
    FAULTS[fault](one)
    assert FIRST[fault] in runs.codes(runs.diagnose(one.linux))
