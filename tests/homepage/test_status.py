"""What a box says of itself is read from every recorded answer, and nothing else passes for it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reconciler.codes import CodeName
from reconciler.codes.writing.sentences import line
from reconciler.homepage.answer import NoAnswer, PageAnswer
from reconciler.homepage.dialect import Dialect
from reconciler.homepage.pages import PageCredentials, parse_credentials, parse_status_page
from reconciler.homepage.status import BoxSystem, PageCertificate, parse_data
from reconciler.model.secret import Secret

from .served import recorded

PATH = "/data"
UUID = "11111111-2222-3333-4444-555555555555"
CODES = {
    "no_server": CodeName.CHECK_NO_SERVER,
    "no_credential": CodeName.LOAD_NO_CREDENTIAL,
    "noresult": CodeName.LOAD_REQUEST_NO_RESULT,
    "refuse": CodeName.LOAD_REQUEST_NO_RESULT,
    "status_404": CodeName.LOAD_REQUEST_STATUS,
    "status_503": CodeName.LOAD_REQUEST_STATUS,
    "unresolvable": CodeName.LOAD_REQUEST_EXCEPTION,
}
OLD = json.loads(recorded("17.0-late/data_ok.json"))
NEW = json.loads(recorded("19.0/data_ok.json"))


def answer(body: bytes, status: int = 200) -> PageAnswer:
    return PageAnswer(status, body)


def test_late_17_0_in_sync() -> None:
    status = parse_data(answer(recorded("17.0-late/data_ok.json")), PATH)
    assert (status.dialect, status.system, status.version) == (Dialect.OWL, BoxSystem.LINUX, "L24.10")
    assert (status.server, status.db_uuid) == ("https://db.example", UUID)
    assert status.enterprise_code == Secret("M210101")
    assert status.identifier == status.mac == "0a:fe:5d:25:11:8c"
    assert status.certificate.ok
    assert status.certificate.name == "*.111111112222.odoo-iot.com"
    assert status.certificate.until == datetime(2027, 2, 21, 22, 7, tzinfo=UTC), "shown ten days early"


def test_19_0_in_sync() -> None:
    status = parse_data(answer(recorded("19.0/data_ok.json")), "/iot_drivers/data")
    assert (status.dialect, status.system, status.version) == (Dialect.NEWEST, BoxSystem.LINUX, "L25.07")
    assert (status.identifier, status.mac) == ("10000000abcdef01", "3a:12:f5:f8:f6:5c")
    assert status.certificate == PageCertificate(until=datetime(2027, 2, 21, 22, 8, 39, tzinfo=UTC))
    assert status.uptime == pytest.approx(8.92, abs=0.01)


@pytest.mark.parametrize("folder", ["17.0-late", "19.0"])
def test_an_unlinked_box_has_no_server(folder: str) -> None:
    status = parse_data(answer(recorded(f"{folder}/data_no_server.json")), PATH)
    assert (status.server, status.db_uuid, status.enterprise_code) == (None, None, None)


@pytest.mark.parametrize("state", [each for each in CODES if each not in {"noresult", "refuse"}])
def test_late_17_0_names_the_vendors_code(state: str) -> None:
    certificate = parse_data(answer(recorded(f"17.0-late/data_{state}.json")), PATH).certificate
    assert (certificate.ok, certificate.code) == (False, CODES[state])
    assert certificate.http_status == (int(state[-3:]) if state.startswith("status_") else None)


@pytest.mark.parametrize("state", [each for each in CODES if each != "refuse"])
def test_the_page_of_15_0_names_the_vendors_code(state: str) -> None:
    page = parse_status_page(answer(recorded(f"15.0/home_{state}.html")), "/")
    assert (page.certificate.ok, page.certificate.code) == (False, CODES[state])


def test_the_page_of_15_0_in_sync() -> None:
    certificate = parse_status_page(answer(recorded("15.0/home_ok.html")), "/").certificate
    assert certificate.ok
    assert certificate.until is not None


def test_the_page_of_15_0_shows_the_credentials() -> None:
    found = parse_credentials(answer(recorded("15.0/list_credential.html")), "/list_credential")
    assert found == PageCredentials(UUID, Secret("M210101"))


def test_a_template_that_writes_none_means_nothing() -> None:
    body = b'<input name="db_uuid" value="None"><input name="enterprise_code" value="">'
    assert parse_credentials(answer(body), "/list_credential") == PageCredentials(None, None)


@pytest.mark.parametrize("end", ["2027-02-21 22:08:39+00:00", "2027-02-21 22:08:39"])
def test_an_end_with_and_without_a_zone_is_the_same(end: str) -> None:
    status = parse_data(answer(json.dumps({**NEW, "certificate_end_date": end}).encode()), PATH)
    assert status.certificate.until == datetime(2027, 2, 21, 22, 8, 39, tzinfo=UTC)


@pytest.mark.parametrize(
    "end", ["9999-12-31 23:59:59-23:00", "0001-01-01 00:00:00+23:00", "9999-12-31 23:59:59", "0001-01-01 00:00:00"]
)
def test_an_end_with_which_nobody_can_reckon_is_none(end: str) -> None:
    with pytest.raises(NoAnswer):
        parse_data(answer(json.dumps({**NEW, "certificate_end_date": end}).encode()), PATH)
    words = f"Your certificate *.a.odoo-iot.com is valid until {end[:19]}"
    told = parse_data(answer(json.dumps({**OLD, "certificate_details": words}).encode()), PATH)
    assert told.certificate.until is None


@pytest.mark.parametrize("name", ["server_status", "db_uuid", "identifier", "mac_address", "ip", "hostname"])
def test_every_text_can_be_written_and_digested(name: str) -> None:
    status = parse_data(answer(json.dumps({**NEW, name: "half \ud800 of a pair"}).encode()), PATH)
    said = (status.server, status.db_uuid, status.identifier, status.mac, status.address, status.hostname)
    assert b"half ? of a pair" in [each.encode() for each in said if each]


def test_words_around_a_code_do_not_matter() -> None:
    words = "Error code: ERR_IOT_HTTPS_LOAD_REQUEST_STATUS 404\n\nNot Found (try again)"
    told = {**OLD, "is_certificate_ok": False, "certificate_details": words}
    certificate = parse_data(answer(json.dumps(told).encode()), PATH).certificate
    assert (certificate.code, certificate.http_status) == (CodeName.LOAD_REQUEST_STATUS, 404)


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in OLD.items() if key != name}


STRANGE: dict[str, bytes] = {
    "HTML": b"<html><body>Log in</body></html>",
    "nothing": b"",
    "a list": b"[]",
    "no verdict on a certificate": json.dumps(without("is_certificate_ok")).encode(),
    "a verdict that is a word": json.dumps({**OLD, "is_certificate_ok": "yes"}).encode(),
    "a server that is a list": json.dumps({**OLD, "server_status": ["https://db.example"]}).encode(),
    "a UUID of a megabyte": json.dumps({**OLD, "db_uuid": "x" * (1 << 20)}).encode(),
    "an end that is no time": json.dumps({**NEW, "certificate_end_date": "soon"}).encode(),
    "an uptime without end": json.dumps({**NEW, "odoo_uptime_seconds": 1e300}).encode(),
    "an uptime that is no number": json.dumps(NEW).replace(str(NEW["odoo_uptime_seconds"]), "NaN").encode(),
    "a hundred lists deep": b'{"is_certificate_ok": ' + b"[" * 100 + b"]" * 100 + b"}",
    "UTF-16": json.dumps(OLD).encode("utf-16"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_status_is_refused(name: str) -> None:
    with pytest.raises(NoAnswer) as problem:
        parse_data(answer(STRANGE[name]), PATH)
    assert line([problem.value.statement], {}) in {
        "the answer to /data is not JSON",
        "the answer to /data is not one of a box",
    }
    assert problem.value.__context__ is None


READERS: dict[str, Callable[[PageAnswer, str], object]] = {
    "data": parse_data,
    "credentials": parse_credentials,
    "page": parse_status_page,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "/data answers 500"),
        (302, "/data redirects (302), which no box does: a login page may stand in between"),
    ],
)
def test_another_status_is_told(reader: str, status: int, said: str) -> None:
    with pytest.raises(NoAnswer) as problem:
        READERS[reader](answer(recorded("17.0-late/data_err.html"), status), PATH)
    assert line([problem.value.statement], {}) == said


@pytest.mark.parametrize("reader", ["credentials", "page"])
def test_a_login_page_is_no_page_of_a_box(reader: str) -> None:
    with pytest.raises(NoAnswer):
        READERS[reader](answer(b"<form><input name='user'><input name='password'></form>" * 1000), PATH)


COSTLY = (b"<!--", b"<", b"<a ", b"</", b"<?", b"<!", b"<a a='", b"<a a=", b"<td class='", b"&#9", b"&a", b"<a a='x' >")


@pytest.mark.parametrize("markup", COSTLY)
@pytest.mark.parametrize("reader", ["credentials", "page"])
def test_broken_markup_costs_no_more_than_its_length(reader: str, markup: bytes) -> None:
    body = (markup * (1 << 17))[: 1 << 17]
    began = time.process_time()
    with pytest.raises(NoAnswer):
        READERS[reader](answer(body), PATH)
    assert time.process_time() - began < 2, "the standard library's parser takes minutes"


def test_a_character_by_an_endless_number_is_no_page() -> None:
    with pytest.raises(NoAnswer):
        parse_credentials(answer(b"<input name=db_uuid value='&#" + b"9" * 5000 + b";'>"), PATH)


def test_a_page_of_a_megabyte_is_no_page_of_a_box() -> None:
    with pytest.raises(NoAnswer):
        parse_credentials(answer(recorded("15.0/list_credential.html") + b" " * (1 << 20)), PATH)
