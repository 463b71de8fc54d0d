"""What a misspelled name most likely means."""

from __future__ import annotations

import pytest

from reconciler.model.near import nearest, question

VERBS = ("check", "reconcile", "diagnose", "host-keys", "schedule", "demo")
FLAGS = ("--limit", "--list-hosts", "--vault-id", "--vault-password-file", "--diff")
VARIABLES = ("iot_https_db_name", "iot_https_db_uuid", "iot_https_server_url", "iot_https_store", "iot_https_serial")
OF_OURS = ("iot_https_",)

TABLE = [
    ("chekc", VERBS, (), ("check",)),
    ("hostkeys", VERBS, (), ("host-keys",)),
    ("diag", VERBS, (), ("diagnose",)),
    ("reconsile", VERBS, (), ("reconcile",)),
    ("frob", VERBS, (), ()),
    ("", VERBS, (), ()),
    ("--dif", FLAGS, ("--",), ("--diff",)),
    ("--limits", FLAGS, ("--",), ("--limit",)),
    ("--vault", FLAGS, ("--",), ("--vault-id", "--vault-password-file")),
    ("--v", FLAGS, ("--",), ()),
    ("iot_https_serverurl", VARIABLES, OF_OURS, ("iot_https_server_url",)),
    ("iot_https_stor", VARIABLES, OF_OURS, ("iot_https_store",)),
    ("iot_https_db_", VARIABLES, OF_OURS, ("iot_https_db_name", "iot_https_db_uuid")),
    ("iot_https_", VARIABLES, OF_OURS, ()),
    ("iot_https_colour", VARIABLES, OF_OURS, ()),
    ("ba", ("bat", "bar"), (), ("bar", "bat")),
    ("cab", ("caba", "cabb", "cabc", "cabd"), (), ()),
]


@pytest.mark.parametrize(("name", "names", "prefixes", "meant"), TABLE)
def test_what_is_meant(name: str, names: tuple[str, ...], prefixes: tuple[str, ...], meant: tuple[str, ...]) -> None:
    assert nearest(name, names, prefixes, takes_short=True) == meant


def test_a_name_that_is_short_is_no_slip_where_names_are_not_shortened() -> None:
    assert nearest("diag", VERBS) == ()


@pytest.mark.parametrize(
    ("near", "asked"),
    [
        (["a"], "did you mean a?"),
        (["a", "b"], "did you mean a or b?"),
        (["a", "b", "c"], "did you mean a, b or c?"),
    ],
)
def test_what_is_asked(near: list[str], asked: str) -> None:
    assert question(near) == asked
