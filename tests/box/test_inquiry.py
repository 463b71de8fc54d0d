"""What a diagnosis asks on a box: everything once, in bounds, without a trace, and nobody else's."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from iotbox_simulator.boxes.arrange import NAMES, link
from iotbox_simulator.machine.network import DnsServer
from iotbox_simulator.machine.recorder import CallKind
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import issue_server_pair, make_authority
from reconciler.box.pair.parse import parse_chain
from reconciler.codes import CodeName, Variant
from reconciler.model import wire
from reconciler.model.desired import CertificateSource, Refusal
from reconciler.model.inquiry import DnsOutcome, Inquiry, Whose
from reconciler.model.secret import Secret
from reconciler.model.statement import told
from reconciler.results.result import Result

from ..support import runs
from ..support.calls import calls_of
from ..support.forms import Form, short_and_long
from ..support.runs import Fleet

C = CodeName
ROUTER = "192.168.1.1"
NAME = f"192-168-1-143{runs.SUBJECT[1:]}"


def asked(result: Result) -> Inquiry:
    assert result.inquiry is not None
    return result.inquiry


def with_router(fleet: Fleet, **changes: object) -> None:
    fleet.box.world.dns[ROUTER] = DnsServer(NAMES, **changes)  # type: ignore[arg-type]


def diagnosed_without_a_question(fleet: Fleet) -> Result:
    """Diagnose a box, and have the authority asked for nothing."""
    before = fleet.authority.count
    result = runs.diagnose(fleet.box)
    assert fleet.authority.count == before
    return result


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_healthy_box_is_asked_everything_and_nothing_is_found(kind: LayoutKind) -> None:
    fleet = runs.managed(kind)
    with_router(fleet)
    result = runs.diagnose(fleet.box)
    assert result.after == ()
    assert not result.failed
    answers = asked(result)
    assert {each.whose for each in answers.dns} == {Whose.BOX, Whose.ROUTER}
    assert all(each.outcome is DnsOutcome.ANSWERED for each in answers.dns)
    assert answers.authority is not None
    assert answers.authority.status == 200
    assert answers.eligibility is not None
    assert answers.eligibility.code is None


@pytest.mark.parametrize("kind", runs.KINDS)
def test_nothing_on_the_box_is_changed(kind: LayoutKind) -> None:
    fleet = runs.due(kind)
    calls = calls_of(fleet.box, runs.diagnose)
    assert {call.kind for call in calls} == {CallKind.LOCK, CallKind.POST}


def test_the_key_that_comes_back_is_nowhere_in_the_answer() -> None:
    fleet = runs.due("rw_ini")
    said = json.dumps(wire.encode(runs.diagnose(fleet.box)))
    assert fleet.authority.count == 2
    assert not [canary for canary in runs.CANARIES if canary in said]
    assert "BEGIN" not in said


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "ro_ini_18"])
@pytest.mark.parametrize("days", [0, 84])
@short_and_long
def test_diagnoses_of_an_old_branch_ask_the_authority_once_each(kind: LayoutKind, days: int, form: Form) -> None:
    """Reading the status of these branches may make them ask: it is read only where it cannot."""
    diagnoses = 100 if form == "long" else 10
    fleet = runs.managed(kind)
    fleet.box.clock.advance(days * 86400)
    before = fleet.authority.count
    fleet.authority.mode = "refuse"
    for _ in range(diagnoses):
        assert C.LOAD_REQUEST_NO_RESULT in runs.codes(runs.diagnose(fleet.box))
    ours = [each for each in fleet.authority.requests[before:] if each.headers["User-Agent"] == "OdooIoTBox/1.0"]
    assert len(ours) == fleet.authority.count - before == diagnoses


REFUSED = Refusal(code=C.LOAD_REQUEST_NO_RESULT, seen=(told("till-2 was refused"),))


@pytest.mark.parametrize(
    ("brought", "code"),
    [
        ({"granted": (told("given to till-2"),)}, None),
        ({"refusal": REFUSED}, REFUSED.code),
    ],
)
def test_what_another_box_was_told_is_not_asked_again(brought: dict[str, object], code: CodeName | None) -> None:
    fleet = runs.managed("rw_ini")
    before = fleet.authority.count
    result = runs.diagnose(fleet.box, **brought)  # type: ignore[arg-type]
    assert fleet.authority.count == before
    assert runs.codes(result) == ([code] if code else [])


def test_the_box_of_a_stranger_is_asked_nothing() -> None:
    fleet = runs.managed("rw_ini")
    link(fleet.box, {"remote_server": "https://stranger.example"})
    result = diagnosed_without_a_question(fleet)
    assert runs.codes(result) == [C.LINKED_ELSEWHERE]
    assert result.inquiry is None


def test_credentials_are_not_sent_where_somebody_else_answers() -> None:
    fleet = runs.managed("rw_ini")
    firewall = make_authority("Firewall of the shop", now=runs.NOW)
    pair = issue_server_pair(firewall, ["www.odoo.com"], now=runs.NOW)
    leaf = parse_chain(pair.certificate_pem.encode())[0]
    fleet.box.network.interceptors["www.odoo.com"] = leaf.public_bytes(Encoding.DER)
    result = diagnosed_without_a_question(fleet)
    assert runs.codes(result) == [C.ANSWER_NOT_FROM_ODOO]
    assert "Firewall of the shop" in result.after[0].evidence


def test_a_site_in_maintenance_is_not_asked_for_certificates() -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.world.site = 503
    result = diagnosed_without_a_question(fleet)
    assert runs.codes(result) == [C.LOAD_REQUEST_STATUS]
    assert result.after[0].variant is Variant.MAINTENANCE


def test_a_relayed_box_needs_no_way_to_the_authority() -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.world.down.add("www.odoo.com")
    desired = replace(runs.DESIRED, certificate_source=CertificateSource.RELAY)
    result = runs.diagnose(fleet.box, desired, granted=(told("given to the control machine"),))
    assert result.after == ()
    assert asked(result).authority is None


def test_a_proxy_is_used_and_its_password_shown_nowhere() -> None:
    fleet = runs.managed("rw_ini")
    secret = "http://user:canary-proxy@proxy.example:3128"
    fleet.box.world.down.add("www.odoo.com")
    result = runs.diagnose(fleet.box, replace(runs.DESIRED, proxy=Secret(secret)))
    assert result.after == ()
    refused = runs.diagnose(fleet.box, replace(runs.DESIRED, proxy=Secret(secret.replace("3128", "3129"))))
    assert runs.codes(refused) == [C.LOAD_REQUEST_EXCEPTION]
    assert "canary-proxy" not in json.dumps(wire.encode(refused))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rebind_protection": True}, C.CLIENT_DNS_REBIND),
        ({"lies": {NAME: ("192.168.1.99",)}}, C.CLIENT_DNS_STALE),
        ({"lies": {NAME: ("203.0.113.80",)}}, C.CLIENT_DNS_WRONG),
        ({"alive": False}, None),
        ({"rcode": "REFUSED"}, None),
        ({}, None),
    ],
)
def test_the_router_is_taken_for_what_tills_ask_where_nobody_says(changes: dict[str, object], code: str | None) -> None:
    fleet = runs.managed("rw_ini")
    with_router(fleet, **changes)
    assert runs.codes(runs.diagnose(fleet.box)) == ([code] if code else [])


def test_declared_servers_of_clients_are_asked_in_place_of_the_router() -> None:
    fleet = runs.managed("rw_ini")
    with_router(fleet, rebind_protection=True)
    desired = replace(runs.DESIRED, client_resolvers=("1.1.1.1",))
    assert runs.codes(runs.diagnose(fleet.box, desired)) == []
    assert runs.codes(runs.check(fleet.box, desired)) == []
    desired = replace(runs.DESIRED, client_resolvers=("1.1.1.1", ROUTER))
    assert runs.codes(runs.check(fleet.box, desired)) == [C.CLIENT_DNS_REBIND]
    assert ROUTER in runs.check(fleet.box, desired).after[0].evidence


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED"])
def test_a_declared_server_that_fails_is_an_outage(rcode: str) -> None:
    fleet = runs.managed("rw_ini")
    with_router(fleet, rcode=rcode)
    result = runs.check(fleet.box, replace(runs.DESIRED, client_resolvers=(ROUTER,)))
    assert runs.codes(result) == [C.CLIENT_DNS_OUTAGE]
    assert rcode in result.after[0].evidence


@pytest.mark.parametrize("how", ["NXDOMAIN", "NODATA", "REFUSED", "SERVFAIL", None])
def test_a_server_that_hides_this_name_only_is_no_outage(how: str | None) -> None:
    fleet = runs.managed("rw_ini")
    with_router(fleet, rebind_protection=True, hides_with=how)
    desired = replace(runs.DESIRED, client_resolvers=(ROUTER,))
    for result in (runs.check(fleet.box, desired), runs.diagnose(fleet.box, desired), runs.diagnose(fleet.box)):
        assert runs.codes(result) == [C.CLIENT_DNS_REBIND]


def test_where_the_authority_is_an_address_no_public_name_is_asked() -> None:
    fleet = runs.managed("rw_ini")
    with_router(fleet, rcode="SERVFAIL")
    desired = replace(runs.DESIRED, client_resolvers=(ROUTER,), authority_url="https://127.0.0.1:8443/x509")
    observed = runs.check(fleet.box, desired).observed
    assert observed is not None
    (answer,) = observed.client_dns
    assert (answer.detail, answer.others) == ("SERVFAIL", None)


def test_where_time_is_short_nobody_is_asked_and_the_log_has_to_do() -> None:
    fleet = runs.managed("rw_ini")
    line = "Error received from odoo.com while trying to get the certificate: No IoT Box subscription"
    fleet.box.odoo.log("WARNING", "odoo.addons.iot_drivers.tools.certificate", line)
    before = fleet.authority.count
    result = runs.diagnose(fleet.box, deadline=20)
    assert runs.codes(result) == [C.DEADLINE, C.LOAD_REQUEST_NO_RESULT]
    assert fleet.authority.count == before


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_refusal_is_in_our_answer_and_in_the_log_of_the_box(kind: LayoutKind) -> None:
    fleet = runs.due(kind)
    fleet.authority.mode = "refuse"
    fleet.box.vendor.renews()
    result = runs.diagnose(fleet.box)
    (refused,) = [each for each in result.after if each.code == C.LOAD_REQUEST_NO_RESULT]
    assert "No IoT Box subscription" in refused.evidence
    assert "the box's own log says so, too" in refused.evidence


def test_an_unreachable_database_is_told_from_dns_that_does_not_work() -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.world.down.add("db.example")
    assert runs.codes(runs.diagnose(fleet.box)) == [C.DATABASE_UNREACHABLE]
    for server in fleet.box.world.dns.values():
        server.alive = False
    assert C.DATABASE_UNREACHABLE not in runs.codes(runs.diagnose(fleet.box))
