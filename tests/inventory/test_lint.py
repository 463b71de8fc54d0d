"""`inventory lint` finds all that is wrong at once, says where, and never a secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reconciler.inventory import NO_VAULT, VaultOptions, lint
from reconciler.inventory.linted import Flaw, Flaws, Level, Linted, Rule
from reconciler.inventory.problem import Position, Problem, told
from reconciler.report import inventory_json, inventory_text

from .conftest import Write, encrypted
from .table_customers import CASES
from .table_customers import FILES as TWO_CUSTOMERS
from .test_canaries import BROKEN_VARIABLES, CANARY

pytestmark = pytest.mark.usefixtures("here")
Lint = Callable[..., Linted]
FINE = {
    "hosts.yml": """\
        all:
          children:
            customer_lotus:
              vars: {iot_https_customer: lotus, iot_https_server_url: https://lotus.example}
              hosts:
                a: {ansible_host: 192.0.2.1}
                b: {ansible_host: 192.0.2.2}
        """
}
IN_CLEAR = "{0} holds a secret that is not encrypted: put there what ansible-vault encrypt_string --name {0} prints"


@pytest.fixture
def linted(write: Write, password_file: Path) -> Lint:
    """Return a function that writes an inventory and looks at it, with the right vault password."""

    def look(files: Mapping[str, str], *further: str, has_password: bool = True) -> Linted:
        vault = VaultOptions(password_files=(str(password_file),)) if has_password else NO_VAULT
        return lint([str(write(files)), *further], vault=vault)

    return look


def row(flaw: Flaw) -> tuple[str, str, str]:
    """Return what a flaw is and where it stands."""
    where = flaw.problem.position
    return flaw.level, flaw.rule, "" if where is None else told(where)


def test_a_fine_inventory_has_no_flaw(linted: Lint) -> None:
    found = linted({**FINE, "group_vars/customer_lotus.yml": f"iot_https_token: {encrypted('x' * 20)}\n"})
    assert (found.size, found.flaws) == (2, ())
    assert inventory_text.linted(found) == "2 hosts: no problems"


FLAWS: Mapping[str, tuple[Mapping[str, str], tuple[str, str, str], str]] = {
    "a misspelled variable": (
        {"host_vars/a.yml": "\niot_https_servr_url: x\n"},
        ("error", "unknown", "host_vars/a.yml:2"),
        "iot_https_servr_url is not a known variable: did you mean iot_https_server_url?",
    ),
    "one that reaches no box": (
        {"more.yml": "customer_lotus: {}\nnobody: {vars: {iot_https_tokn: x}}\n"},
        ("error", "unknown", "more.yml:2"),
        "iot_https_tokn is not a known variable: did you mean iot_https_token?",
    ),
    "a misspelled prefix": (
        {"host_vars/a.yml": "iot_http_server_url: x\n"},
        ("warning", "unknown", "host_vars/a.yml:1"),
        "iot_http_server_url is not a known variable: did you mean iot_https_server_url?",
    ),
    "a misspelled variable of Ansible": (
        {"host_vars/a.yml": "ansible_hots: x\n"},
        ("warning", "unknown", "host_vars/a.yml:1"),
        "ansible_hots is not a known variable: did you mean ansible_host?",
    ),
    "a group without hosts": (
        {"more.yml": "customer_lotus: {}\nnobody: {vars: {x: y}}\n"},
        ("warning", "empty_group", "more.yml:2"),
        "group nobody has no hosts, so its variables reach no box: add hosts, or remove it",
    ),
    "a gap": (
        {"host_vars/a.yml": "iot_https_db_name: CHANGE_ME\n"},
        ("error", "unfilled", "host_vars/a.yml:1"),
        "replace CHANGE_ME in iot_https_db_name",
    ),
    "a gap that is overruled": (
        {
            "group_vars/all.yml": "iot_https_server_url: CHANGE_ME\n",
            "group_vars/customer_lotus.yml": "iot_https_server_url: https://x.example\n",
        },
        ("warning", "unfilled", "group_vars/all.yml:1"),
        "replace CHANGE_ME in iot_https_server_url",
    ),
    "a secret in clear": (
        {"host_vars/a.yml": "iot_https_token: abcdefgh\n"},
        ("warning", "plaintext", "host_vars/a.yml:1"),
        IN_CLEAR.format("iot_https_token"),
    ),
    "a password in clear": (
        {"host_vars/a.yml": "ansible_password: abcdefgh\n"},
        ("warning", "plaintext", "host_vars/a.yml:1"),
        IN_CLEAR.format("ansible_password"),
    ),
    "a password of a proxy": (
        {"host_vars/a.yml": "iot_https_proxy: http://user:word@proxy:3128\n"},
        ("warning", "plaintext", "host_vars/a.yml:1"),
        IN_CLEAR.format("iot_https_proxy"),
    ),
    "a value of another vault": (
        {"host_vars/a.yml": f"\niot_https_token: {encrypted('x', 'another')}\n"},
        ("error", "vault", "host_vars/a.yml:2"),
        "iot_https_token cannot be decrypted with the vault passwords given: give the right one",
    ),
    "somebody else's value of another vault": (
        {"host_vars/a.yml": f"backup_key: {encrypted('x', 'another')}\n"},
        ("warning", "vault", "host_vars/a.yml:1"),
        "backup_key cannot be decrypted with the vault passwords given: give the right one",
    ),
    "a value that is no value": (
        {"host_vars/a.yml": "iot_https_https_port: 99999\n"},
        ("error", "entry", "host_vars/a.yml:1"),
        "iot_https_https_port is 99999, it must be from 1 to 65535",
    ),
    "a file that is no mapping": (
        {"group_vars/customer_lotus.yml": "- a\n"},
        ("error", "entry", "group_vars/customer_lotus.yml"),
        "variables cannot be read: a file cannot be read as YAML or as a mapping of variables: correct it",
    ),
    "a file of nobody": (
        {"group_vars/customer_lots.yml": "a: b\n"},
        ("warning", "not_read", "group_vars/customer_lots.yml"),
        (
            "group_vars/customer_lots.yml is not read, since no group is called customer_lots: "
            "did you mean group customer_lotus?"
        ),
    ),
    "one machine for two boxes": (
        {"host_vars/b.yml": "ansible_host: 192.0.2.1\n"},
        ("warning", "duplicate", "host_vars/b.yml:1"),
        "ansible_host 192.0.2.1 is that of a and b, which is one machine: correct one of them",
    ),
    "a box of no customer": (
        {"more.yml": "all: {hosts: {c: {iot_https_server_url: https://c.example}}}\n"},
        ("warning", "no_customer", ""),
        (
            "iot_https_customer is not set: without it a box is compared with none, and only its own server counts; "
            "name its customer"
        ),
    ),
    "a box for which nothing is declared": (
        {"more.yml": "all: {hosts: {c: {iot_https_store: x}}}\n"},
        ("error", "not_declared", ""),
        (
            "iot_https_store is set, and nothing says what the box should be: set iot_https_server_url or another of "
            "docs/inventory.md, have iot-https adopt declare what the box has, or iot_https_managed: false where it is "
            "none"
        ),
    ),
    "a source that is no YAML": (
        {"more.yml": "all:\n  hosts:\n    c: {\n"},
        ("error", "source", "more.yml:4"),
        "",
    ),
    "a source with a tab": ({"more.yml": "all:\n\thosts:\n"}, ("error", "source", "more.yml:2"), ""),
    "a source that says a thing twice": ({"more.yml": "all: {}\nall: {}\n"}, ("error", "source", "more.yml:2"), ""),
}


@pytest.mark.parametrize(("files", "expected", "text"), FLAWS.values(), ids=FLAWS)
def test_a_flaw_is_told_with_its_place(
    files: Mapping[str, str], expected: tuple[str, str, str], text: str, linted: Lint
) -> None:
    found = linted({**FINE, **files})
    (flaw,) = [each for each in found.flaws if row(each) == expected and (not text or each.problem.text == text)]
    assert [each for each in found.flaws if each.rule is flaw.rule] == [flaw]


def test_every_rule_is_found_by_some_test() -> None:
    assert {expected[1] for _, expected, _ in FLAWS.values()} == {*map(str, Rule)} - {Rule.CUSTOMER, Rule.ANSIBLE}


def test_all_flaws_at_once(linted: Lint) -> None:
    wanted = (
        "a misspelled variable",
        "a gap",
        "a secret in clear",
        "a value that is no value",
    )
    files: dict[str, str] = {"tab.yml": "all:\n\thosts:\n", "list.yml": "- a\n"}
    for name, text in (each for kind in wanted for each in FLAWS[kind][0].items()):
        files[name] = files.get(name, "") + text
    rules = [each.rule for each in linted({**FINE, **files}).flaws]
    assert sorted(rules) == ["entry", "plaintext", "source", "source", "unfilled", "unknown"]


def test_a_flaw_of_a_group_is_told_once_with_its_boxes(linted: Lint) -> None:
    found = linted({**FINE, "group_vars/customer_lotus.yml": "iot_https_resolvers: x\n"})
    (flaw,) = found.flaws
    assert flaw.boxes == ("a", "b")
    assert inventory_text.linted(found).splitlines() == [
        (
            "group_vars/customer_lotus.yml:1: error: iot_https_resolvers is text, a list is expected: write [a, b] "
            "[entry] (a, b)"
        ),
        "2 hosts: 1 error, 0 warnings",
    ]


def test_what_is_wrong_beside_a_gap_is_told_too(linted: Lint) -> None:
    found = linted({**FINE, "host_vars/a.yml": "iot_https_server_url: CHANGE_ME\niot_https_https_port: 0\n"})
    assert {(row(each)[1], row(each)[2]) for each in found.flaws} == {
        ("unfilled", "host_vars/a.yml:1"),
        ("entry", "host_vars/a.yml:2"),
    }


def test_one_serial_number_of_two_boxes_is_told_at_both(linted: Lint) -> None:
    files = {f"host_vars/{name}.yml": "iot_https_serial: '1'\n" for name in "ab"}
    found = linted({**FINE, **files})
    assert [row(each) for each in found.flaws] == [
        ("error", "duplicate", "host_vars/a.yml:1"),
        ("error", "duplicate", "host_vars/b.yml:1"),
    ]


def test_without_a_password_every_place_is_named(linted: Lint) -> None:
    files = {"host_vars/a.yml": f"iot_https_token: {encrypted('x')}\nx: [1, {encrypted('x')}]\n"}
    found = linted({**FINE, **files}, has_password=False)
    assert [row(each) for each in found.flaws] == [
        ("error", "vault", "host_vars/a.yml:1"),
        ("warning", "vault", "host_vars/a.yml:2"),
    ]


def test_a_password_that_cannot_be_read_hides_nothing_else(write: Write) -> None:
    folder = write({**FINE, "host_vars/a.yml": "iot_https_https_port: 0\n"})
    found = lint([str(folder)], vault=VaultOptions(password_files=("nowhere",)))
    assert [each.rule for each in found.flaws] == [Rule.ENTRY, Rule.SOURCE]


def test_a_source_that_is_not_there_hides_nothing_else(linted: Lint) -> None:
    found = linted({**FINE, "host_vars/a.yml": "iot_https_https_port: 0\n"}, "nowhere.yml")
    assert [each.rule for each in found.flaws] == [Rule.ENTRY, Rule.SOURCE]


@pytest.mark.parametrize("name", CASES)
def test_what_contradicts_the_guard_is_found(name: str, linted: Lint) -> None:
    case = CASES[name]
    found = linted({**TWO_CUSTOMERS, **case.files})
    said: dict[str, list[str]] = {}
    for each in found.flaws:
        if each.level is Level.ERROR:
            for box in each.boxes:
                said.setdefault(box, []).append(each.problem.text)
    assert set(said) == set(case.said)
    for box, beginnings in case.said.items():
        for beginning in beginnings:
            assert any(text.startswith(beginning.removesuffix(")")) for text in said[box]), said[box]


@pytest.mark.parametrize("variables", BROKEN_VARIABLES)
def test_no_flaw_says_a_secret(variables: str, linted: Lint, capfd: pytest.CaptureFixture[str]) -> None:
    found = linted({**FINE, "host_vars/a.yml": variables})
    said = "\n".join((repr(found), inventory_text.linted(found), inventory_json.linted(found, 4), *capfd.readouterr()))
    assert found.count(Level.ERROR)
    assert CANARY not in said


def test_what_is_said_twice_of_one_place_is_one_flaw_with_the_higher_level() -> None:
    flaws, problem = Flaws(), Problem("x", Position("f", 1))
    flaws.add(Level.WARNING, Rule.UNKNOWN, problem)
    flaws.add(Level.ERROR, Rule.ENTRY, problem, "a")
    flaws.add(Level.WARNING, Rule.ENTRY, problem, "a", "b")
    assert flaws.sorted() == (Flaw(level=Level.ERROR, rule=Rule.UNKNOWN, problem=problem, boxes=("a", "b")),)
