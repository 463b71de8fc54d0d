"""A live box on real ports: open exactly while its processes are up, and always with the pair that nginx has."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from iotbox_simulator.boxes.arrange import install_pair, small_world
from iotbox_simulator.boxes.linux import BOOT_SECONDS, SimulatedBox
from iotbox_simulator.boxes.windows import WindowsBox, WindowsSpec
from iotbox_simulator.live import LiveBox, LiveMachine
from iotbox_simulator.machine.image import CERTIFICATE, KEY, shared_temporary_pair
from iotbox_simulator.machine.spec import BoxSpec, LayoutKind
from iotbox_simulator.pki import Pair, issue_wildcard_pair, make_authority
from iotbox_simulator.served_web import ServedWeb
from reconciler.codes import CodeName
from reconciler.probe import Observer
from tests.support.patience import PATIENCE

from ..support.observed import changed, healthy, wanted

NOW = datetime.now(UTC)
CA = make_authority("Simulated", now=NOW - timedelta(days=400))
NAME = "192-168-1-20.d73e7513.odoo-iot.com"
LOOPBACK = ("127.0.0.1", 0)
TRUST = ssl.create_default_context(cadata=CA.root_pem)


def pair(days: float = 90) -> Pair:
    start, end = NOW - timedelta(days=100), NOW + timedelta(days=days)
    return issue_wildcard_pair(CA, "d73e7513", now=NOW, not_before=start, not_after=end)


PAIR, NEWER, EXPIRED = pair(), pair(80), pair(-2)


@dataclass(frozen=True)
class Served:
    """One box on two ports."""

    live: LiveBox
    web: ServedWeb

    async def do(self, action: Callable[[SimulatedBox], object]) -> None:
        """Let somebody do something to the box, as over SSH."""

        def turn() -> None:
            with self.live.caught_up() as box:
                action(box)

        await asyncio.to_thread(turn)

    async def get(self, path: str) -> requests.Response:
        url = f"http://127.0.0.1:{self.web.homepage_port}{path}"
        return await asyncio.to_thread(requests.get, url, timeout=PATIENCE)

    async def leaf(self) -> str:
        """Return the fingerprint that an unverified handshake presents."""
        return await asyncio.to_thread(presented, self.web.https_port)


def presented(port: int, name: str | None = None) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), PATIENCE) as connection,
        context.wrap_socket(connection, server_hostname=name) as session,
    ):
        return hashlib.sha256(session.getpeercert(binary_form=True) or b"").hexdigest()


def fingerprint(one: Pair) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(one.certificate_pem.partition("-----END")[0] + END)).hexdigest()


END = "-----END CERTIFICATE-----\n"


def boxed(kind: LayoutKind = "rw_ini", one: Pair | None = PAIR) -> LiveBox:
    spec = BoxSpec(kind=kind, clock=datetime.now(UTC) - timedelta(seconds=BOOT_SECONDS), address="192.168.1.20")
    box = SimulatedBox(spec, small_world(CA))
    if one is not None:
        install_pair(box, one)
    return LiveBox("till-1", box)


def serve(live: LiveBox, story: Callable[[Served], Awaitable[None]]) -> None:
    async def run() -> None:
        async with ServedWeb(live, LOOPBACK, LOOPBACK) as web:
            await story(Served(live, web))

    asyncio.run(run())


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    end = time.monotonic() + PATIENCE
    while not await condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


@asynccontextmanager
async def talking(port: int, **tls: Any) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect; afterwards nothing of the connection is left, which some later test would be blamed for."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **tls)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def secured(served: Served) -> AbstractAsyncContextManager[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to the box's name by TLS."""
    return talking(served.web.https_port, ssl=TRUST, server_hostname=NAME)


async def refused(port: int) -> bool:
    try:
        async with talking(port):
            return False
    except ConnectionRefusedError:
        return True


def test_homepage_answers_as_on_the_box() -> None:
    async def story(served: Served) -> None:
        reply = await served.get("/iot_drivers/ping")
        assert reply.json() == {"status": "success", "message": "pong"}
        assert reply.headers["Server"] == "Werkzeug/2.2.2 Python/3.11.2"
        assert reply.headers["Connection"] == "close"
        assert (await served.get("/iot_drivers/data")).json()["ip"] == "192.168.1.20"
        assert (await served.get("/nowhere")).status_code == 404

    serve(boxed(), story)


@pytest.mark.parametrize("kind", ["ro_ini", "rw_ini"])
def test_handshake_is_trusted_under_the_name_of_the_box(kind: LayoutKind) -> None:
    async def story(served: Served) -> None:
        async with secured(served) as (_, writer):
            version = writer.get_extra_info("ssl_object").version()
        assert version == ("TLSv1.2" if kind == "ro_ini" else "TLSv1.3")

    serve(boxed(kind), story)


def test_https_leads_to_the_homepage() -> None:
    async def story(served: Served) -> None:
        async with secured(served) as (reader, writer):
            writer.write(b"GET /hw_proxy/hello HTTP/1.1\r\nHost: box\r\n\r\n")
            reply = await reader.read()
        assert reply.startswith(b"HTTP/1.1 200 OK\r\nServer: nginx\r\n")
        assert reply.endswith(b"\r\n\r\nping")

    serve(boxed(), story)


def test_reload_shows_the_new_pair_and_the_server_goes_on() -> None:
    def renew(box: SimulatedBox) -> None:
        box.host.write(CERTIFICATE, NEWER.certificate_pem.encode())
        box.host.write(KEY, NEWER.private_key_pem.encode())
        box.nginx.reload()

    async def story(served: Served) -> None:
        assert await served.leaf() == fingerprint(PAIR)
        port = served.web.https_port
        await served.do(renew)

        async def is_new() -> bool:
            return await served.leaf() == fingerprint(NEWER)

        await until(is_new)
        assert served.web.https_port == port

    serve(boxed(), story)


def test_pair_of_another_key_type_replaces_the_temporary_one() -> None:
    async def story(served: Served) -> None:
        assert await served.leaf() == fingerprint(shared_temporary_pair())
        await served.do(lambda box: install_pair(box, PAIR))
        assert await served.leaf() == fingerprint(PAIR)

    serve(boxed(one=None), story)


def test_expired_pair_is_presented_as_it_is() -> None:
    async def story(served: Served) -> None:
        assert await served.leaf() == fingerprint(EXPIRED)
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            await asyncio.open_connection("127.0.0.1", served.web.https_port, ssl=TRUST, server_hostname=NAME)

    serve(boxed(one=EXPIRED), story)


def test_nginx_that_is_down_refuses_and_comes_back_on_the_same_port() -> None:
    async def story(served: Served) -> None:
        await served.do(lambda box: box.nginx.stop())

        async def is_refused() -> bool:
            return await refused(served.web.https_port)

        await until(is_refused)
        assert (await served.get("/hw_proxy/hello")).text == "ping"
        await served.do(lambda box: box.nginx.start())

        async def is_back() -> bool:
            return not await is_refused()

        await until(is_back)
        assert await served.leaf() == fingerprint(PAIR)

    serve(boxed(), story)


def test_odoo_that_is_down_refuses_and_nginx_says_so() -> None:
    async def story(served: Served) -> None:
        await served.do(lambda box: box.odoo.stop())

        async def is_refused() -> bool:
            return await refused(served.web.homepage_port)

        await until(is_refused)
        async with secured(served) as (reader, writer):
            writer.write(b"GET / HTTP/1.0\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 502 Bad Gateway")

    serve(boxed(), story)


def test_restart_over_http_is_seen_as_going_and_coming_back() -> None:
    async def story(served: Served) -> None:
        assert (await served.get("/iot_drivers/restart_odoo_service")).json()["status"] == "success"

        async def is_refused() -> bool:
            return await refused(served.web.homepage_port)

        async def is_back() -> bool:
            return not await is_refused()

        await until(is_refused)  # nobody else visits the box: the port opens and closes by itself
        await until(is_back)
        assert (await served.get("/iot_drivers/data")).json()["odoo_uptime_seconds"] < 5

    serve(boxed(), story)


def test_held_program_answers_when_it_runs_again() -> None:
    async def story(served: Served) -> None:
        await served.do(lambda box: box.odoo.signal(signal.SIGSTOP))
        waiting = asyncio.create_task(served.get("/hw_proxy/hello"))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
        await served.do(lambda box: box.odoo.signal(signal.SIGCONT))
        assert (await waiting).text == "ping"

    serve(boxed(), story)


def test_nobody_comes_in_while_the_serving_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = []
    unwatch = LiveMachine.unwatch

    async def story(served: Served) -> None:
        def come_late(machine: LiveMachine[Any], watcher: Callable[[], None]) -> None:
            unwatch(machine, watcher)
            for port in (served.web.homepage_port, served.web.https_port):
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port))
                refusals.append(port)

        monkeypatch.setattr(LiveMachine, "unwatch", come_late)

    serve(boxed(), story)
    assert len(refusals) == 2


def test_held_program_that_is_killed_breaks_the_connection() -> None:
    async def story(served: Served) -> None:
        await served.do(lambda box: box.odoo.signal(signal.SIGSTOP))
        waiting = asyncio.create_task(served.get("/hw_proxy/hello"))
        await asyncio.wait([waiting], timeout=0.3)
        await served.do(lambda box: box.odoo.signal(signal.SIGKILL))
        with pytest.raises(requests.ConnectionError):
            await waiting

    serve(boxed(), story)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01 no HTTP\r\n\r\n", b"400"),
        (
            b"POST /iot_drivers/save_credential HTTP/1.1\r\nHost: b\r\nContent-Length: 2000000\r\n\r\n"
            + b" " * 2000000,
            b"413",
        ),
    ],
)
def test_what_is_not_a_request_is_refused_in_http(sent: bytes, status: bytes) -> None:
    async def story(served: Served) -> None:
        async with talking(served.web.homepage_port) as (reader, writer):
            writer.write(sent)
            assert (await reader.read(12)).split()[1] == status

    serve(boxed(), story)


def test_client_that_says_nothing_does_not_keep_the_server_from_ending() -> None:
    async def story(served: Served) -> None:
        async with talking(served.web.homepage_port):
            assert (await served.get("/hw_proxy/hello")).text == "ping"

    serve(boxed(), story)


@pytest.mark.parametrize(
    ("break_it", "codes"),
    [
        (None, []),
        (lambda box: install_pair(box, NEWER), [CodeName.OTHER_CERTIFICATE_OUTSIDE]),
        (lambda box: box.nginx.stop(), [CodeName.HTTPS_UNREACHABLE]),
        (lambda box: box.odoo.stop(), [CodeName.HOMEPAGE_UNREACHABLE]),
    ],
)
def test_look_from_outside_sees_what_it_should(
    break_it: Callable[[SimulatedBox], object] | None, codes: list[CodeName]
) -> None:
    async def story(served: Served) -> None:
        seen = changed(healthy(), {"certificates.served": fingerprint(PAIR)})
        desired = replace(wanted(), https_port=served.web.https_port, homepage_port=served.web.homepage_port)
        observer = Observer(resolve=None, trust=TRUST, seconds=PATIENCE)
        if break_it is not None:
            await served.do(break_it)

        async def is_seen() -> bool:
            found = await observer.look("127.0.0.1", desired, seen)
            return [each.code for each in found] == codes

        await until(is_seen)

    serve(boxed(), story)


def test_failure_of_the_simulator_is_not_lost() -> None:
    has_failed = threading.Event()

    def fail() -> None:
        has_failed.set()
        raise AssertionError("this should not happen on a box")

    async def story(served: Served) -> None:
        with served.live.caught_up() as box:
            box.clock.later(0.05, fail)

        async def is_seen() -> bool:
            return has_failed.is_set()

        await until(is_seen)

    with pytest.raises(AssertionError, match="should not happen"):
        serve(boxed(), story)


def test_windows_box_is_served_too() -> None:
    async def story() -> None:
        box = WindowsBox(WindowsSpec(clock=datetime.now(UTC) - timedelta(seconds=BOOT_SECONDS)), small_world(CA))
        async with ServedWeb(LiveMachine("windows-1", box), LOOPBACK, LOOPBACK) as web:
            url = f"http://127.0.0.1:{web.homepage_port}/iot_drivers/data"
            reply = await asyncio.to_thread(requests.get, url, timeout=PATIENCE)
            assert reply.json()["system"] == "Windows"
            assert await asyncio.to_thread(presented, web.https_port) == fingerprint(shared_temporary_pair())

    asyncio.run(story())


def test_ports_are_given_back() -> None:
    live = boxed()
    ports: list[int] = []

    async def story(served: Served) -> None:
        ports.extend((served.web.homepage_port, served.web.https_port))

    serve(live, story)
    with live.caught_up():  # nobody listens to the box any more, and the loop is closed
        pass
    for port in ports:
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))
