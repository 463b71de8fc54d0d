"""A fault by name brings about what its name says, on every kind of box, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from iotbox_simulator.boxes.arrange import NAMES
from iotbox_simulator.faults import FAULTS, Patient
from iotbox_simulator.machine.authority import subdomain_of
from iotbox_simulator.machine.network import DnsServer
from iotbox_simulator.machine.spec import LayoutKind
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


def patient(kind: LayoutKind) -> Patient:
    fleet = runs.managed(kind)
    fleet.box.world.dns[fleet.box.spec.gateway] = DnsServer(NAMES)
    fleet.box.clock.advance(timedelta(days=1).total_seconds())
    return Patient(fleet.box, runs.CA, subdomain_of(runs.DB_UUID), fleet.box.clock.true_time())


def test_every_fault_is_judged_here() -> None:
    assert set(EXPECTED) == set(FAULTS)


@pytest.mark.parametrize("kind", runs.KINDS)
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_fault_is_found_under_its_code(fault: str, kind: LayoutKind) -> None:
    one = patient(kind)
    assert runs.codes(runs.check(one.box)) == []
    FAULTS[fault](one)
    assert set(runs.codes(runs.check(one.box))) == EXPECTED[fault]


@pytest.mark.parametrize("kind", runs.KINDS)
@pytest.mark.parametrize("fault", FIRST)
def test_a_fault_of_the_network_is_found_by_a_diagnosis(fault: str, kind: LayoutKind) -> None:
    one = patient(kind)
    assert runs.codes(runs.diagnose(one.box)) == []
    FAULTS[fault](one)
    assert FIRST[fault] in runs.codes(runs.diagnose(one.box))
