"""Every mistake in the settings of a database is told at once, and the key never."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.odoo_database.settings import BadOdooSettings, OdooProtocol, settings_of, several

GOOD = {"customer": "lotus", "url": "https://lotus.example", "api_key": "canary"}


def test_what_is_needed_is_enough() -> None:
    made = settings_of(GOOD)

    assert (made.url, made.server_url, made.host_prefix) == ("https://lotus.example", "https://lotus.example", "lotus_")
    assert made.protocol is OdooProtocol.AUTO
    assert "canary" not in repr(made)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"url": None}, "url is missing: set it"),
        ({"databse": "x"}, "databse is no setting of a database: did you mean database?"),
        ({"url": "http://lotus.example"}, "url is not https, and the key would travel in clear: write https://"),
        ({"url": "https://lotus.example/odoo"}, "url is not the address of a server"),
        ({"url": "https://me:canary@lotus.example"}, "url contains a user or password: leave them out"),
        ({"url": "lotus.example"}, "url is not the address of a server"),
        ({"server_url": "lotus"}, "server_url is not the address of a server"),
        ({"customer": "{{ x }}"}, "customer contains {"),
        ({"customer": "a\nb"}, "customer is not text on one line"),
        ({"api_key": ""}, "api_key is empty"),
        ({"api_key": 5}, "api_key is not text on one line"),
        ({"api_key": "canary\n"}, "api_key is not text on one line"),
        ({"protocol": "json"}, "protocol is not one of auto, json2, xmlrpc: did you mean json2?"),
        ({"protocol": "xmlrpc"}, "database is missing: XML-RPC needs it; login is missing: XML-RPC needs it"),
        ({"model": "iot.box/../x"}, "model is not the name of a model"),
        ({"fields": {"nam": "x"}}, "fields has nam, which is not one of name, identifier"),
        ({"fields": {"name": 5}}, "fields has a key or value that is not text"),
        ({"stores": ["a"]}, "stores is not a mapping"),
        ({"stores": {"Hanoi": "a/b"}}, "stores has a store whose name contains /"),
        ({"host_prefix": "-"}, "host_prefix cannot begin the name of a host"),
        ({"host_name": "serial"}, "host_name is not one of name, identifier"),
        ({"networks": "192.0.2.0/24"}, "networks is not a list"),
        ({"networks": ["192.0.2.1/24"]}, "networks has an entry that is no network"),
        ({"seconds": 0}, "seconds is not a whole number from 1 to 3600"),
        ({"most_boxes": True}, "most_boxes is not a whole number"),
        ({"proxy": "proxy:3128"}, "proxy is not a proxy address"),
        ({"environment_proxies": "yes"}, "environment_proxies is not true or false"),
    ],
)
def test_mistake_is_told(said: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadOdooSettings) as told:
        settings_of({**GOOD, **said})

    assert problem in str(told.value)
    assert "canary" not in str(told.value)


def test_plain_http_is_for_this_machine_only() -> None:
    for url in ("http://127.0.0.1:8069", "http://localhost:8069", "http://[::1]:8069"):
        assert settings_of({**GOOD, "url": url}).url == url


def test_empty_prefix_can_be_chosen() -> None:
    assert settings_of({**GOOD, "host_prefix": ""}).host_prefix == ""
    assert settings_of({**GOOD, "customer": "Pho 24"}).host_prefix == "Pho-24_"


def test_databases_have_what_stands_beside_them_and_their_own() -> None:
    common = {"api_key": "canary", "seconds": 5, "url": None, "customer": None}
    databases = [
        {"customer": "a", "url": "https://a.example"},
        {"customer": "b", "url": "https://b.example", "seconds": 9},
    ]

    one, two = several(common, databases, [], "/x")

    assert (one.seconds, two.seconds, two.url) == (5, 9, "https://b.example")


def test_every_mistake_of_every_database_is_told() -> None:
    common = {"api_key": "canary"}
    databases = [
        {"url": "x"},
        "y",
        {"customer": "a", "url": "https://a.example"},
        {"customer": "a", "url": "https://b.example"},
    ]

    with pytest.raises(BadOdooSettings) as told:
        several(common, databases, ["databse"], "/x")

    assert [problem[:40] for problem in told.value.problems] == [
        "databse is no setting: did you mean data",
        "databases, 1: customer is missing: set i",
        "databases, 2: is no mapping: write custo",
        "customer a has two databases: give each ",
    ]


@pytest.mark.parametrize("said", [[], {}, "x"])
def test_databases_are_a_list(said: object) -> None:
    with pytest.raises(BadOdooSettings, match="databases is no list"):
        several(GOOD, said, [], "/x")


def test_file_of_authorities_is_beside_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    for said, meant in {"ca.pem": "/x/ca.pem", "/y/ca.pem": "/y/ca.pem", "~/ca.pem": "/home/me/ca.pem"}.items():
        (made,) = several({**GOOD, "ca_file": said}, None, [], "/x")
        assert made.ca_file == str(Path(meant))


def test_prefix_of_a_customer_is_the_beginning_of_no_other() -> None:
    """Or a user of `lotus` could call a box `b-till`, and take the name of a box of `lotus-b`."""
    customers = ["lotus", "lotus-b", "lotus_b", "lotus b c", "A & B (x)", "'"]
    prefixes = [settings_of({**GOOD, "customer": each}).host_prefix for each in customers]

    assert prefixes == ["lotus_", "lotus-b_", "lotus-b_", "lotus-b-c_", "A-B-x_", "customer_"]
