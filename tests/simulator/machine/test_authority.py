"""The authority answers a box in each of the ways that its modes name."""

from __future__ import annotations

import datetime as dt
import json
import socket
import ssl
from collections.abc import Callable
from typing import NamedTuple

import pytest
from cryptography import x509

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import AuthorityModel, Mode, subdomain_of
from reconciler.box.pair.parse import BadPair, describe, parse_pair
from reconciler.model.desired import DEFAULT_AUTHORITY_URL
from reconciler.net.network import HttpsRequest
from reconciler.net.replies import HttpReply

from .conftest import NOW

LIMIT = 1 << 18


class Issued(NamedTuple):
    """What the authority handed out."""

    subject: str
    certificate_pem: str
    key_pem: str


def body(db_uuid: str = "u-1") -> bytes:
    return json.dumps({"params": {"db_uuid": db_uuid}}).encode()


def asked(box: SimulatedBox) -> HttpReply:
    return box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body()))


def issued(box: SimulatedBox) -> Issued:
    result = json.loads(asked(box).body)["result"]
    return Issued(result["subject_cn"], result["x509_pem"], result["private_key_pem"])


REPLIES: dict[Mode | int, Callable[[HttpReply], bool]] = {
    503: lambda r: r.status == 503,
    "redirect": lambda r: r.status == 302,
    "refuse": lambda r: bool(json.loads(r.body)["result"]["error"]),
    "error": lambda r: "result" not in json.loads(r.body) and bool(json.loads(r.body)["error"]),
    "noresult": lambda r: json.loads(r.body)["result"] == {},
    "null": lambda r: json.loads(r.body)["result"] is None,
    "empty": lambda r: json.loads(r.body)["result"]["x509_pem"] == "",
    "garbage": lambda r: r.status == 200 and r.body.startswith(b"<html>"),
    "captive": lambda r: r.status == 200 and b"Guest Wi-Fi" in r.body,
    "huge": lambda r: len(r.body) == LIMIT and not r.complete,
}
ERRORS: dict[Mode, type[OSError]] = {
    "unresolvable": socket.gaierror,
    "refused": ConnectionRefusedError,
    "timeout": TimeoutError,
    "cut": ConnectionError,
    "stranger": ssl.SSLCertVerificationError,
}


@pytest.mark.parametrize("mode", REPLIES)
def test_authority_answers_as_its_mode_says(box: SimulatedBox, authority: AuthorityModel, mode: Mode | int) -> None:
    authority.mode = mode
    reply = asked(box)
    assert REPLIES[mode](reply)
    assert reply.complete is (mode != "huge")
    assert authority.count == 1


@pytest.mark.parametrize("mode", ERRORS)
def test_authority_gives_no_answer_as_its_mode_says(box: SimulatedBox, authority: AuthorityModel, mode: Mode) -> None:
    authority.mode = mode
    with pytest.raises(ERRORS[mode]):
        asked(box)
    assert authority.count == 1


def leaf(answer: Issued) -> x509.Certificate:
    return x509.load_pem_x509_certificate(answer.certificate_pem.encode())


def common_name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string().removeprefix("CN=")


def test_certificate_is_the_one_of_the_database(box: SimulatedBox) -> None:
    answer = issued(box)
    assert common_name(leaf(answer)) == f"*.{subdomain_of('u-1')}.odoo-iot.com"
    assert leaf(issued(box)) == leaf(answer)


MODES: dict[Mode, Callable[[Issued], bool]] = {
    "short_lived": lambda a: describe(leaf(a)).not_after < NOW + dt.timedelta(days=5),
    "expired": lambda a: describe(leaf(a)).not_after < NOW,
    "wrong_name": lambda a: common_name(leaf(a)) != a.subject,
    "leaf_only": lambda a: a.certificate_pem.count("BEGIN CERTIFICATE") == 1,
    "ok": lambda a: a.certificate_pem.count("BEGIN CERTIFICATE") == 2 and common_name(leaf(a)) == a.subject,
}


@pytest.mark.parametrize("mode", MODES)
def test_certificate_has_the_fault_that_the_mode_names(
    box: SimulatedBox, authority: AuthorityModel, mode: Mode
) -> None:
    authority.mode = mode
    answer = issued(box)
    assert MODES[mode](answer)


@pytest.mark.parametrize(("mode", "fits"), [("ok", True), ("key_mismatch", False)])
def test_key_fits_except_in_its_mode(box: SimulatedBox, authority: AuthorityModel, mode: Mode, *, fits: bool) -> None:
    authority.mode = mode
    answer = issued(box)
    try:
        parse_pair(answer.certificate_pem.encode(), answer.key_pem.encode())
    except BadPair:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize(("mode", "same"), [("ok", False), ("same", True)])
def test_a_pair_near_its_end_is_issued_anew_unless_told_otherwise(
    box: SimulatedBox, authority: AuthorityModel, mode: Mode, *, same: bool
) -> None:
    first = leaf(issued(box))
    box.clock.started_at += dt.timedelta(days=80)
    authority.mode = mode
    assert (leaf(issued(box)) == first) is same
