"""The box resolves, asks and posts as its files and its clock let it."""

from __future__ import annotations

import errno
import json
import socket
import ssl

import pytest
from cryptography import x509

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.image import TRUSTED_ROOTS
from iotbox_simulator.machine.network import SharedWorld
from iotbox_simulator.pki import TestAuthority
from reconciler.machine.guarded import ForeignFile
from reconciler.model.desired import DEFAULT_AUTHORITY_URL
from reconciler.net.network import HttpsRequest

LIMIT = 1 << 18
NAME = "www.odoo.com"


def resolvers(box: SimulatedBox, *servers: str) -> None:
    box.host.write("/etc/resolv.conf", "".join(f"nameserver {server}\n" for server in servers).encode())


def test_lookup_uses_the_live_file(box: SimulatedBox) -> None:
    assert box.resolve(NAME, 10.0) == ("203.0.113.10",)
    resolvers(box, "198.51.100.1")
    with pytest.raises(socket.gaierror, match="Temporary failure"):
        box.resolve(NAME, 10.0)


@pytest.mark.parametrize(
    ("servers", "found"),
    [
        (("1.1.1.1",), True),
        (("198.51.100.1", "1.1.1.1"), True),
        (("198.51.100.1", "198.51.100.2", "1.1.1.1"), True),
        (("198.51.100.1", "198.51.100.2", "198.51.100.3", "1.1.1.1"), False),
        ((), False),
    ],
)
def test_the_first_three_servers_count(box: SimulatedBox, servers: tuple[str, ...], *, found: bool) -> None:
    resolvers(box, *servers)
    try:
        assert box.resolve(NAME, 60.0) == ("203.0.113.10",)
    except socket.gaierror:
        assert not found
    else:
        assert found


def test_dead_server_costs_five_seconds(box: SimulatedBox, world: SharedWorld) -> None:
    resolvers(box, "192.0.2.53", "1.1.1.1")
    world.dns["192.0.2.53"].alive = False
    before = box.monotonic()
    box.resolve(NAME, 60.0)
    assert box.monotonic() - before == pytest.approx(5.02)
    with pytest.raises(TimeoutError):
        box.resolve(NAME, 2.0)


def test_unknown_name_ends_the_search(box: SimulatedBox) -> None:
    with pytest.raises(socket.gaierror) as caught:
        box.resolve("nowhere.example", 10.0)
    assert caught.value.errno == socket.EAI_NONAME


@pytest.mark.parametrize(("name", "address"), [("localhost", "127.0.0.1"), ("10.1.2.3", "10.1.2.3")])
def test_hosts_file_and_addresses_need_no_server(box: SimulatedBox, name: str, address: str) -> None:
    resolvers(box)
    assert box.resolve(name, 1.0) == (address,)


def test_one_server_can_be_asked(box: SimulatedBox, world: SharedWorld) -> None:
    name = "192-168-1-143.d73e7513.odoo-iot.com"
    assert box.ask_resolver("8.8.8.8", name, 2.0) == ("192.168.1.143",)
    world.dns["8.8.8.8"].rebind_protection = True
    with pytest.raises(OSError, match=r"8\.8\.8\.8 answered NXDOMAIN"):
        box.ask_resolver("8.8.8.8", name, 2.0)
    before = box.monotonic()
    with pytest.raises(TimeoutError):
        box.ask_resolver("198.51.100.1", name, 2.0)
    assert box.monotonic() - before == 2.0


def body() -> bytes:
    return json.dumps({"params": {"db_uuid": "u-1"}}).encode()


def test_authority_that_does_not_resolve_is_not_asked(box: SimulatedBox, authority: AuthorityModel) -> None:
    resolvers(box, "198.51.100.1")
    with pytest.raises(socket.gaierror):
        box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=b"{}"))
    assert authority.count == 0


def test_timeout_costs_the_whole_time(box: SimulatedBox, authority: AuthorityModel) -> None:
    authority.mode = "timeout"
    before = box.monotonic()
    with pytest.raises(TimeoutError):
        box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=b"{}"))
    assert box.monotonic() - before == pytest.approx(30.0, abs=0.1)


@pytest.mark.parametrize(("skew_days", "message"), [(100, "expired"), (-100, "not yet valid"), (1, None)])
def test_wrong_clock_breaks_tls(box: SimulatedBox, skew_days: float, message: str | None) -> None:
    box.clock.skew = skew_days * 86400
    if message is None:
        assert box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body())).status == 200
        return
    with pytest.raises(ssl.SSLCertVerificationError, match=message):
        box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body()))


def test_trust_store_and_ca_file_decide_whom_the_box_trusts(box: SimulatedBox, ca: TestAuthority) -> None:
    box.host.write(TRUSTED_ROOTS, b"")
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body()))
    assert caught.value.verify_message == "unable to get local issuer certificate"
    for path in ("/home/pi/ca.pem", "/etc/ca.pem"):
        box.host.create(path, ca.root_pem.encode(), 0o644, 0, 0)
    with pytest.raises(ForeignFile, match="others than root"):
        box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body(), ca_file="/home/pi/ca.pem"))
    assert box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body(), ca_file="/etc/ca.pem")).status == 200
    with pytest.raises(FileNotFoundError):
        box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body(), ca_file="/home/pi/none.pem"))


@pytest.mark.parametrize(
    ("proxy", "works"), [("http://u:p@proxy.example:3128", True), ("http://proxy.example:1", False)]
)
def test_proxy_resolves_in_place_of_the_box(box: SimulatedBox, world: SharedWorld, proxy: str, *, works: bool) -> None:
    world.dns["192.0.2.53"].names = {"proxy.example": ("203.0.113.30",)}
    if works:
        assert box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body(), proxy=proxy)).status == 200
        return
    with pytest.raises(ConnectionRefusedError):
        box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body(), proxy=proxy))


def test_host_that_is_down_refuses(box: SimulatedBox, world: SharedWorld, authority: AuthorityModel) -> None:
    world.down.add(NAME)
    with pytest.raises(OSError, match="refused") as caught:
        box.send(HttpsRequest(DEFAULT_AUTHORITY_URL, 30.0, LIMIT, body=body()))
    assert caught.value.errno == errno.ECONNREFUSED
    assert authority.count == 0


@pytest.mark.parametrize(
    ("path", "status"), [("/hw_proxy/hello", 200), ("/iot_drivers/ping", 200), ("/hw_posbox_homepage/ping", 404)]
)
@pytest.mark.parametrize("port", ["", ":8069"])
def test_routes_of_the_branch_answer_directly_and_through_nginx(
    box: SimulatedBox, path: str, status: int, port: str
) -> None:
    assert box.get(f"http://127.0.0.1{port}{path}", 5.0, 64).status == status


def test_nginx_says_when_odoo_is_down(box: SimulatedBox) -> None:
    box.run(("systemctl", "stop", "odoo"), 60.0)
    assert box.get("http://127.0.0.1/hw_proxy/hello", 5.0, 64).status == 502
    with pytest.raises(ConnectionRefusedError):
        box.get("http://127.0.0.1:8069/hw_proxy/hello", 5.0, 64)


@pytest.mark.parametrize(("port", "up"), [(443, True), (8443, False)])
def test_handshake_only_on_the_https_port(box: SimulatedBox, port: int, *, up: bool) -> None:
    if up:
        assert x509.load_der_x509_certificate(box.served_certificate(box.spec.address, port, "x", 5.0))
        return
    with pytest.raises(ConnectionRefusedError):
        box.served_certificate("127.0.0.1", port, "x", 5.0)


def test_there_is_nobody_else_on_the_network(box: SimulatedBox) -> None:
    with pytest.raises(AssertionError, match="nobody else"):
        box.get("http://192.0.2.99/hw_proxy/hello", 5.0, 64)


def test_small_world_has_an_authority_of_its_own(ca: TestAuthority) -> None:
    assert isinstance(small_world(ca).authority, AuthorityModel)
