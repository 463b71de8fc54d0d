"""What a customer writes as the address of a box leads to another machine, in a network that is allowed, or nowhere."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from reconciler.odoo_database.addresses import BadAddress, usable_address


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("http://192.0.2.7:8069", "192.0.2.7"),
        ("https://192-0-2-7.d73e7513.odoo-iot.com", "192.0.2.7"),
        ("192-0-2-7.d73e7513.odoo-iot.com", "192.0.2.7"),
        ("http://[2001:db8::7]:8069/", "2001:db8::7"),
        ("Box-7.shop.example", "box-7.shop.example"),
    ],
)
def test_address_is_taken(said: str, address: str) -> None:
    assert usable_address(said) == address


@pytest.mark.parametrize(
    "said",
    [
        "",
        "127.0.0.1",
        "127-0-0-1.d73e7513.odoo-iot.com",
        "127.1",
        "0x7f.1",
        "2130706433",
        "0",
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "169.254.169.254",
        "fe80::1",
        "fe80::1%eth0",
        "localhost",
        "LOCALHOST",
        "box.localhost",
        "ip6-localhost",
        "IP6-loopback",
        "999.1.1.1",
        "192.0.2.7 -oProxyCommand=id",
        "-oProxyCommand=id",
        "{{ lookup('pipe', 'id') }}",
        "../etc",
        "a/b",
        "box\nansible_connection=local",
        "http://192.0.2.7 x",
        "http://",
        "a" * 254,
        ".",
        "bücher.example",
        "box.",
    ],
)
def test_anything_else_is_refused(said: str) -> None:
    with pytest.raises(BadAddress):
        usable_address(said)


def test_networks_hold_for_addresses_and_leave_no_name() -> None:
    networks = [ip_network("192.0.2.0/24"), ip_network("2001:db8::/64")]

    assert usable_address("192.0.2.7", networks) == "192.0.2.7"
    assert usable_address("2001:db8::7", networks) == "2001:db8::7"
    for said in ("198.51.100.1", "192-0-3-7.x.odoo-iot.com", "box.example"):
        with pytest.raises(BadAddress, match="networks"):
            usable_address(said, networks)
