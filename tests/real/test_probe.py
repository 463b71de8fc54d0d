"""A real box looked at from outside: from this machine, with a firewall in front of it, and by two kinds of DNS."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

import boxes
from iotbox_simulator.pki import Pair, issue_wildcard_pair
from realbox.podman import query
from reconciler.codes import CodeName
from reconciler.net.dns import ask
from reconciler.net.stream import TimeLimit
from reconciler.probe import Observer
from reconciler.probe.name import Resolve
from reconciler.results.finding import Finding

from . import look
from .lab import Lab, Unit, ca, names

SECONDS = 5.0
IMPATIENCE = 1.0
KNOWN_TO_DNS = "222222223333"
"""A subdomain below which the lab's DNS answers with the address in the name, as the public one does."""

pytestmark = pytest.mark.parametrize("kind", ["rw_ini", "ro_flat"])


@pytest.fixture
def unit(lab: Lab, kind: str) -> Iterator[Unit]:
    """A box as it should be, but for a certificate whose name the lab's DNS knows."""
    unit = lab.converged(kind, "work")
    present(unit, issue_wildcard_pair(ca(), KNOWN_TO_DNS, now=datetime.now(UTC)))
    yield unit
    present(unit, unit.pair())


def present(unit: Unit, pair: Pair) -> None:
    look.put_in_use(unit, pair.certificate_pem, pair.private_key_pem)
    boxes.wait_for(lambda: look.presented(unit) == look.fingerprint(pair.certificate_pem), "nginx has not reloaded")


def asking(server: str) -> Resolve:
    async def resolve(name: str) -> tuple[str, ...]:
        return await asyncio.to_thread(ask, server, 53, name, TimeLimit(SECONDS))

    return resolve


def seen_from_here(unit: Unit, server: str, *, seconds: float = SECONDS) -> tuple[Finding, ...]:
    observed = unit.check().observed
    assert observed is not None
    trust = ssl.create_default_context(cadata=boxes.peers().ca_pem())
    observer = Observer(resolve=asking(server), trust=trust, seconds=seconds)
    return asyncio.run(observer.look(unit.box.address, unit.desired, observed))


@contextmanager
def firewall(unit: Unit, *verdict: str) -> Iterator[None]:
    """Something in front of the box that treats what comes from outside so; the box reaches itself as ever."""
    process = query("inspect", "--format", "{{.State.Pid}}", unit.box.container)
    iptables = ["nsenter", "--target", process, "--net", "iptables"]
    rule = ["INPUT", "!", "-i", "lo", "-p", "tcp", *verdict]
    subprocess.run([*iptables, "-I", *rule], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run([*iptables, "-D", *rule], check=True, capture_output=True)


def test_healthy_box_gives_nothing_to_say_and_nothing_is_written(unit: Unit) -> None:
    before = look.listing(unit)

    assert names(seen_from_here(unit, boxes.peers().address)) == []
    assert look.listing(unit) == before


def test_rebind_protection_of_a_router(unit: Unit) -> None:
    assert names(seen_from_here(unit, boxes.peers().rebind_resolver)) == [CodeName.NAME_NOT_RESOLVED]


@pytest.mark.parametrize("verdict", [("DROP",), ("REJECT", "--reject-with", "tcp-reset")])
def test_firewall_in_front_of_https(unit: Unit, verdict: tuple[str, ...]) -> None:
    with firewall(unit, "--dport", "443", "-j", *verdict):
        assert names(seen_from_here(unit, boxes.peers().address, seconds=IMPATIENCE)) == [CodeName.HTTPS_UNREACHABLE]


def test_firewall_in_front_of_the_homepage(unit: Unit) -> None:
    with firewall(unit, "--dport", "8069", "-j", "REJECT"):
        assert names(seen_from_here(unit, boxes.peers().address)) == [CodeName.HOMEPAGE_UNREACHABLE]
