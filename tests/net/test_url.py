"""URLs: what is accepted, what is refused, and that a refusal never repeats what it refuses."""

from __future__ import annotations

import base64

import pytest

from reconciler.net.url import Proxy, RequestTarget, parse_proxy, parse_target


@pytest.mark.parametrize(
    ("url", "expected", "host_header"),
    [
        ("https://www.odoo.com/a/b", ("www.odoo.com", 443, "/a/b"), "www.odoo.com"),
        ("https://www.odoo.com", ("www.odoo.com", 443, "/"), "www.odoo.com"),
        ("https://www.odoo.com:443/", ("www.odoo.com", 443, "/"), "www.odoo.com"),
        ("https://WWW.odoo.com:8443/?q=1#part", ("www.odoo.com", 8443, "/?q=1"), "www.odoo.com:8443"),
        ("https://[::1]/x", ("::1", 443, "/x"), "[::1]"),
        ("https://[::1]:8443/x", ("::1", 8443, "/x"), "[::1]:8443"),
        ("https://büro.example/", ("xn--bro-hoa.example", 443, "/"), "xn--bro-hoa.example"),
    ],
)
def test_a_target_is_host_port_and_path(url: str, expected: tuple[str, int, str], host_header: str) -> None:
    target = parse_target(url, "https")
    assert (target.host, target.port, target.path) == expected
    assert target.host_header == host_header


@pytest.mark.parametrize(
    ("target", "expected"),
    [(RequestTarget("a", 443, "/", True), "a:443"), (RequestTarget("::1", 8443, "/", False), "[::1]:8443")],
)
def test_the_authority_always_has_a_port(target: RequestTarget, expected: str) -> None:
    assert target.authority == expected


REFUSED = [
    "http://hunter2.example/",
    "ftp://hunter2.example/",
    "hunter2",
    "",
    "https:///hunter2",
    "https://user:hunter2@host/",
    "https://hunter2@host/",
    "https://host:hunter2/",
    "https://host:99999/hunter2",
    "https://host:0/hunter2",
    "https://[hunter2/",
    "https://host/hunter2 x",
    "https://host/hunter2\r\nX: y",
    "https://host\u2100hunter2/",
    "https://" + "ü" * 70 + "hunter2/",
]


@pytest.mark.parametrize("url", REFUSED)
def test_any_other_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="URL") as caught:
        parse_target(url, "https")
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_plain_http_has_its_own_port() -> None:
    assert parse_target("http://127.0.0.1/", "http").port == 80


@pytest.mark.parametrize(
    ("url", "credentials"),
    [
        ("http://proxy.shop:3128", None),
        ("http://proxy.shop:3128/", None),
        ("http://till:hunter2@proxy.shop:3128", b"till:hunter2"),
        ("http://till@proxy.shop:3128", b"till:"),
        ("http://t%40ll:p%3Ass%C3%BC@proxy.shop:3128", "t@ll:p:ssü".encode()),
    ],
)
def test_a_proxy_is_host_port_and_perhaps_credentials(url: str, credentials: bytes | None) -> None:
    proxy = parse_proxy(url)
    assert (proxy.host, proxy.port) == ("proxy.shop", 3128)
    expected = None if credentials is None else "Basic " + base64.b64encode(credentials).decode()
    assert proxy.authorization == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://till:hunter2@proxy.shop:3128",
        "http://till:hunter2@proxy.shop",
        "http://till:hunter2@proxy.shop:port",
        "http://till:hunter2@:3128",
        "http://till:hunter2@proxy.shop:3128/path",
        "http://till:hunter2@proxy.shop:3128?query",
        "http://till:hunter/2@proxy.shop:3128",
        "http://till:hunter2@[proxy:3128",
        "http://till:hunter2\u2100@proxy.shop:3128",
        "http://till:hunter2 @proxy.shop:3128",
        "till:hunter2@proxy.shop:3128",
    ],
)
def test_any_other_proxy_is_refused_without_its_credentials(url: str) -> None:
    with pytest.raises(ValueError, match="proxy URL") as caught:
        parse_proxy(url)
    assert not any(part in str(caught.value) for part in ("hunter", "till", "2@"))


def test_a_proxy_does_not_show_its_credentials() -> None:
    proxy = Proxy("proxy.shop", 3128, "Basic c2VjcmV0")
    assert "c2VjcmV0" not in f"{proxy} {proxy!r}"
