"""Two spellings of one server are one; what is not a web address is none."""

from __future__ import annotations

import pytest

from reconciler.model.urls import origin


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
