"""Variables of an inventory become a desired state, or every problem is told in one line without a secret in it."""

from __future__ import annotations

import pytest

from reconciler.model.desired import Desired
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.model.validate import desired_from_variables

UUID = "0f5c2d1e-8a3b-4c6d-9e7f-1a2b3c4d5e6f"
LOCAL = {"iot_https_connection": "local"}


class Tagged(str):
    """As Ansible hands texts over: a subclass of str that says something else of itself."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"tagged {super().__str__()}"


def _desired(**values: object) -> Desired:
    desired, problems = desired_from_variables(
        Tagged("box-1"), {**LOCAL, **{f"iot_https_{k}": v for k, v in values.items()}}
    )
    assert problems == ()
    assert desired is not None
    return desired


def _problems(**values: object) -> tuple[str, ...]:
    variables = {**LOCAL, **{f"iot_https_{key}": value for key, value in values.items()}}
    desired, problems = desired_from_variables("box-1", variables)
    assert desired is None
    return problems


def test_nothing_set_manages_nothing() -> None:
    assert _desired() == Desired(name="box-1")


def test_all_that_is_supported_arrives() -> None:
    assert _desired(
        customer="Bakery",
        store="High Street",
        serial="10000000abcdef01",
        server_url="https://Shop.example.com:443/odoo",
        token="t0ken",
        db_name="shop",
        db_uuid=UUID,
        enterprise_code="M26",
        resolvers=["192.168.1.1", "2001:DB8::1"],
        renew_before_days=9,
        overdue_days=3,
        certificate_source="direct",
        authority_url="https://authority.example.com/x509",
        ca_file="/etc/ssl/own.pem",
        proxy="http://user:pass@proxy.example.com:3128",
        homepage_port=8070,
        https_port=8443,
        secure_logging=False,
    ) == Desired(
        name="box-1",
        customer="Bakery",
        store="High Street",
        serial="10000000abcdef01",
        server_url="https://shop.example.com",
        token=Secret("t0ken"),
        db_name="shop",
        db_uuid=Secret(UUID),
        enterprise_code=Secret("M26"),
        resolvers=("192.168.1.1", "2001:db8::1"),
        renew_before_days=9,
        overdue_days=3,
        authority_url="https://authority.example.com/x509",
        ca_file="/etc/ssl/own.pem",
        proxy=Secret("http://user:pass@proxy.example.com:3128"),
        homepage_port=8070,
        https_port=8443,
    )


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("store", None, None),
        ("renew_before_days", "9", 9),
        ("managed", "No", False),
        ("managed", "true", True),
        ("renew_before_days", 60, 60),
        ("overdue_days", 1, 1),
        ("homepage_port", 65535, 65535),
        ("resolvers", ("1.1.1.1",), ("1.1.1.1",)),
        ("authority_url", "http://127.0.0.1:9000/x509", "http://127.0.0.1:9000/x509"),
        ("authority_url", "http://localhost:9000/x509", "http://localhost:9000/x509"),
        ("store", Tagged("High Street"), "High Street"),
        ("store", "Großmarkt 3", "Großmarkt 3"),
    ],
)
def test_value_is_accepted(key: str, value: object, expected: object) -> None:
    assert getattr(_desired(**{key: value}), key) == expected


def test_tagged_texts_become_plain_ones() -> None:
    box = _desired(store=Tagged("High Street"), db_uuid=Tagged(UUID))

    assert type(box.name) is type(box.store) is str
    assert box.db_uuid is not None
    assert type(reveal(box.db_uuid)) is str
    assert box.db_uuid == Secret(UUID)


def test_variables_of_others_are_left_alone() -> None:
    desired, problems = desired_from_variables("b", {**LOCAL, "ansible_host": 7, "iot_httpsx": 1, "my_iot_https_a": 2})

    assert desired is not None
    assert problems == ()


REFUSED: tuple[tuple[str, object, str], ...] = (
    ("server_ulr", "https://x.example.com", "is not a known variable: did you mean iot_https_server_url?"),
    ("zzzzzzzzzzzzzzzzzzzzzzzzzz", "x", "is not a known variable: remove it"),
    ("connection", "serial", "is not one of ssh, local, homepage"),
    ("connection", "locall", "is not one of ssh, local, homepage: did you mean local?"),
    ("foo_bar", "x", "is not a known variable: remove it"),
    ("win", "x", "is not a known variable: remove it"),
    ("dns_servers", "x", "is not a known variable: remove it"),
    ("serverurl", "x", "is not a known variable: did you mean iot_https_server_url?"),
    ("uuid", "x", "is not a known variable: did you mean iot_https_db_uuid?"),
    (
        "certificate_source",
        "relay",
        "relay needs iot_https_db_uuid: the control machine asks, and what a box has stored never leaves it",
    ),
    (
        "certificate_source",
        "native",
        "native needs iot_https_connection homepage: over any other connection this program fetches; remove it",
    ),
    ("client_resolvers", ["router"], "router is not an IP address: names cannot be used here"),
    ("window", {"cron": "0 3 * * *"}, "is not supported yet: remove it"),
    ("serial", 1000000000, "is a number, text is expected: put quotes around it"),
    ("store", ["a"], "is a list, text is expected: put quotes around it"),
    ("store", True, "is true or false, text is expected: put quotes around it"),
    ("store", "", "is empty: leave it out where it is not managed"),
    ("store", "High Street\n", "contains a line break or another control character: remove it"),
    ("db_name", "shop\x00", "contains a line break or another control character: remove it"),
    ("store", " High Street", "has spaces around it: remove them"),
    ("renew_before_days", 0, "is 0, it must be from 1 to 60"),
    ("renew_before_days", 61, "is 61, it must be from 1 to 60"),
    ("renew_before_days", 8.0, "is a number, a whole number is expected"),
    ("renew_before_days", True, "is true or false, a whole number is expected"),
    ("renew_before_days", "eight", "is text, a whole number is expected"),
    ("homepage_port", 65536, "is 65536, it must be from 1 to 65535"),
    ("https_port", 0, "is 0, it must be from 1 to 65535"),
    ("resolvers", "1.1.1.1", "is text, a list is expected: write [a, b]"),
    ("resolvers", [], "is an empty list: leave it out where it is not managed"),
    ("resolvers", [1], "is a number, text is expected: put quotes around it"),
    ("resolvers", ["dns.example.com"], "dns.example.com is not an IP address: names cannot be used here"),
    ("resolvers", ["256.1.1.1"], "256.1.1.1 is not an IP address: names cannot be used here"),
    ("resolvers", ["0.0.0.0"], "0.0.0.0 is not the address of a server"),
    ("resolvers", ["1.1.1.1", "1.1.1.1"], "lists a server twice: remove one of them"),
    (
        "resolvers",
        ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4"],
        "lists 4 servers, a box asks only the first 3: remove the others",
    ),
    ("server_url", "shop.example.com", "is not a web address: write https://name-of-the-database"),
    ("server_url", "ftp://shop.example.com", "is not a web address: write https://name-of-the-database"),
    ("server_url", "https://u:p@shop.example.com", "contains a user or password: leave them out"),
    ("server_url", "https://u@shop.example.com", "contains a user or password: leave them out"),
    ("authority_url", "https://:p@shop.example.com", "contains a user or password: leave them out"),
    (
        "server_url",
        "http://LOCALHOST:8069",
        "names localhost, which on a box is the box itself: write the database's address",
    ),
    ("authority_url", "x509", "is not a web address: leave it out for the one of www.odoo.com"),
    ("authority_url", "https://u:p@authority.example.com", "contains a user or password: leave them out"),
    (
        "authority_url",
        "http://authority.example.com",
        "is not an https address, and a private key would travel in clear: write https://",
    ),
    ("ca_file", "own.pem", "is not an absolute path: it is a file on the box, begin with /"),
    ("secure_logging", "perhaps", "is text, true or false is expected"),
    ("secure_logging", 1, "is a number, true or false is expected"),
)


@pytest.mark.parametrize(("key", "value", "text"), REFUSED, ids=[f"{key} {value!r}" for key, value, _ in REFUSED])
def test_value_is_refused_with_a_way_out(key: str, value: object, text: str) -> None:
    assert _problems(**{key: value}) == (f"iot_https_{key} {text}",)


HIDDEN = "h1dden"
SECRETS: tuple[tuple[str, object, str], ...] = (
    ("token", f"{HIDDEN} x", "contains a space: copy it again without one"),
    ("token", f"{HIDDEN}\n", "contains a line break or another control character: remove it"),
    ("db_uuid", HIDDEN, "is not a UUID: copy it from the database, 8-4-4-4-12 hexadecimal digits"),
    ("db_uuid", f"{UUID}{HIDDEN}", "is not a UUID: copy it from the database, 8-4-4-4-12 hexadecimal digits"),
    ("db_uuid", [HIDDEN], "is a list, text is expected: put quotes around it"),
    ("enterprise_code", f"M1 {HIDDEN}", "contains a space: copy it again without one"),
    ("enterprise_code", f" {HIDDEN}", "has spaces around it: remove them"),
    ("proxy", f"user:{HIDDEN}@proxy", "is not a proxy address: write http://[user:password@]host:port"),
    ("proxy", {HIDDEN: HIDDEN}, "is a dictionary, text is expected: put quotes around it"),
)


@pytest.mark.parametrize(("key", "value", "text"), SECRETS, ids=[f"{row[0]} {row[2]}" for row in SECRETS])
def test_secret_is_refused_without_showing_it(key: str, value: object, text: str) -> None:
    problems = _problems(**{"server_url": "https://shop.example.com", key: value})

    assert problems == (f"iot_https_{key} {text}",)
    assert HIDDEN not in problems[0]


def test_connection_need_not_be_set() -> None:
    desired, problems = desired_from_variables("box-1", {})

    assert desired == Desired(name="box-1")
    assert problems == ()


@pytest.mark.parametrize(("renew", "overdue"), [(5, 5), (4, 5), (3, 60)])
def test_overdue_must_come_after_due(renew: int, overdue: int) -> None:
    (problem,) = _problems(renew_before_days=renew, overdue_days=overdue)

    assert problem.startswith(f"iot_https_overdue_days is {overdue}, it must be less than")


def test_token_without_a_server_is_refused_rather_than_ignored() -> None:
    (problem,) = _problems(token="t0ken")

    assert problem == "iot_https_token is of no use alone, it is written when linking: set iot_https_server_url too"


def test_all_problems_are_told_at_once_and_on_one_line_each() -> None:
    problems = _problems(tokn="x", renew_before_days=0, serial=7, window={}, resolvers=[])

    assert [each.split()[0] for each in problems] == [
        "iot_https_tokn",
        "iot_https_window",
        "iot_https_serial",
        "iot_https_resolvers",
        "iot_https_renew_before_days",
    ]
    assert not [each for each in problems if "\n" in each]


def test_variables_for_plays_are_judged_and_of_no_effect() -> None:
    plain, _ = desired_from_variables("box-1", LOCAL)
    desired, problems = desired_from_variables("box-1", {**LOCAL, "iot_https_relink": True, "iot_https_deadline": 60})
    assert (desired, problems) == (plain, ())

    desired, problems = desired_from_variables("box-1", {**LOCAL, "iot_https_deadline": 5})
    assert (desired, problems) == (None, ("iot_https_deadline is 5, it must be from 10 to 3600",))
