"""A server is one server in a whole inventory, with whatever scheme and letters each entry writes it."""

from __future__ import annotations

import pytest

from .conftest import Read, invalid, target

SPELLINGS = ("http://shop.example", "https://SHOP.example.", "http://shop.example:443", "https://shop.example:443/odoo")


def entries(customers: tuple[str, str], urls: tuple[str, str]) -> dict[str, str]:
    """Return an inventory of two boxes."""
    lines = (
        f"    box-{number}: {{iot_https_customer: {customer}, iot_https_server_url: '{url}'}}"
        for number, (customer, url) in enumerate(zip(customers, urls, strict=True))
    )
    return {"hosts.yml": "\n".join(("all:", "  hosts:", *lines))}


@pytest.mark.parametrize("url", SPELLINGS)
def test_two_customers_with_one_server_are_seen_through_spellings(read: Read, url: str) -> None:
    inventory = read(entries(("lotus", "atlas"), ("https://shop.example", url)))
    assert all(
        "iot_https_server_url is also that of" in invalid(inventory, each).problems[0] for each in inventory.names
    )


@pytest.mark.parametrize("url", SPELLINGS)
def test_one_customer_has_one_server_and_no_copy_of_it(read: Read, url: str) -> None:
    inventory = read(entries(("lotus", "lotus"), (url, "https://shop.example")))
    first, second = (target(inventory, each).desired for each in inventory.names)
    assert inventory.servers_of("lotus") == ("https://shop.example",)
    assert first.own_servers == second.own_servers == first.copies == ()
    assert second.server_url == "https://shop.example"
    assert first.server_url is not None
    assert first.server_url.partition("://")[0] == url.partition("://")[0]


def test_letters_and_punycode_are_one_server(read: Read) -> None:
    urls = ("https://b\u00e4ckerei.example", "https://xn--bckerei-5wa.example")
    inventory = read(entries(("lotus", "lotus"), urls))
    assert inventory.servers_of("lotus") == (urls[1],)
    assert target(inventory, "box-0").desired.server_url == urls[1]
