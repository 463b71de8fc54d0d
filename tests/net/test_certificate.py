"""Reading what is served: any certificate will do, none is trusted."""

from __future__ import annotations

import base64
import ssl
import time
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from reconciler.machine.posix.trust import trusting
from reconciler.net.client import NetworkClient
from tests.support.certificates import Identity, authority, issue, server_context
from tests.support.servers import LOOPBACK, Handler, Served, dripping, interrupting, serving, silent, unused_port

from ..support.patience import PATIENCE

WILDCARD = "*.abcdef01.odoo-iot.com"
NAME = "192-168-1-7.abcdef01.odoo-iot.com"
NETWORK = NetworkClient(trusting())


def hold(connection: object, served: Served) -> None:
    """Do the handshake and wait for the client to go."""
    assert isinstance(connection, ssl.SSLSocket)
    connection.recv(1)


SERVED = {
    "good": lambda: issue(NAME),
    "expired": lambda: issue(NAME, valid=timedelta(days=-1)),
    "another name": lambda: issue("elsewhere.test"),
    "self-signed": lambda: authority("OdooTempIoTBoxCertificate"),
    "short key": lambda: issue(NAME, key=rsa.generate_private_key(65537, 1024)),  # noqa: S505  # as once sold
}


@pytest.mark.parametrize("make", SERVED.values(), ids=SERVED)
def test_whatever_is_served_is_read(tmp_path: Path, make: object) -> None:
    assert callable(make)
    identity: Identity = make()
    with serving(hold, server_context(identity, tmp_path)) as server:
        assert NETWORK.served_certificate(LOOPBACK, server.port, NAME, PATIENCE) == identity.der


OAKLEY_GROUP_2 = bytes.fromhex(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF"
)


def test_a_server_with_a_short_key_exchange_is_read(tmp_path: Path) -> None:
    """A proper client refuses 1024 bits: this one is only there to look."""
    group = tmp_path / "dh.pem"
    prime_and_generator = bytes.fromhex("308187 02818100") + OAKLEY_GROUP_2 + bytes.fromhex("020102")
    text = base64.encodebytes(prime_and_generator).decode()
    group.write_text(f"-----BEGIN DH PARAMETERS-----\n{text}-----END DH PARAMETERS-----\n")
    identity = SERVED["short key"]()
    context = server_context(identity, tmp_path)
    context.load_dh_params(str(group))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE+AESGCM:@SECLEVEL=0")
    with serving(hold, context) as server:
        assert NETWORK.served_certificate(LOOPBACK, server.port, NAME, PATIENCE) == identity.der


def test_a_server_that_ends_at_tls_1_2_is_read(tmp_path: Path) -> None:
    identity = issue(NAME)
    context = server_context(identity, tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("HIGH:!aNULL:!MD5:@SECLEVEL=0")
    with serving(hold, context) as server:
        assert NETWORK.served_certificate(LOOPBACK, server.port, NAME, PATIENCE) == identity.der


@pytest.mark.parametrize(("name", "asked"), [(NAME, NAME), ("", None), (WILDCARD, WILDCARD)])
def test_the_name_is_asked_for(tmp_path: Path, name: str, asked: str | None) -> None:
    context = server_context(issue(NAME), tmp_path)
    names: list[str | None] = []
    context.sni_callback = lambda connection, asked_for, context: names.append(asked_for)
    with serving(hold, context) as server:
        NETWORK.served_certificate(LOOPBACK, server.port, name, PATIENCE)
    assert names == [asked]


def test_a_name_that_cannot_exist_is_an_os_error(tmp_path: Path) -> None:
    with serving(silent) as server, pytest.raises(OSError, match="Not a valid host name"):
        NETWORK.served_certificate(LOOPBACK, server.port, "a" * 70, PATIENCE)


def test_what_is_not_tls_is_an_os_error() -> None:
    with serving(interrupting(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server, pytest.raises(ssl.SSLError):
        NETWORK.served_certificate(LOOPBACK, server.port, NAME, PATIENCE)


def test_nobody_there_is_an_os_error() -> None:
    with unused_port() as port, pytest.raises(ConnectionRefusedError, match=str(port)):
        NETWORK.served_certificate(LOOPBACK, port, NAME, PATIENCE)


@pytest.mark.parametrize("handler", [silent, dripping(b"", b"\x16")], ids=["silence", "drip"])
def test_a_handshake_without_end_is_cut(handler: Handler) -> None:
    start = time.monotonic()
    with serving(handler) as server, pytest.raises(TimeoutError, match=r"no TLS handshake within 0\.2 s"):
        NETWORK.served_certificate(LOOPBACK, server.port, NAME, 0.2)
    assert time.monotonic() - start < PATIENCE / 2
