"""A database is read alike in both protocols, and whatever it does wrong is one line without what was sent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from reconciler.model.errors import IotHttpsError
from reconciler.model.reveal import reveal
from reconciler.odoo_database import reading, server
from reconciler.odoo_database.errors import OdooRefused, OdooUnreachable
from reconciler.odoo_database.reading import read_database
from reconciler.odoo_database.settings import OdooProtocol
from tests.hostile.behaviours import counting
from tests.support.odoo_stand_in import CONTRACT, KEY, UUID, OdooFault, OdooStandIn, odoo_box
from tests.support.servers import dripping, flooding, serving, silent, unused_port

from .conftest import Settings

BOTH = pytest.mark.parametrize("protocol", [OdooProtocol.JSON2, OdooProtocol.XMLRPC])


@BOTH
def test_secrets_and_boxes_are_read(odoo: OdooStandIn, settings: Settings, protocol: str) -> None:
    content = read_database(settings(protocol=protocol))

    assert content.uuid is not None
    assert content.contract is not None
    assert (reveal(content.uuid), reveal(content.contract)) == (UUID, CONTRACT)
    assert [(box.number, box.name, box.address, box.company) for box in content.boxes] == [
        (1, "till-1", "192.0.2.2", "Hanoi"),
        (2, "till-2", "192.0.2.3", "Hanoi"),
    ]
    assert content.missing == ()


@BOTH
def test_pages_are_put_together(
    odoo: OdooStandIn, settings: Settings, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    odoo.contents.boxes = [odoo_box(number) for number in (3, 1, 5, 2, 4)]

    assert [box.number for box in read_database(settings(protocol=protocol)).boxes] == [1, 2, 3, 4, 5]


@BOTH
def test_whole_last_page_is_not_the_end(
    odoo: OdooStandIn, settings: Settings, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    odoo.contents.boxes = [odoo_box(number) for number in (1, 2, 3, 4)]

    assert len(read_database(settings(protocol=protocol)).boxes) == 4


@pytest.mark.parametrize(
    ("version", "path"), [(19, "/json/2/"), (21, "/json/2/"), (18, "/xmlrpc/2/"), (15, "/xmlrpc/2/")]
)
def test_protocol_is_that_of_the_version(odoo: OdooStandIn, settings: Settings, version: int, path: str) -> None:
    odoo.version = version

    assert len(read_database(settings()).boxes) == 2

    first, *others = odoo.asked
    assert first[:2] == ("GET", "/web/version")
    assert "Authorization" not in first[2]
    assert all(each.startswith(path) for _, each, _ in others)


def test_key_is_in_no_address(odoo: OdooStandIn, settings: Settings) -> None:
    for version in (18, 19):
        odoo.version = version
        read_database(settings())

    assert KEY not in "".join(odoo.paths())


def test_server_with_several_databases_is_told_which(odoo: OdooStandIn, settings: Settings) -> None:
    odoo.wants_database = True

    assert len(read_database(settings()).boxes) == 2
    with pytest.raises(OdooRefused, match=r"no JSON-2 API for this database .*: set database"):
        read_database(settings(database=None))


def test_older_version_without_login_is_told(odoo: OdooStandIn, settings: Settings) -> None:
    odoo.version = 17

    with pytest.raises(OdooRefused, match="XML-RPC needs database and login"):
        read_database(settings(login=None))


@BOTH
@pytest.mark.parametrize(
    "case",
    [
        (OdooFault.NO_RIGHT, OdooRefused, "does not let this API key read system parameters: use a key of an admin"),
        (OdooFault.NO_MODULE, OdooRefused, "has no model iot.box: install the IoT app"),
        (OdooFault.LOGIN_PAGE, OdooUnreachable, "a page for people"),
        (OdooFault.NOT_FOUND, OdooRefused, r"\(HTTP 404\)"),
        (OdooFault.REDIRECT, OdooRefused, "redirects to www.odoo.com: correct url"),
        (OdooFault.ERROR, OdooUnreachable, r"\(HTTP 500\)"),
        (OdooFault.TOO_MANY, OdooUnreachable, r"\(HTTP 429\): try again later"),
        (OdooFault.HUGE, OdooUnreachable, "more than 1 MiB"),
        (OdooFault.ENTITIES, OdooUnreachable, "XML that cannot be read|a page for people"),
        (OdooFault.BROKEN, OdooUnreachable, "cannot be read"),
        (OdooFault.NUMBERS, OdooUnreachable, "something else than records"),
        (OdooFault.SAME_PAGE, OdooUnreachable, "gives boxes twice"),
        (OdooFault.NAMES_ARE_NUMBERS, OdooRefused, "no text in the field name of iot.box: correct fields"),
        (OdooFault.CUT, OdooUnreachable, "ends its answer too soon|not reached"),
        (OdooFault.DEEP, OdooUnreachable, "cannot be read|a page for people"),
    ],
)
def test_fault_is_one_line(
    odoo: OdooStandIn,
    settings: Settings,
    protocol: str,
    case: tuple[OdooFault, type[IotHttpsError], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault, kind, text = case
    monkeypatch.setattr(reading, "PAGE", 2)
    monkeypatch.setattr(server, "MOST_BYTES", 1 << 20)
    odoo.fault = fault

    with pytest.raises(kind, match=text) as told:
        read_database(settings(protocol=protocol))

    assert "\n" not in str(told.value)
    assert KEY not in f"{told.value!r} {told.value.__cause__!r} {told.value.__dict__}"


@BOTH
def test_request_that_came_too_soon_is_sent_again(odoo: OdooStandIn, settings: Settings, protocol: str) -> None:
    odoo.fault = OdooFault.TOO_SOON

    assert len(read_database(settings(protocol=protocol)).boxes) == 2


@BOTH
def test_refused_key_is_told(odoo: OdooStandIn, settings: Settings, protocol: str) -> None:
    odoo.key = "another"

    with pytest.raises(OdooRefused, match=r"does not accept .*API key") as told:
        read_database(settings(protocol=protocol))

    assert KEY not in str(told.value)


def test_unknown_database_is_told(odoo: OdooStandIn, settings: Settings) -> None:
    with pytest.raises(OdooRefused, match="does not open the database: correct database"):
        read_database(settings(protocol="xmlrpc", database="other"))


def test_server_that_says_nothing_is_given_up(settings: Settings) -> None:
    with serving(silent) as quiet, pytest.raises(OdooUnreachable, match="does not answer in time"):
        read_database(settings(url=f"http://127.0.0.1:{quiet.port}", seconds=1))


def test_redirect_is_not_read_to_its_end(settings: Settings) -> None:
    start = b"HTTP/1.1 302 Found\r\nLocation: https://other.example/x\r\n\r\n"
    sent: list[int] = []
    with (
        serving(counting(flooding(start, b"x" * 65536), sent)) as endless,
        pytest.raises(OdooRefused, match=r"redirects to other\.example"),
    ):
        read_database(settings(url=f"http://127.0.0.1:{endless.port}", protocol="json2"))
    assert sum(sent) < 32 << 20


def test_packed_answer_is_not_unpacked(settings: Settings) -> None:
    start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip, gzip\r\n\r\n"
    with serving(dripping(start, b"x")) as packing, pytest.raises(OdooUnreachable, match="packs its answer"):
        read_database(settings(url=f"http://127.0.0.1:{packing.port}", protocol="json2"))


def test_closed_port_is_told_with_its_reason(settings: Settings) -> None:
    with unused_port() as port, pytest.raises(OdooUnreachable, match=r"is not reached \(Connection refused\)"):
        read_database(settings(url=f"https://127.0.0.1:{port}"))


def test_certificate_of_a_stranger_ends_it_before_the_key(odoo: OdooStandIn, settings: Settings) -> None:
    with pytest.raises(OdooUnreachable, match="certificate that is not trusted here"):
        read_database(settings(ca_file=None))

    assert odoo.asked == []


def test_file_of_authorities_that_is_none_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(OdooRefused, match=r"ca_file .* cannot be read"):
            read_database(settings(ca_file=str(tmp_path / name)))


def test_environment_is_not_looked_at(
    odoo: OdooStandIn, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `.netrc` would replace the key, and a proxy would see where it goes."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    for name, value in {
        "HOME": str(tmp_path),
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "REQUESTS_CA_BUNDLE": "/no",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert len(read_database(settings()).boxes) == 2
    with pytest.raises(OdooUnreachable, match="not reached through the proxy"):
        read_database(settings(environment_proxies=True))


def test_proxy_that_is_named_is_used(odoo: OdooStandIn, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(OdooUnreachable, match="not reached through the proxy") as told:
        read_database(settings(proxy=f"http://me:canary-proxy@127.0.0.1:{port}"))

    assert "canary-proxy" not in str(told.value)
    assert odoo.asked == []


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({}, "gives no database.uuid"),
        ({"database.uuid": False}, "gives no database.uuid"),
        ({"database.uuid": "canary {{ 1 }}"}, "has a database.uuid that is not a UUID"),
        ({"database.uuid": UUID, "database.enterprise_code": "{{lookup('pipe','id')}}"}, "that is no contract number"),
        ({"database.uuid": UUID, "database.enterprise_code": 5}, "that is no contract number"),
        ({"database.uuid": 7}, "has a database.uuid that is a number"),
    ],
)
def test_system_parameter_that_cannot_be_used_is_told(
    odoo: OdooStandIn, settings: Settings, parameters: dict[str, object], text: str
) -> None:
    odoo.contents.parameters = parameters

    with pytest.raises(OdooRefused, match=text) as told:
        read_database(settings())

    assert "canary" not in str(told.value)
    assert "lookup" not in str(told.value)


def test_database_without_a_contract_is_read(odoo: OdooStandIn, settings: Settings) -> None:
    odoo.contents.parameters["database.enterprise_code"] = False

    content = read_database(settings())

    assert content.contract is None
    assert content.uuid is not None


def test_field_of_another_name_is_read_and_a_missing_one_is_named(odoo: OdooStandIn, settings: Settings) -> None:
    odoo.contents.fields = ("id", "name", "identifier", "ip_url", "x_certificate")
    odoo.contents.boxes = [odoo_box(1, ip_url="http://192.0.2.7:8069", x_certificate="2027-02-01")]

    content = read_database(settings(fields={"certificate_end": "x_certificate", "version": "x_none"}))

    assert content.boxes[0].address == "http://192.0.2.7:8069"
    assert content.boxes[0].certificate_end == "2027-02-01"
    assert content.missing == ("version", "company")


def test_second_field_counts_where_the_first_is_empty(odoo: OdooStandIn, settings: Settings) -> None:
    odoo.contents.boxes = [odoo_box(1, ip=False, ip_url="https://192-0-2-9.d73e7513.odoo-iot.com")]

    assert read_database(settings()).boxes[0].address == "https://192-0-2-9.d73e7513.odoo-iot.com"


def test_too_many_boxes_are_refused(odoo: OdooStandIn, settings: Settings) -> None:
    with pytest.raises(OdooRefused, match="more than 1 boxes: raise most_boxes"):
        read_database(settings(most_boxes=1))
