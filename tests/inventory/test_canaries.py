"""No message, warning or repr holds a secret, however an inventory is broken."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from reconciler.inventory import Inventory, InventoryError, VaultOptions

from .conftest import Read, encrypted, vault_text

CANARY = "canary9f2c"
FINE = {"hosts.yml": "all: {hosts: {fine: , box: }}"}

BROKEN_VARIABLES = (
    f"iot_https_token: '{{% {CANARY} %}}'",
    f"iot_https_token: '{{{{ {CANARY}'",
    f"iot_https_token: '{{{{ x.{CANARY} }}}}'\nx: {{}}",
    f"iot_https_token: '{{{{ d[s] }}}}'\nd: {{}}\ns: {encrypted(CANARY)}",
    f"iot_https_token: '{{{{ hostvars[s].x }}}}'\ns: {encrypted(CANARY)}",
    f"iot_https_token: '{{{{ lookup(\"vars\", s) }}}}'\ns: {encrypted(CANARY)}",
    f'iot_https_token: \'{{{{ lookup("file", "/no/" + s) }}}}\'\ns: {encrypted(CANARY)}',
    f'iot_https_token: \'{{{{ lookup("pipe", "echo " + s + "; exit 1") }}}}\'\ns: {encrypted(CANARY)}',
    f"iot_https_token: '{{{{ undef(hint=s) }}}}'\ns: {encrypted(CANARY)}",
    f"iot_https_token: '{{{{ s | from_json }}}}'\ns: {encrypted(CANARY)}",
    f"iot_https_token: '{{{{ s | int(base=99) }}}}'\ns: {encrypted(CANARY)}",
    f"iot_https_token: '{{{{ s + 1 }}}}'\ns: {encrypted(CANARY)}",
    f'iot_https_token: \'{{{{ "a" | regex_replace("(" + s, "") }}}}\'\ns: {encrypted(CANARY)}',
    f"iot_https_token: [{CANARY}]",
    f"iot_https_token: {{{CANARY}: 1}}",
    f"iot_https_token: 'two words {CANARY}'",
    f"iot_https_db_uuid: {encrypted(CANARY)}",
    f"iot_https_db_uuid: {encrypted(CANARY, 'another')}",
    f"iot_https_enterprise_code: '{CANARY} {CANARY}'",
    f"iot_https_proxy: ftp://user:{CANARY}@proxy",
    f"iot_https_server_url: https://user:{CANARY}@db.example",
    f"iot_https_window: {{cron: {CANARY}}}",
    f"ansible_password: '{{{{ {CANARY} '",
    f"ansible_become_password: '{{{{ x.{CANARY} }}}}'\nx: {{}}",
    f"ansible_password: [{CANARY}]",
    f"ansible_port: {CANARY}",
    f"ansible_become: {CANARY}",
    f"ansible_ssh_private_key: {CANARY}",
    f"ansible_ssh_common_args: {CANARY}",
    f"ansible_ssh_common_args: -o ProxyCommand='sshpass -p {CANARY}",
    f"ansible_ssh_common_args: -o Ciphers={CANARY} -o Port={CANARY} -o IdentityFile=%{CANARY}",
    f"iot_https_token: {CANARY}\nno: yaml: at: all",
    f"iot_https_token: {CANARY}\n\tx",
    f"iot_https_token: !vault {CANARY}",
    f"- {CANARY}",
    vault_text(f"iot_https_token: {CANARY}\na: b: c"),
    vault_text(f"iot_https_token: {CANARY}", "another"),
)


def _all_said(inventory: Inventory) -> str:
    return "\n".join([repr(inventory), *inventory.warnings, *(str(each) for each in inventory.invalid)])


@pytest.mark.parametrize("variables", BROKEN_VARIABLES)
def test_entry_that_is_refused_says_no_secret(read: Read, capfd: pytest.CaptureFixture[str], variables: str) -> None:
    inventory = read({**FINE, "host_vars/box.yml": variables})

    assert [each.name for each in inventory.invalid] == ["box"]
    assert inventory.invalid[0].problems
    assert CANARY not in _all_said(inventory)
    assert CANARY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("variables", BROKEN_VARIABLES)
def test_entry_outside_the_limit_says_no_secret(read: Read, capfd: pytest.CaptureFixture[str], variables: str) -> None:
    inventory = read({**FINE, "host_vars/box.yml": variables}, limit="fine")

    assert CANARY not in _all_said(inventory)
    assert CANARY not in "".join(capfd.readouterr())


def test_secrets_of_a_good_entry_are_in_no_repr(read: Read) -> None:
    variables = f"""\
iot_https_server_url: https://db.example
iot_https_token: {CANARY}-1
iot_https_enterprise_code: {encrypted(CANARY)}
iot_https_proxy: http://user:{CANARY}@proxy:3128
ansible_password: {CANARY}
ansible_become_password: "{{{{ ansible_password }}}}"
"""
    inventory = read({**FINE, "host_vars/box.yml": variables})

    assert len(inventory.targets) == 2
    assert CANARY not in _all_said(inventory)


@pytest.mark.parametrize(
    "files",
    [
        {"hosts.yml": f"all: {{hosts: {{box: {{iot_https_token: {CANARY}}}\n"},
        {"hosts.yml": f"all: {{hosts: {{box: {{iot_https_token: {CANARY}: x}}}}\n"},
        {"hosts.ini": f"[a]\nbox iot_https_token={CANARY} {CANARY}\n"},
        {"hosts.yml": vault_text(f"all: {CANARY}: {CANARY}")},
        {"hosts.yml": "all: {hosts: {box: , other: }}", "group_vars/all.yml": f"iot_https_token: {CANARY}: x\n"},
        {
            "1.yml": f"all: {{hosts: {{box: {{s: {CANARY}}}}}}}",
            "2.yml": 'plugin: constructed\nstrict: true\nkeyed_groups: [{key: "dict(a=1)[s]"}]\n',
        },
    ],
)
def test_inventory_that_cannot_be_used_says_no_secret(
    read: Read, capfd: pytest.CaptureFixture[str], files: dict[str, str]
) -> None:
    with pytest.raises(InventoryError) as told:
        read(files)

    said = "".join(traceback.format_exception_only(told.value)) + repr(told.value)
    assert CANARY not in said
    assert CANARY not in "".join(capfd.readouterr())


def test_password_is_in_no_message(read: Read, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text(CANARY)

    with pytest.raises(InventoryError) as told:
        read(
            {"hosts.yml": f"all: {{hosts: {{a: {{iot_https_db_uuid: {encrypted('x')}}}}}}}"},
            vault=VaultOptions(password_files=(str(tmp_path / "wrong"),)),
        )

    assert CANARY not in str(told.value) + repr(told.value)
