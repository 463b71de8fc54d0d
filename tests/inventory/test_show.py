"""`inventory show` tells of each variable what it comes to, who says so, and what it overrules; never a secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from reconciler.inventory import NOTHING_SAID, CommandLine, InventoryError, VaultOptions, show
from reconciler.inventory.shown import Giver, GiverKind, ShownBox, ShownVariable
from reconciler.report import inventory_json, inventory_text

from .conftest import Write, encrypted, vault_text
from .test_canaries import BROKEN_VARIABLES, CANARY

pytestmark = pytest.mark.usefixtures("here")
Show = Callable[..., ShownBox]
HOSTS = """\
all:
  vars: {iot_https_resolvers: [192.0.2.53]}
  children:
    customer_lotus:
      vars: {iot_https_customer: lotus, iot_https_server_url: https://inline.example}
      children:
        store_lotus__hue:
          vars: {iot_https_store: hue}
          hosts:
            box:
              ansible_host: 192.0.2.11
              iot_https_serial: "0000"
"""


@pytest.fixture
def shown(write: Write, password_file: Path) -> Show:
    """Return a function that writes an inventory and returns what it says of the host `box`."""

    def read(
        files: Mapping[str, str], said: CommandLine = NOTHING_SAID, patterns: Sequence[str] = ("box",)
    ) -> ShownBox:
        folder = write({"hosts.yml": HOSTS, **files})
        boxes, _ = show([str(folder)], patterns, vault=VaultOptions(password_files=(str(password_file),)), said=said)
        return boxes[0]

    return read


def of(box: ShownBox, name: str) -> ShownVariable:
    """Return one variable of a box."""
    (found,) = [each for each in (*box.declared, *box.reached) if each.name == name]
    return found


def told(variable: ShownVariable) -> tuple[object, Giver, str, int | None]:
    """Return what counts, who says so, and where."""
    counts = variable.counts
    where = counts.position
    file, line = ("", None) if where is None else (Path(where.path).name, where.line)
    return counts.value, counts.giver, file, line


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("iot_https_store", ("hue", Giver(GiverKind.GROUP, "store_lotus__hue"), "hosts.yml", 8)),
        ("iot_https_serial", ("0000", Giver(GiverKind.HOST, "box"), "hosts.yml", 12)),
        ("iot_https_resolvers", (["192.0.2.53"], Giver(GiverKind.GROUP, "all"), "hosts.yml", 2)),
        ("iot_https_https_port", (443, Giver(GiverKind.DEFAULT), "", None)),
        ("ansible_host", ("192.0.2.11", Giver(GiverKind.HOST, "box"), "hosts.yml", 11)),
        ("ansible_user", ("pi", Giver(GiverKind.COMMAND_LINE, "--user"), "", None)),
        ("ansible_port", (22, Giver(GiverKind.DEFAULT), "", None)),
        ("iot_https_overdue_days", ("3", Giver(GiverKind.COMMAND_LINE), "", None)),
    ],
)
def test_each_value_has_its_giver(name: str, expected: object, shown: Show) -> None:
    box = shown({}, CommandLine(user="pi", extra_vars=("iot_https_overdue_days=3",)))
    assert told(of(box, name)) == expected


def test_who_and_where_the_box_is(shown: Show) -> None:
    box = shown({})
    assert (box.customer, box.store, box.connection, box.address) == ("lotus", "hue", "ssh", "192.0.2.11:22")
    assert box.groups == ("customer_lotus", "store_lotus__hue")
    assert box.problems == ()
    assert "iot_https_token" in box.not_set


def test_by_its_homepage_a_box_needs_its_address_alone(shown: Show) -> None:
    box = shown({"host_vars/box.yml": "iot_https_connection: homepage\nansible_user: pi\n"})
    assert (box.connection, box.address, box.problems) == ("homepage", "192.0.2.11:8069", ())
    assert [each.name for each in box.reached] == ["ansible_host"]


def test_what_is_overruled_is_told_in_ansibles_order(shown: Show) -> None:
    files = {
        "group_vars/all.yml": "iot_https_server_url: https://everybody.example\n",
        "group_vars/customer_lotus/a.yml": "iot_https_server_url: https://a.example\n",
        "group_vars/customer_lotus/b.yml": "iot_https_server_url: https://b.example\n",
        "host_vars/box.yml": "iot_https_server_url: https://box.example\n",
    }
    variable = of(
        shown(files, CommandLine(extra_vars=("iot_https_server_url=https://e.example",))), "iot_https_server_url"
    )
    assert variable.counts.value == "https://e.example"
    assert [each.value for each in variable.overruled] == [
        "https://inline.example",
        "https://everybody.example",
        "https://a.example",
        "https://b.example",
        "https://box.example",
    ]


def test_what_counts_is_what_ansible_takes(shown: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    order = ["groups_plugins_inventory", "all_plugins_inventory", "all_inventory", "groups_inventory"]
    monkeypatch.setattr("ansible.constants.VARIABLE_PRECEDENCE", order)
    variable = of(shown({"group_vars/all.yml": "iot_https_server_url: https://a.example\n"}), "iot_https_server_url")
    assert variable.counts.value == "https://inline.example"
    assert [each.value for each in variable.overruled] == ["https://a.example"]


def test_a_value_of_a_plugin_is_told_as_such(shown: Show) -> None:
    plugin = "plugin: constructed\ncompose: {iot_https_db_name: iot_https_store ~ 'x'}\n"
    variable = of(shown({"z.yml": plugin}), "iot_https_db_name")
    assert variable.counts.value == "huex"


def test_settings_of_ansible_are_told_with_their_file(
    shown: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSIBLE_TIMEOUT", "7")
    value, giver, _, _ = told(of(shown({}), "ansible_ssh_timeout"))
    assert (str(value), giver) == ("7", Giver(GiverKind.ENVIRONMENT, "ANSIBLE_TIMEOUT"))


SECRETS = {
    "encrypted": {"host_vars/box.yml": f"iot_https_token: {encrypted(CANARY)}\n"},
    "encrypted file": {"host_vars/box.yml": vault_text(f"iot_https_db_name: {CANARY}\n")},
    "in clear": {"host_vars/box.yml": f"iot_https_enterprise_code: {CANARY}\nansible_password: {CANARY}\n"},
    "overruled": {
        "group_vars/all.yml": f"iot_https_token: {encrypted(CANARY)}\n",
        "host_vars/box.yml": "iot_https_token: other\n",
    },
    "by a template": {"host_vars/box.yml": f"x: {encrypted(CANARY)}\niot_https_db_name: 'a-{{{{ x }}}}'\n"},
    "in another value": {
        "host_vars/box.yml": f"iot_https_token: {CANARY}\nansible_ssh_common_args: -o ProxyCommand='x {CANARY}'\n"
    },
    "in arguments": {"host_vars/box.yml": f"ansible_ssh_common_args: -o ProxyCommand='sshpass -p {CANARY} ssh x'\n"},
    "joined": {"host_vars/box.yml": f"ansible_ssh_common_args: -o ProxyCommand='sshpass -p{CANARY} ssh x'\n"},
    "in a list": {"host_vars/box.yml": f"iot_https_resolvers: [{encrypted(CANARY)}]\n"},
    "of a variable nobody knows": {"host_vars/box.yml": f"iot_https_tokn: {CANARY}\n"},
}


HIDDEN = [
    each for each in BROKEN_VARIABLES if not each.startswith(("ansible_port", "ansible_become:", "ansible_ssh_comm"))
]
"""Without values that are shown: they are in no way secret, and only wrong."""


@pytest.mark.parametrize("files", [*SECRETS.values(), *({"host_vars/box.yml": each} for each in HIDDEN)])
def test_no_secret_is_shown(files: Mapping[str, str], shown: Show, capfd: pytest.CaptureFixture[str]) -> None:
    box = shown(files)
    said = "\n".join((repr(box), inventory_text.shown([box]), inventory_json.shown([box]), *capfd.readouterr()))
    assert CANARY not in said
    assert box.declared or box.problems


def test_a_secret_is_named_with_its_vault(shown: Show) -> None:
    counts = of(shown(SECRETS["encrypted"]), "iot_https_token").counts
    assert (counts.value, counts.is_secret, counts.is_encrypted) == ("********", True, True)


def test_a_value_that_cannot_be_read_says_why(shown: Show) -> None:
    box = shown({"host_vars/box.yml": f"iot_https_token: {encrypted('x', 'another')}\n"})
    counts = of(box, "iot_https_token").counts
    assert counts.value is None
    assert "cannot be decrypted" in str(counts.problem)
    assert "cannot be decrypted" in box.problems[0]


def test_an_entry_to_be_filled_in_is_shown_all_the_same(shown: Show) -> None:
    box = shown({"host_vars/box.yml": "iot_https_db_name: CHANGE_ME\n"})
    assert of(box, "iot_https_db_name").counts.value == "CHANGE_ME"
    assert of(box, "ansible_host").counts.value == "192.0.2.11"
    assert "CHANGE_ME" in box.problems[0]


def test_another_hosts_broken_file_stops_nothing(shown: Show) -> None:
    files = {"more.yml": "all: {hosts: {other: }}\n", "host_vars/other.yml": "- no mapping\n"}
    assert shown(files).problems == ()
    assert "variables cannot be read" in shown(files, patterns=["other"]).problems[0]


def test_a_box_that_is_not_there_is_an_error_with_the_one_meant(shown: Show) -> None:
    with pytest.raises(InventoryError, match="did you mean kitchen"):
        shown({"more.yml": "all: {hosts: {kitchen: }}\n"}, patterns=["kichen"])


def test_the_text_has_a_line_for_each_and_keeps_its_width(shown: Show) -> None:
    box = shown({"group_vars/all.yml": "iot_https_server_url: https://everybody.example\n"})
    text = inventory_text.shown([box], 160)
    assert "overrules https://inline.example (group customer_lotus, hosts.yml:5)\n" in text
    assert "ssh to 192.0.2.11:22\n" in text
    for width in (40, 80):
        assert max(map(len, inventory_text.shown([box], width).splitlines())) <= max(
            width, len("https://everybody.example") + 34
        )
