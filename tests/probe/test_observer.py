"""One whole look: all three parts, side by side, under the name that tills use."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from reconciler.codes import CodeName, Variant
from reconciler.model.observed import Certificate
from reconciler.probe import Observer
from reconciler.results.finding import Finding

from ..support.observed import changed, healthy, temporary, wanted
from . import servers
from .test_look import NAME, PAIR, PING, TRUST, fingerprint


def look(
    observed: Mapping[str, object] = MappingProxyType({}),
    *,
    resolves_to: str = "192.168.1.20",
    hidden: tuple[str, ...] = (),
) -> tuple[tuple[Finding, ...], list[str]]:
    asked: list[str] = []

    async def resolve(name: str) -> tuple[str, ...]:
        asked.append(name)
        if name in hidden:
            raise OSError(-2, "Name or service not known")
        return (resolves_to,)

    with servers.listening(servers.silent, PAIR) as https, servers.listening(servers.saying(PING)) as http:
        seen = changed(healthy(), {"certificates.served": fingerprint(PAIR), **observed})
        desired = replace(wanted(), https_port=https, homepage_port=http)
        return asyncio.run(Observer(resolve=resolve, trust=TRUST).look("127.0.0.1", desired, seen)), asked


def test_nothing_is_said_of_a_box_that_tills_reach() -> None:
    assert look() == ((), [NAME])


def test_name_that_leads_elsewhere_is_found() -> None:
    found, _ = look(resolves_to="10.0.0.1")
    assert [each.code for each in found] == [CodeName.NAME_LEADS_ELSEWHERE]


@pytest.mark.parametrize(("hidden", "variant"), [((NAME,), None), ((NAME, "www.odoo.com"), Variant.OWN_DNS_FAILS)])
def test_a_hidden_name_is_told_from_dns_that_is_down_here(hidden: tuple[str, ...], variant: Variant | None) -> None:
    found, asked = look(hidden=hidden)
    assert [(each.code, each.variant) for each in found] == [(CodeName.NAME_NOT_RESOLVED, variant)]
    assert asked == [NAME, "www.odoo.com"]


def test_temporary_certificate_has_no_name_to_look_up() -> None:
    _, asked = look({"certificates.live.certificate": temporary()})
    assert asked == []


@pytest.mark.parametrize("name", ["*..x", "*." + "x" * 64, "*.a\0b"])
def test_a_box_with_a_name_that_cannot_exist_is_looked_at_to_the_end(name: str) -> None:
    leaf = replace(healthy_leaf(), subject_cn=name, names=(name,))
    seen = changed(healthy(), {"certificates.served": fingerprint(PAIR), "certificates.live.certificate": leaf})
    with servers.listening(servers.silent, PAIR) as https, servers.listening(servers.saying(PING)) as http:
        desired = replace(wanted(), https_port=https, homepage_port=http)
        found = asyncio.run(Observer(trust=TRUST).look("127.0.0.1", desired, seen))
    assert [each.code for each in found] == [CodeName.HTTPS_UNREACHABLE, CodeName.NAME_NOT_RESOLVED]
    assert "none that a client can ask for" in found[0].evidence
    assert all(each.evidence.isprintable() for each in found)


def healthy_leaf() -> Certificate:
    leaf = healthy().certificates.live.certificate
    assert leaf is not None
    return leaf
