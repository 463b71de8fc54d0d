"""The stand-in for a customer's database keeps what boxes say of themselves."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iotbox_simulator import pki, stand_in
from iotbox_simulator.database import DatabaseStandIn
from iotbox_simulator.https_server import ClientRequest
from tests.support.patience import PATIENCE

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
CA = pki.make_authority("Test", now=dt.datetime.now(dt.UTC))
SETUP = {"identifier": "10000000abcdef01", "ip": "192-168-1-50.111111112222.odoo-iot.com", "token": "t"}


@pytest.fixture
def database() -> Iterator[DatabaseStandIn]:
    with DatabaseStandIn(ca=CA) as served:
        yield served


def call(database: DatabaseStandIn, method: str, path: str, params: object = None) -> http.client.HTTPResponse:
    context = ssl.create_default_context(cadata=database.ca.root_pem)
    connection = http.client.HTTPSConnection(database.url.removeprefix("https://"), timeout=PATIENCE, context=context)
    connection.request(method, path, json.dumps({"params": params}) if params is not None else None)
    return connection.getresponse()


def test_setup_is_kept_by_identifier(database: DatabaseStandIn) -> None:
    answer = json.loads(call(database, "POST", "/iot/setup", {"iot_box": SETUP, "devices": {"a": 1}}).read())
    assert answer["result"] is True
    assert database.boxes()["10000000abcdef01"]["setup"] == {**SETUP, "devices": {"a": 1}}


def test_certificate_status_is_added_to_the_same_box(database: DatabaseStandIn) -> None:
    call(database, "POST", "/iot/setup", {"iot_box": SETUP, "devices": {}}).read()
    said = {"identifier": "10000000abcdef01", "ssl_certificate_end_date": "2027-02-21 22:08:39"}
    call(database, "POST", "/iot/box/update_certificate_status", said).read()
    box = database.boxes()["10000000abcdef01"]
    assert (box["certificate_end_date"], box["posts"]) == ("2027-02-21 22:08:39", 2)
    assert box["setup"]["ip"] == SETUP["ip"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 200), ("GET", "/iot/setup", 404), ("POST", "/elsewhere", 404), ("GET", "/web", 404)],
)
def test_what_else_it_answers(database: DatabaseStandIn, method: str, path: str, status: int) -> None:
    assert call(database, method, path, {} if method == "POST" else None).status == status


def test_it_tells_its_version(database: DatabaseStandIn) -> None:
    answer = json.loads(call(database, "POST", "/web/webclient/version_info", {}).read())
    assert answer["result"]["server_version_info"][0] == 19


def control(database: DatabaseStandIn, method: str, path: str) -> tuple[int, Any]:
    reply = database.control(ClientRequest(method, path, {}, b""))
    assert isinstance(reply.body, bytes)
    return reply.status, json.loads(reply.body)


def test_control_shows_and_forgets_boxes(database: DatabaseStandIn) -> None:
    call(database, "POST", "/iot/setup", {"iot_box": SETUP, "devices": {}}).read()
    assert list(control(database, "GET", "/control/boxes")[1]) == ["10000000abcdef01"]
    assert control(database, "POST", "/control/reset") == (200, {"boxes": 0})
    assert control(database, "GET", "/control/nonsense")[0] == 404


def test_stand_ins_share_the_authority_in_a_folder(tmp_path: Path) -> None:
    first, second = stand_in.authority_in(tmp_path / "state", NOW), stand_in.authority_in(tmp_path / "state", NOW)
    assert first == second
    assert (tmp_path / "state" / "ca.pem").read_text() == first.root_pem
    assert (tmp_path / "state" / "authority.json").stat().st_mode & 0o777 == 0o600


def test_command_line() -> None:
    chosen = stand_in.options("d", ["a.example"], ["--listen", "127.0.0.2:443", "--state-dir", "state"])
    assert chosen == stand_in.Options(("127.0.0.2", 443), ("127.0.0.1", 8080), Path("state"), ["a.example"])


@pytest.mark.parametrize("text", ["127.0.0.1", ":", "host:port"])
def test_an_address_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"ADDR:PORT|invalid literal"):
        stand_in.address(text)
