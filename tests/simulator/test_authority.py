"""The stand-in for www.odoo.com: each mode answers as named, requests are counted, one pair per database."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography import x509

from iotbox_simulator import pki
from iotbox_simulator.authority import DATABASES, PATH, Authority
from iotbox_simulator.authority_modes import MODES
from iotbox_simulator.https_server import ClientRequest, WebServer
from tests.support.patience import PATIENCE

NOW = dt.datetime.now(dt.UTC)
UUID, OTHER = DATABASES
CODE = DATABASES[UUID].enterprise_code
GOOD = {"db_uuid": UUID, "enterprise_code": CODE}
CA = pki.make_authority("Test", now=NOW)


@pytest.fixture
def authority() -> Iterator[Authority]:
    with Authority(now=lambda: NOW, ca=CA) as served:
        yield served


def ask(authority: Authority, params: dict[str, str] | None = None) -> http.client.HTTPResponse:
    port = int(authority.url.split(":")[2].split("/")[0])
    context = ssl.create_default_context(cadata=authority.ca_pem)
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=context)
    connection.request("POST", PATH, json.dumps({"params": params or GOOD}))
    return connection.getresponse()


def decoded(authority: Authority, params: dict[str, str] | None = None) -> Any:
    return json.loads(ask(authority, params).read())


def certificate(answer: Any) -> x509.Certificate:
    return x509.load_pem_x509_certificate(answer["result"]["x509_pem"].encode())


def test_a_known_database_gets_its_pair(authority: Authority) -> None:
    result = decoded(authority)["result"]
    assert result["subject_cn"] == f"*.{DATABASES[UUID].hash}.odoo-iot.com"
    assert result["x509_pem"].count("BEGIN CERTIFICATE") == 2
    assert "PRIVATE KEY" in result["private_key_pem"]


def test_all_boxes_of_a_database_share_a_pair_until_it_is_rotated(authority: Authority) -> None:
    first, second = decoded(authority), decoded(authority)
    authority.rotate()
    assert first == second
    assert decoded(authority) != first


@pytest.mark.parametrize(
    "params", [{"db_uuid": "nobody", "enterprise_code": CODE}, {"db_uuid": UUID, "enterprise_code": "wrong"}]
)
def test_a_stranger_is_refused_in_every_mode_that_hands_out_certificates(
    authority: Authority, params: dict[str, str]
) -> None:
    for mode in ("ok", "same", "short_lived", "slow", "drip", "cut"):
        authority.set(mode)
        assert "error" in decoded(authority, params)["result"]


BODIES = {
    "refuse": {"jsonrpc": "2.0", "id": None, "result": {"error": "No IoT Box subscription"}},
    "error": {"jsonrpc": "2.0", "id": None, "error": {"code": 200, "message": "Odoo Server Error"}},
    "noresult": {"jsonrpc": "2.0", "id": None, "result": {}},
    "null": {"jsonrpc": "2.0", "id": None, "result": None},
}


@pytest.mark.parametrize(("mode", "body"), BODIES.items())
def test_answers_without_a_certificate(authority: Authority, mode: str, body: Any) -> None:
    authority.set(mode)
    assert decoded(authority) == body


@pytest.mark.parametrize("mode", ["garbage", "captive"])
def test_a_page_instead_of_json(authority: Authority, mode: str) -> None:
    authority.set(mode)
    answer = ask(authority)
    assert answer.status == 200
    assert answer.read().startswith(b"<html>")


def test_any_status(authority: Authority) -> None:
    authority.set("status", status=418)
    assert ask(authority).status == 418


def test_redirect_names_another_place(authority: Authority) -> None:
    authority.set("redirect", url="https://elsewhere.example/")
    answer = ask(authority)
    assert (answer.status, answer.getheader("Location")) == (302, "https://elsewhere.example/")


def test_empty_pair(authority: Authority) -> None:
    authority.set("empty")
    result = decoded(authority)["result"]
    assert (result["x509_pem"], result["private_key_pem"]) == ("", "")
    assert result["subject_cn"]


def test_cut_body_is_shorter_than_announced(authority: Authority) -> None:
    authority.set("cut")
    with pytest.raises(http.client.IncompleteRead):
        ask(authority).read()


def test_huge_body_goes_on(authority: Authority) -> None:
    authority.set("huge")
    answer = ask(authority)
    assert len(answer.read(1_000_000)) == 1_000_000
    answer.close()


def test_drip_sends_a_byte_and_then_nothing_for_a_while(authority: Authority) -> None:
    authority.set("drip", seconds=0.0)
    assert certificate(decoded(authority))
    authority.set("drip", seconds=3600.0)
    assert ask(authority).status == 200


def test_slow_answers_after_its_time(authority: Authority) -> None:
    authority.set("slow", seconds=0.0)
    assert certificate(decoded(authority))


DATES = {"short_lived": dt.timedelta(days=5), "expired": dt.timedelta(days=-1)}


@pytest.mark.parametrize(("mode", "left"), DATES.items())
def test_dates_of_odd_certificates(authority: Authority, mode: str, left: dt.timedelta) -> None:
    authority.set(mode)
    assert certificate(decoded(authority)).not_valid_after_utc == (NOW + left).replace(microsecond=0)


def test_wrong_name_keeps_the_right_subject_in_the_answer(authority: Authority) -> None:
    authority.set("wrong_name")
    answer = decoded(authority)
    assert answer["result"]["subject_cn"] == f"*.{DATABASES[UUID].hash}.odoo-iot.com"
    assert "0badc0de" in certificate(answer).subject.rfc4514_string()


def test_leaf_only_has_no_chain(authority: Authority) -> None:
    authority.set("leaf_only")
    assert decoded(authority)["result"]["x509_pem"].count("BEGIN CERTIFICATE") == 1


def test_key_mismatch_changes_only_the_key(authority: Authority) -> None:
    good = decoded(authority)["result"]
    authority.set("key_mismatch")
    bad = decoded(authority)["result"]
    assert bad["x509_pem"] == good["x509_pem"]
    assert bad["private_key_pem"] != good["private_key_pem"]


def test_a_mode_for_one_database_leaves_the_others_alone(authority: Authority) -> None:
    authority.set("refuse", db_uuid=OTHER)
    assert (
        "error" in decoded(authority, {"db_uuid": OTHER, "enterprise_code": DATABASES[OTHER].enterprise_code})["result"]
    )
    assert certificate(decoded(authority))


def test_requests_are_kept_with_time_and_database(authority: Authority) -> None:
    decoded(authority)
    authority.set("error")
    decoded(authority)
    kept = authority.requests()
    assert [(entry["db_uuid"], entry["mode"]) for entry in kept] == [(UUID, "ok"), (UUID, "error")]
    assert kept[0]["time"] == NOW.isoformat()


def test_a_strangers_certificate_is_presented_until_switched_back(authority: Authority) -> None:
    authority.serve_stranger(stranger=True)
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(authority)
    authority.serve_stranger(stranger=False)
    assert ask(authority).status == 200


def test_a_client_that_never_speaks_holds_up_nobody(authority: Authority) -> None:
    port = int(authority.url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)):
        assert ask(authority).status == 200


@pytest.mark.parametrize("mode", ["nonsense", "OK"])
def test_an_unknown_mode_is_refused_by_name(authority: Authority, mode: str) -> None:
    with pytest.raises(ValueError, match=mode):
        authority.set(mode)


def put(authority: Authority, path: str, body: object) -> tuple[int, Any]:
    reply = authority.control(ClientRequest("PUT", path, {}, json.dumps(body).encode()))
    assert isinstance(reply.body, bytes)
    return reply.status, json.loads(reply.body)


def test_control_sets_a_mode(authority: Authority) -> None:
    status, described = put(authority, "/control", {"mode": "status", "status": 404})
    assert (status, described["mode"], described["status"]) == (200, "status", 404)


@pytest.mark.parametrize("body", [{"mode": "nonsense"}, {"mode": "ok", "nonsense": 1}, None, {}])
def test_control_refuses_what_it_does_not_know(authority: Authority, body: object) -> None:
    assert put(authority, "/control", body)[0] == 400


def test_control_adds_a_database(authority: Authority) -> None:
    put(authority, "/control/databases", {"new-uuid": ["M1", "abcdef01"]})
    result = decoded(authority, {"db_uuid": "new-uuid", "enterprise_code": "M1"})["result"]
    assert result["subject_cn"] == "*.abcdef01.odoo-iot.com"


def test_control_over_plain_http(authority: Authority) -> None:
    decoded(authority)
    with WebServer(("127.0.0.1", 0), authority.control) as control:
        connection = http.client.HTTPConnection("127.0.0.1", control.port, timeout=PATIENCE)
        connection.request("POST", "/control/rotate")
        connection.getresponse().read()
        connection.close()
        connection.request("GET", "/control/requests")
        assert len(json.loads(connection.getresponse().read())) == 1


def test_reset_forgets_modes_and_requests(authority: Authority) -> None:
    authority.set("error")
    decoded(authority)
    authority.reset()
    assert authority.requests() == []
    assert certificate(decoded(authority))


def test_every_mode_answers_something(authority: Authority) -> None:
    for mode in sorted(MODES):
        authority.set(mode, seconds=0.0)
        assert ask(authority).status in {200, 302, 503}
