"""A real box and a broken shop around it: a diagnosis names what is broken first, and writes nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

import boxes
from realbox.podman import query
from reconciler.codes import CodeName
from reconciler.engine.seam import Visit
from reconciler.model.desired import Desired, Mode
from reconciler.results.diagnosis import Diagnosis, StepState
from tests.simulator.diagnosing import of_visit

from . import look
from .lab import Lab, Unit

C = CodeName
KNOWN_TO_DNS = "222222223333"
"""A subdomain below which the lab's DNS answers with the address in the name, as the public one does."""
ROOTS = "/etc/ssl/certs/ca-certificates.crt"
LAB_ROOT = "/usr/local/share/ca-certificates/iot-https-lab.crt"

pytestmark = pytest.mark.parametrize("kind", ["rw_ini", "ro_flat"])


@pytest.fixture
def unit(lab: Lab, kind: str) -> Iterator[Unit]:
    """A box as it should be, with a name that the lab's DNS knows."""
    unit = lab.unit(kind, "diagnose")
    assert unit.desired.enterprise_code is not None
    code = f"M{int(unit.subdomain, 16) % 1000000:06}"
    boxes.peers().control("PUT", "/control/databases", {unit.db_uuid: [code, KNOWN_TO_DNS]})
    lab.converge(unit)
    yield unit
    unit.authority("ok")


def diagnosed(unit: Unit, **changes: object) -> Diagnosis:
    """Diagnose a box; its tills ask the lab's DNS unless told otherwise."""
    known = {"client_resolvers": (boxes.peers().address,), **changes}
    desired: Desired = replace(unit.desired, **known)  # type: ignore[arg-type]
    before = look.listing(unit)
    result = unit.run(unit.request(Mode.DIAGNOSE, desired))
    assert look.listing(unit) == before
    return of_visit(Visit(result), desired)


def assert_first(diagnosis: Diagnosis, code: CodeName, *, remedy: str = "") -> None:
    """The code is the first that is named, with this in the words of what to do."""
    assert diagnosis.cause is not None
    assert diagnosis.cause.code == code, diagnosis.cause.evidence
    assert remedy in diagnosis.cause.remedy


@contextmanager
def firewall(unit: Unit, address: str) -> Iterator[None]:
    """A rule of the shop that drops what the box sends to port 443 of an address."""
    process = query("inspect", "--format", "{{.State.Pid}}", unit.box.container)
    iptables = ["nsenter", "--target", process, "--net", "iptables"]
    rule = ["OUTPUT", "-d", address, "-p", "tcp", "--dport", "443", "-j", "DROP"]
    subprocess.run([*iptables, "-I", *rule], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run([*iptables, "-D", *rule], check=True, capture_output=True)


@contextmanager
def replaced(unit: Unit, path: str, content: str) -> Iterator[None]:
    """A file of the box with another content."""
    before = unit.box.read(path)
    unit.box.write(path, content)
    try:
        yield
    finally:
        unit.box.write(path, before)


def test_a_healthy_box_has_no_cause(unit: Unit) -> None:
    diagnosis = diagnosed(unit)
    assert diagnosis.cause is None
    judged = [each for each in diagnosis.steps if each.state is not StepState.OK]
    assert [each.name.value for each in judged] == ["outside"]


def test_dnsmasq_that_stops_rebinding(unit: Unit) -> None:
    assert_first(diagnosed(unit, client_resolvers=(boxes.peers().rebind_resolver,)), C.CLIENT_DNS_REBIND)


def test_dns_of_the_tills_that_is_down(unit: Unit) -> None:
    assert_first(diagnosed(unit, client_resolvers=(boxes.DEAD_RESOLVER,)), C.CLIENT_DNS_OUTAGE)


@pytest.mark.parametrize(
    ("address", "code"),
    [("address", C.LOAD_REQUEST_EXCEPTION), ("databases", C.DATABASE_UNREACHABLE)],
    ids=["www.odoo.com", "database"],
)
def test_a_firewall_that_drops_443(unit: Unit, address: str, code: CodeName) -> None:
    with firewall(unit, getattr(boxes.peers(), address)):
        diagnosis = diagnosed(unit)
    assert_first(diagnosis, code)


def test_a_firewall_that_opens_tls_with_an_authority_of_its_own(unit: Unit) -> None:
    """The box does not know who signs: just so it is with a firewall that makes a certificate for www.odoo.com."""
    roots, lab_root = unit.box.read(ROOTS), unit.box.read(LAB_ROOT).strip()
    with replaced(unit, ROOTS, roots.replace(lab_root, "")):
        diagnosis = diagnosed(unit)
    assert_first(diagnosis, C.ANSWER_NOT_FROM_ODOO, remedy="opens TLS")


def test_a_login_page_in_place_of_the_authority(unit: Unit) -> None:
    hosts = unit.box.read("/etc/hosts")
    with replaced(unit, "/etc/hosts", f"{hosts}{boxes.peers().databases} www.odoo.com\n"):
        diagnosis = diagnosed(unit)
    assert_first(diagnosis, C.ANSWER_NOT_FROM_ODOO, remedy="login page")


@pytest.mark.parametrize(
    ("mode", "settings", "code"),
    [
        ("captive", {}, C.ANSWER_NOT_FROM_ODOO),
        ("status", {"status": 418}, C.LOAD_REQUEST_STATUS),
        ("refuse", {}, C.LOAD_REQUEST_NO_RESULT),
    ],
)
def test_answers_of_the_authority(unit: Unit, mode: str, settings: dict[str, int], code: CodeName) -> None:
    unit.authority(mode, **settings)
    asked = len([each for each in boxes.peers().requests() if each.get("db_uuid") == unit.db_uuid])
    assert_first(diagnosed(unit), code)
    after = len([each for each in boxes.peers().requests() if each.get("db_uuid") == unit.db_uuid])
    assert after == asked + 1


def test_a_moved_clock(unit: Unit) -> None:
    """A container has the clock of this machine: the control machine's is moved instead, which is the same to it."""
    request = unit.request(Mode.DIAGNOSE)
    assert request.sent_at is not None
    result = unit.run(replace(request, sent_at=request.sent_at + timedelta(days=400)))
    assert_first(of_visit(Visit(result), unit.desired), C.WRONG_CLOCK)
