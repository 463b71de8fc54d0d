"""One entry that cannot be used is told with host, variable and reason, all at once, and stops no other host."""

from __future__ import annotations

import pytest

from reconciler.inventory import InventoryError
from reconciler.model.desired import Desired
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret

from .conftest import Read, encrypted, invalid, target, vault_text

HOSTS = {"hosts.yml": "all: {hosts: {good: , bad: , last: }}"}


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        (
            "iot_https_server_url: ftp://x",
            "iot_https_server_url is not a web address: write https://name-of-the-database",
        ),
        ("iot_https_serial: 1000", "iot_https_serial is a number, text is expected: put quotes around it"),
        ("iot_https_serail: x", "iot_https_serail is not a known variable: did you mean iot_https_serial?"),
        ("iot_https_window: {}", "iot_https_window is not supported yet: remove it"),
        (
            "iot_https_connection: homepage\niot_https_certificate_source: relay",
            (
                "iot_https_certificate_source relay does not go with iot_https_connection homepage: by its homepage a "
                "box takes no certificate, it fetches its own; remove it"
            ),
        ),
        ("iot_https_connection: homepage\nansible_host: a b", "ansible_host"),
        ("iot_https_store: '{{ nowhere }}'", "iot_https_store refers to nowhere, which is not defined for this host"),
        ("iot_https_store: '{{ a }}'\na: '{{ nowhere }}'", "iot_https_store refers to nowhere, which is not defined"),
        ("iot_https_resolvers: ['{{ nowhere }}']", "iot_https_resolvers refers to nowhere, which is not defined"),
        (
            "iot_https_store: '{{ d.x }}'\nd: {}",
            "iot_https_store refers to something that is not defined for this host",
        ),
        ("iot_https_store: '{{ hostvars.no.x }}'", "iot_https_store refers to something that is not defined"),
        ("iot_https_store: '{{ iot_https_store }}'", "iot_https_store refers to itself: correct the template"),
        ("iot_https_store: '{{ x'", "iot_https_store is not a template that can be read: correct its braces"),
        ("iot_https_store: '{% x'", "iot_https_store is not a template that can be read: correct its braces"),
        (
            "iot_https_store: \"{{ 'x' | from_json }}\"",
            "iot_https_store has a template of which the filter ansible.builtin.from_json fails",
        ),
        (
            "iot_https_store: \"{{ lookup('file', '/none') }}\"",
            "iot_https_store has a template of which the lookup file fails: correct the template or what it reads",
        ),
        ("iot_https_store: !vault nonsense", "iot_https_store is not a value of ansible-vault that can be read"),
        ("a: b: c", "variables cannot be read: a file cannot be read as YAML or as a mapping of variables: correct it"),
        ("- a", "variables cannot be read: a file cannot be read as YAML or as a mapping of variables: correct it"),
    ],
)
def test_entry_is_refused_and_the_others_go_on(read: Read, variables: str, problem: str) -> None:
    inventory = read({**HOSTS, "host_vars/bad.yml": f"{variables}\n"})

    assert [each.name for each in inventory.targets] == ["good", "last"]
    (said,) = invalid(inventory, "bad").problems
    assert said.startswith(problem)
    assert "host_vars/bad.yml" in said


def test_all_problems_of_an_entry_are_told_at_once(read: Read) -> None:
    variables = "iot_https_serial: 5\niot_https_store: '{{ nowhere }}'\nansible_port: 0\niot_https_typo: 1\n"

    problems = invalid(read({**HOSTS, "host_vars/bad.yml": variables}), "bad").problems

    assert {problem.split(" ", 1)[0] for problem in problems} == {
        "iot_https_serial",
        "iot_https_store",
        "ansible_port",
        "iot_https_typo",
    }


def test_problem_that_only_follows_from_another_is_not_told(read: Read) -> None:
    variables = "iot_https_server_url: '{{ nowhere }}'\niot_https_token: t\n"

    (said,) = invalid(read({**HOSTS, "host_vars/bad.yml": variables}), "bad").problems

    assert said.startswith("iot_https_server_url refers to nowhere")


def test_entry_that_is_refused_keeps_its_customer_and_store(read: Read) -> None:
    variables = "iot_https_customer: lotus\niot_https_store: hanoi\niot_https_serial: 5\n"

    bad = invalid(read({**HOSTS, "host_vars/bad.yml": variables}), "bad")

    assert (bad.customer, bad.store) == ("lotus", "hanoi")


def test_value_that_another_password_encrypted_stops_its_own_host_only(read: Read) -> None:
    variables = f"iot_https_serial: {encrypted('x', 'another')}\n"

    inventory = read({**HOSTS, "host_vars/bad.yml": variables})

    assert [each.name for each in inventory.targets] == ["good", "last"]
    assert (
        invalid(inventory, "bad")
        .problems[0]
        .startswith("iot_https_serial cannot be decrypted with the vault passwords")
    )


def test_file_that_another_password_encrypted_stops_its_own_host_only(read: Read) -> None:
    inventory = read({**HOSTS, "host_vars/bad.yml": vault_text("a: 1", "another")})

    assert [each.name for each in inventory.targets] == ["good", "last"]
    assert "a file cannot be decrypted with the vault passwords given" in invalid(inventory, "bad").problems[0]


def test_file_of_variables_that_stops_every_host_is_told_once(read: Read) -> None:
    with pytest.raises(
        InventoryError, match="no box can be used: variables cannot be read: a file cannot be read as YAML"
    ) as told:
        read({**HOSTS, "group_vars/all.yml": "a: b: c"})

    assert len(told.value.problems) == 1


def test_file_of_variables_that_stops_the_one_host_of_a_limit_is_told_of_that_host(read: Read) -> None:
    inventory = read({**HOSTS, "host_vars/bad.yml": "a: b: c"}, limit="bad")

    assert [each.name for each in inventory.invalid] == ["bad"]


def test_values_lose_every_trace_of_ansible(read: Read) -> None:
    variables = f"""\
iot_https_store: "{{{{ name | upper }}}}"
name: hanoi
iot_https_serial: "1000"
iot_https_server_url: https://{{{{ name }}}}.example/odoo
iot_https_token: "{{{{ secret_token }}}}"
secret_token: {encrypted("t0ken")}
iot_https_resolvers: ["{{{{ dns }}}}", 8.8.8.8]
dns: 1.1.1.1
iot_https_https_port: "{{{{ 8000 + 443 }}}}"
iot_https_ca_file: "{{{{ omit }}}}"
iot_https_proxy: null
"""
    box = target(read({**HOSTS, "host_vars/good.yml": variables}), "good").desired

    assert box == Desired(
        name="good",
        store="HANOI",
        serial="1000",
        server_url="https://hanoi.example",
        token=Secret("t0ken"),
        resolvers=("1.1.1.1", "8.8.8.8"),
        https_port=8443,
    )
    assert box.token is not None
    assert box.resolvers is not None
    for value in (box.name, box.store, box.serial, box.server_url, reveal(box.token), *box.resolvers):
        assert type(value) is str
    assert type(box.https_port) is int


def test_value_marked_unsafe_is_taken_as_it_is(read: Read) -> None:
    variables = "iot_https_server_url: https://x\niot_https_token: !unsafe 'a{{b}}c{%'\n"

    assert target(read({**HOSTS, "host_vars/good.yml": variables}), "good").desired.token == Secret("a{{b}}c{%")


@pytest.mark.parametrize(
    ("name", "text", "way_out"),
    [
        ("h.yml", "all: {hosts: {a: {iot_https_serial: 1234567890}}}", "put quotes around it ("),
        ("h.ini", "a iot_https_serial='1234567890'\n", "write iot_https_serial=\"'...'\" on the line of a host"),
        ("h.ini", 'a iot_https_serial="100000004e305451"\n', "write iot_https_serial=\"'...'\" on the line of a host"),
        ("h.ini", "a iot_https_token=12345678\n", "write iot_https_token=\"'...'\" on the line of a host"),
        ("h.ini", "[g]\na\n[g:vars]\niot_https_serial=1234567890\n", "or iot_https_serial='...' in a section"),
        ("h.ini", "a iot_https_serial=\"'100000004e305451'\"\n", None),
        ("h.ini", "a iot_https_serial=\"'1234567890'\"\n", None),
        ("h.ini", "[g]\na\n[g:vars]\niot_https_serial='1234567890'\n", None),
    ],
)
def test_the_quotes_that_help_are_named(name: str, text: str, way_out: str | None, read: Read) -> None:
    problems = [line for each in read({name: text}).invalid for line in each.problems]
    assert len(problems) == (way_out is not None)
    assert all(str(way_out) in line for line in problems)
    assert not any("put quotes" in line for line in problems if name.endswith(".ini"))
