"""Two spellings of one server are one; what is not a web address is none."""

from __future__ import annotations

import pytest

from reconciler.model.urls import oddly_spelled, origin, server


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        ("https://shop.example.com/", "https://shop.example.com"),
        ("HTTPS://Shop.Example.COM/odoo?token=x#y", "https://shop.example.com"),
        ("https://shop.example.com:443", "https://shop.example.com"),
        ("http://shop.example.com:80/", "http://shop.example.com"),
        ("http://shop.example.com:443", "http://shop.example.com:443"),
        ("https://shop.example.com:8069/web", "https://shop.example.com:8069"),
        ("https://user:secret@shop.example.com", "https://shop.example.com"),
        ("https://shop.example.com.", "https://shop.example.com"),
        ("http://192.168.1.9:8069", "http://192.168.1.9:8069"),
        ("http://[2001:DB8::9]:8069/", "http://[2001:db8::9]:8069"),
        ("https://B\u00c4ckerei.example", "https://xn--bckerei-5wa.example"),
        ("https://ba\u0308ckerei.example", "https://xn--bckerei-5wa.example"),
        ("https://XN--BCKEREI-5WA.example", "https://xn--bckerei-5wa.example"),
        ("https://stra\u00dfe.example", "https://xn--strae-oqa.example"),
        ("https://\u0442\u0435\u0441\u0442.example:8069/", "https://xn--e1aybc.example:8069"),
        ("https://\u5e97\u3002example", "https://xn--hxt.example"),
        ("https://" + "\u00e4" * 70 + ".example", None),
        ("", None),
        ("shop.example.com", None),
        ("ftp://shop.example.com", None),
        ("https://", None),
        ("https:///path", None),
        ("https://shop.example.com:0", None),
        ("https://shop.example.com:70000", None),
        ("https://shop.example.com:x", None),
        ("https://[2001:db8::9", None),
        (" https://shop.example.com", None),
        ("https://shop.example.com\n", None),
        ("https://shop.exam\tple.com", None),
        ("https://shop.example.com\0", None),
    ],
)
def test_origin(url: str, expected: str | None) -> None:
    assert origin(url) == expected


@pytest.mark.parametrize("url", ["https://.", "https://...:443/x"])
def test_a_host_of_nothing_but_dots_is_none(url: str) -> None:
    assert origin(url) is None


ONE_SERVER = (
    ("https://shop.example", "http://shop.example", "https://SHOP.example.:443/web", "http://shop.example:443"),
    ("https://shop.example:8069", "http://shop.example.:8069"),
    ("https://b\u00e4ckerei.example", "http://xn--bckerei-5wa.example./"),
    ("https://stra\u00dfe.example",),
    ("https://strasse.example",),
    ("https://[2001:db8::9]:8069", "http://[2001:DB8::9]:8069"),
    ("https://192.168.1.9", "http://192.168.1.9:80"),
    ("https://www.shop.example",),
)
"""Each row is one server in all its spellings, and no row is that of another."""


def test_spellings_of_one_server_are_one_and_servers_are_told_apart() -> None:
    told = [{server(url) for url in spellings} for spellings in ONE_SERVER]
    assert [len(each) for each in told] == [1] * len(ONE_SERVER)
    assert len(set().union(*told)) == len(ONE_SERVER)
    assert None not in set().union(*told)


@pytest.mark.parametrize("url", ["", "x", "ftp://shop.example", "https://."])
def test_what_is_no_web_address_is_no_server(url: str) -> None:
    assert server(url) is None


@pytest.mark.parametrize(
    ("url", "odd"),
    [
        ("https://SHOP.example:443/web", False),
        ("https://shop.example.", True),
        ("https://b\u00e4ckerei.example", True),
        ("https://xn--bckerei-5wa.example", False),
        ("nothing", False),
    ],
)
def test_a_spelling_that_programs_read_differently(url: str, odd: bool) -> None:  # noqa: FBT001
    assert (oddly_spelled(url) is not None) is odd
