"""What is new is added where it belongs; what somebody declared, wherever, is left alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.inventory import InventoryError, VaultOptions, load
from reconciler.inventory_files import AlreadyDeclared, EditRefused, Encrypted, NewValue, showing
from reconciler.model.secret import Secret

from .conftest import Open, Write

UUID = "11111111-2222-3333-4444-555555555555"
HOSTS = """\
    ---
    # Boxes of everybody.
    all:
      vars: {iot_https_deadline: 100}
      children:
        customer_lotus:
          hosts:
            till-1:
              ansible_host: 192.0.2.1  # the old one
            till-2: {ansible_host: 192.0.2.2}
            till-[3:4]:
        customer_atlas:
          vars:
            iot_https_customer: atlas
          hosts:
            atlas-1:
    """


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_values_of_boxes_go_where_the_box_is_described(write: Write, opened: Open) -> None:
    folder = write({"hosts.yml": HOSTS, "host_vars/atlas-1.yml": "# notes\nansible_host: 192.0.2.9\n"})
    files = opened()
    for name in ("till-1", "till-2", "till-3", "atlas-1"):
        assert files.set_host(name, "iot_https_store", f"at {name}")

    written = files.write()

    there = _texts(folder)
    assert "              iot_https_store: at till-1\n" in f"\n{there['hosts.yml']}".replace("\n    ", "\n        ")
    assert "till-2: {ansible_host: 192.0.2.2, iot_https_store: at till-2}\n" in there["hosts.yml"]
    assert there["host_vars/till-3.yml"] == "---\niot_https_store: at till-3\n"
    assert there["host_vars/atlas-1.yml"] == "# notes\nansible_host: 192.0.2.9\niot_https_store: at atlas-1\n"
    assert {each.name for each in written} == {"hosts.yml", "till-3.yml", "atlas-1.yml"}
    assert opened().diff() == ""


def test_values_of_groups_go_where_the_group_is_described(write: Write, opened: Open) -> None:
    folder = write({"hosts.yml": HOSTS})
    files = opened()
    files.set_group("customer_lotus", "iot_https_server_url", "https://lotus.example.com")
    files.set_group("customer_atlas", "iot_https_server_url", "https://atlas.example.com")

    files.write()

    there = _texts(folder)
    assert there["group_vars/customer_lotus.yml"] == "---\niot_https_server_url: https://lotus.example.com\n"
    assert "      iot_https_customer: atlas\n        iot_https_server_url: https://atlas" in there["hosts.yml"]


def test_folder_of_variables_takes_them_in_the_file_of_ours(write: Write, opened: Open) -> None:
    files = {
        "hosts.yml": HOSTS,
        "group_vars/customer_lotus/a.yml": "ansible_user: pi\n",
        "group_vars/customer_lotus/b.yml": "iot_https_store: here\n",
        "group_vars/customer_atlas/a.yml": "ansible_user: pi\n",
    }
    folder = write(files)
    edited = opened()
    edited.set_group("customer_lotus", "iot_https_server_url", "https://lotus.example.com")
    edited.set_group("customer_atlas", "iot_https_server_url", "https://atlas.example.com")

    edited.write()

    there = _texts(folder)
    assert there["group_vars/customer_lotus/b.yml"].endswith("here\niot_https_server_url: https://lotus.example.com\n")
    assert there["group_vars/customer_atlas/iot_https.yml"].startswith("---\niot_https_server_url")


DECLARED = {
    "by the box": ({"host_vars/till-1.yml": "iot_https_store: here\n"}, "host_vars/till-1.yml", 1),
    "by its group": ({"group_vars/customer_lotus.yml": "---\niot_https_store: here\n"}, "customer_lotus.yml", 2),
    "by the group of all": ({"group_vars/all.yml": "iot_https_store: here\n"}, "group_vars/all.yml", 1),
    "by a template": ({"group_vars/all.yml": "iot_https_store: '{{ nothing }}'\n"}, "group_vars/all.yml", 1),
}


@pytest.mark.parametrize(("more", "name", "line"), DECLARED.values(), ids=DECLARED)
def test_declared_value_is_not_overruled(
    write: Write, opened: Open, more: dict[str, str], name: str, line: int
) -> None:
    folder = write({"hosts.yml": HOSTS, **more})
    before = _texts(folder)
    files = opened()

    with pytest.raises(AlreadyDeclared, match="iot_https_store of till-1 is declared") as refused:
        files.set_host("till-1", "iot_https_store", "there")

    assert str(refused.value.path).endswith(name)
    assert refused.value.line == line
    assert "\n" not in str(refused.value)
    assert files.write() == ()
    assert _texts(folder) == before


def test_value_of_a_group_overrules_no_other_group(write: Write, opened: Open) -> None:
    inventory = "all: {children: {one: {hosts: {a: , b: }}, two: {hosts: {a: }, vars: {iot_https_store: x}}}}\n"
    write({"hosts.yml": inventory})

    with pytest.raises(AlreadyDeclared, match=r"iot_https_store of one is declared by the group two \(hosts.yml:1\)"):
        opened().set_group("one", "iot_https_store", "y")


def test_value_of_a_group_may_differ_from_that_of_a_box(write: Write, opened: Open) -> None:
    write({"hosts.yml": "all: {children: {one: {hosts: {a: {iot_https_store: x}, b: }}}}\n"})

    assert opened().set_group("one", "iot_https_store", "y")


def test_same_value_again_changes_nothing(write: Write, opened: Open) -> None:
    write({"hosts.yml": HOSTS})
    files = opened()
    files.set_group("customer_lotus", "iot_https_db_uuid", Encrypted(Secret(UUID)))
    files.set_group("customer_lotus", "iot_https_resolvers", ["192.0.2.53"])
    files.set_host("till-1", "iot_https_serial", "10000000abcdef")
    files.write()

    again = opened()
    assert not again.set_group("customer_lotus", "iot_https_db_uuid", Encrypted(Secret(UUID)))
    assert not again.set_group("customer_lotus", "iot_https_resolvers", ["192.0.2.53"])
    assert not again.set_host("till-1", "iot_https_serial", "10000000abcdef")
    assert not again.set_host("till-2", "iot_https_db_uuid", Encrypted(Secret(UUID)))
    assert again.diff() == ""


def test_secret_is_written_for_the_vault_and_shown_nowhere(
    write: Write, opened: Open, vault: VaultOptions, tmp_path: Path
) -> None:
    folder = write({"hosts.yml": HOSTS})
    files = opened()
    files.set_group("customer_lotus", "iot_https_customer", "lotus")
    files.set_group("customer_lotus", "iot_https_server_url", "https://lotus.example.com")
    files.set_group("customer_lotus", "iot_https_db_uuid", Encrypted(Secret(UUID)))
    shown = files.diff()
    files.write()

    assert "+iot_https_db_uuid: !vault ********\n" in shown
    assert UUID not in shown
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and UUID in path.read_text()]
    box = load([str(folder)], limit="till-1", vault=vault).targets[0]
    assert box.desired.db_uuid == Secret(UUID)


def test_secrets_that_stood_there_are_not_shown(write: Write, opened: Open) -> None:
    secrets = """\
        # old token: one-canary
        ansible_password: two-canary
        iot_https_token: "three-
          canary"
        passwords: [four-canary, {x: five-canary}]
        wifi_psk: six-canary
        some_key: seven-canary
        pin: eight-canary
        ansible_ssh_common_args: "-o ProxyCommand='sshpass -p nine-canary ssh x nc %h %p'"
        webhook: https://user:ten-canary@hook.example
        keyboard: de
        other: !vault |
          $ANSIBLE_VAULT;1.1;AES256
          36canary
        """
    write({"hosts.yml": HOSTS, "group_vars/customer_lotus.yml": secrets})
    files = opened()
    files.set_group("customer_lotus", "iot_https_store", "x")

    assert "canary" not in files.diff()
    diff = "".join(showing.shown_edits([replace(each, before=None) for each in files.edits()]))
    assert "canary" not in diff
    assert "keyboard: de" in diff
    assert diff.count("********") == 11


VAULTS = {
    "no password": ((), None, "no vault password was given: use --vault-password-file"),
    "several ids": (("a", "b"), None, r"several ids were given \(a, b\): choose one with --encrypt-vault-id"),
    "another id": (("a",), "c", "--encrypt-vault-id c: no password of this id was given, only of a"),
}


@pytest.mark.parametrize("case", VAULTS.values(), ids=VAULTS)
def test_vault_that_is_not_clear_is_refused(
    write: Write, opened: Open, tmp_path: Path, case: tuple[tuple[str, ...], str | None, str]
) -> None:
    ids, chosen, message = case
    write({"hosts.yml": HOSTS})
    (tmp_path / "password").write_text("x")
    vault = VaultOptions(ids=tuple(f"{each}@{tmp_path / 'password'}" for each in ids))

    with pytest.raises(InventoryError, match=message):
        opened(vault=vault, encrypt_vault_id=chosen).set_group(
            "customer_lotus", "iot_https_db_uuid", Encrypted(Secret(UUID))
        )


def test_vault_id_that_was_chosen_encrypts(write: Write, opened: Open, tmp_path: Path) -> None:
    folder = write({"hosts.yml": HOSTS})
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    vault = VaultOptions(ids=tuple(f"{each}@{tmp_path / each}" for each in ("a", "b")))
    files = opened(vault=vault, encrypt_vault_id="b")
    files.set_group("customer_lotus", "iot_https_db_uuid", Encrypted(Secret(UUID)))
    files.write()

    assert "$ANSIBLE_VAULT;1.2;AES256;b\n" in _texts(folder)["group_vars/customer_lotus.yml"]
    assert not opened(vault=vault).set_host("till-1", "iot_https_db_uuid", Encrypted(Secret(UUID)))


def test_group_and_boxes_are_added(write: Write, opened: Open, vault: VaultOptions) -> None:
    folder = write({"hosts.yml": HOSTS})
    files = opened()
    files.add_group("customer_new")
    files.add_group("store_new__hue", "customer_new")
    files.set_group("customer_new", "iot_https_customer", "new")
    files.add_host(
        "store_new__hue", "hue-1", {"ansible_host": "192.0.2.31", "iot_https_server_url": "https://n.example"}
    )
    assert not files.add_group("customer_lotus")

    files.write()

    box = load([str(folder)], limit="store_new__hue", vault=vault).targets[0]
    assert (box.desired.name, box.desired.customer) == ("hue-1", "new")


def test_first_box_goes_into_an_inventory_without_any(write: Write, opened: Open) -> None:
    folder = write({"hosts.yml": "---\nall:\n  hosts:\n"})
    files = opened()
    files.add_host("all", "till-1", {})

    files.write()

    assert _texts(folder)["hosts.yml"] == "---\nall:\n  hosts:\n    till-1:\n"


def test_ini_in_a_folder_gets_a_file_beside_it(write: Write, opened: Open, vault: VaultOptions) -> None:
    folder = write({"hosts": "[customer_lotus]\ntill-1 ansible_host=192.0.2.1\n"})
    files = opened()
    files.add_host("customer_lotus", "till-2", {"iot_https_server_url": "https://lotus.example.com"})
    files.set_host("till-1", "iot_https_server_url", "https://lotus.example.com")

    files.write()

    there = _texts(folder)
    assert there["iot_https_boxes.yml"].startswith(
        "---\nall:\n  children:\n    customer_lotus:\n      hosts:\n        till-2:"
    )
    assert there["host_vars/till-1.yml"] == "---\niot_https_server_url: https://lotus.example.com\n"
    assert len(load([str(folder)], limit="customer_lotus", vault=vault).targets) == 2


REFUSED = {
    "path as a box": ("set_host", ("../x", "iot_https_store", "y")),
    "box that is not there": ("set_host", ("till-9", "iot_https_store", "y")),
    "group that is not there": ("set_group", ("customer_none", "iot_https_store", "y")),
    "template": ("set_host", ("till-1", "iot_https_store", "{{ lookup('pipe', 'id') }}")),
    "template in a list": ("set_host", ("till-1", "iot_https_resolvers", ["1.1.1.1", "{% raw %}"])),
    "line break": ("set_host", ("till-1", "iot_https_store", "a\nb: c")),
    "no name of a variable": ("set_host", ("till-1", "a: b", "c")),
    "path as a group": ("add_group", ("../../etc",)),
    "template as a group": ("add_group", ("{{ x }}",)),
    "line break in a group": ("add_group", ("a\n",)),
    "group below none": ("add_group", ("customer_new", "nothing")),
    "path as a new box": ("add_host", ("customer_lotus", "../../x", {})),
    "template as a new box": ("add_host", ("customer_lotus", "{{ x }}", {})),
    "template of a new box": ("add_host", ("customer_lotus", "new", {"ansible_host": "{{ x }}"})),
    "box that is there": ("add_host", ("customer_lotus", "till-1", {})),
    "group as a new box": ("add_host", ("customer_lotus", "customer_lotus", {})),
    "box of no group": ("add_host", ("nothing", "new", {})),
}


@pytest.mark.parametrize(("method", "arguments"), REFUSED.values(), ids=REFUSED)
def test_hostile_names_and_values_are_refused_in_one_line(
    write: Write, opened: Open, method: str, arguments: tuple[NewValue, ...]
) -> None:
    folder = write({"hosts.yml": HOSTS})
    before = _texts(folder)
    files = opened()

    with pytest.raises(EditRefused) as refused:
        getattr(files, method)(*arguments)

    assert "\n" not in str(refused.value)
    assert "lookup" not in str(refused.value)
    files.write()
    assert _texts(folder) == before


UNEDITABLE = {
    "encrypted as a whole": ("group_vars/customer_lotus.yml", None, "encrypted as a whole"),
    "JSON": ("group_vars/customer_lotus.json", '{"ansible_user": "pi"}', "is JSON, which is not edited"),
}


@pytest.mark.parametrize(("name", "text", "message"), UNEDITABLE.values(), ids=UNEDITABLE)
def test_file_that_cannot_be_edited_is_named(
    write: Write, opened: Open, name: str, text: str | None, message: str
) -> None:
    from ansible.parsing.vault import VaultLib, VaultSecret

    whole = VaultLib([("default", VaultSecret(b"the right one"))]).encrypt("ansible_user: pi\n").decode()
    write({"hosts.yml": HOSTS, name: text or whole})

    with pytest.raises(EditRefused, match=message):
        opened().set_group("customer_lotus", "iot_https_store", "x")


def test_list_of_hosts_has_no_files(opened: Open, vault: VaultOptions) -> None:
    from reconciler.inventory_files import InventoryFiles

    with pytest.raises(EditRefused, match="name a file or folder with -i"):
        InventoryFiles.open(["a,b"], vault).set_host("a", "iot_https_store", "x")


def test_groups_that_a_plugin_makes_get_a_file(write: Write, opened: Open, vault: VaultOptions) -> None:
    plugin = "plugin: ansible.builtin.constructed\nkeyed_groups: [{prefix: customer, key: iot_https_customer}]\n"
    folder = write({"hosts.yml": "all:\n  hosts:\n    till-1:\n", "keyed_groups.yml": plugin})
    files = opened()
    files.set_host("till-1", "iot_https_customer", "new")
    files.add_group("customer_new", by_plugin=True)
    files.set_group("customer_new", "iot_https_server_url", "https://new.example.com")

    files.write()

    there = _texts(folder)
    assert there["hosts.yml"] == "all:\n  hosts:\n    till-1:\n      iot_https_customer: new\n"
    assert there["keyed_groups.yml"] == plugin
    assert load([str(folder)], vault=vault).targets[0].desired.server_url == "https://new.example.com"


def test_template_is_not_encrypted(write: Write, opened: Open) -> None:
    """Ansible fills in a template that it has decrypted."""
    write({"hosts.yml": HOSTS})

    with pytest.raises(InventoryError, match="what Ansible takes for a template"):
        opened().set_group(
            "customer_lotus", "iot_https_enterprise_code", Encrypted(Secret("{{ lookup('pipe', 'id') }}"))
        )
