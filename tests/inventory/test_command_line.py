"""What the command line says of every host means what it means to Ansible, and beats and is beaten by the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.inventory import CommandLine, Inventory, InventoryError
from reconciler.model.reveal import reveal
from reconciler.model.target import Ssh

from .conftest import Read, encrypted

SECRET = "canary-secret"
OPEN = {"hosts.yml": "all: {hosts: {till-1: {iot_https_resolvers: [1.1.1.1]}}}\n"}
NAMED = {
    "hosts.yml": """\
        all:
          hosts:
            till-1:
              ansible_user: ours
              ansible_ssh_private_key_file: /ours
              ansible_password: ours
              ansible_become_password: ours
              iot_https_resolvers: [1.1.1.1]
        """
}
ALL = CommandLine(
    user="theirs", private_key_file="/theirs", become=True, password="theirs", become_password="theirs-too"
)


def ssh(inventory: Inventory) -> Ssh:
    (target,) = inventory.targets
    assert target.ssh is not None
    return target.ssh


def login(inventory: Inventory) -> tuple[str | None, tuple[str, ...], str | None, str | None]:
    found = ssh(inventory)
    passwords = (found.password, found.become_password)
    first, second = (None if each is None else reveal(each) for each in passwords)
    return found.user, found.identity_files, first, second


def test_options_count_where_no_variable_says_otherwise(read: Read) -> None:
    assert login(read(OPEN, said=ALL)) == ("theirs", ("/theirs",), "theirs", "theirs-too")


def test_variables_beat_options(read: Read) -> None:
    assert login(read(NAMED, said=ALL)) == ("ours", ("/ours",), "ours", "ours")


def test_extra_variables_beat_both(read: Read) -> None:
    assert login(read(NAMED, said=CommandLine(user="theirs", extra_vars=("ansible_user=extra",))))[0] == "extra"


def test_options_beat_the_environment(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_REMOTE_USER", "environment")
    assert ssh(read(OPEN)).user == "environment"
    assert ssh(read(OPEN, said=ALL)).user == "theirs"


def test_become_beats_an_environment_that_says_no(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible.constants.config._config_file", None)
    monkeypatch.setenv("ANSIBLE_BECOME", "false")
    assert not ssh(
        read({"hosts.yml": "all: {hosts: {till-1: {ansible_user: root, iot_https_resolvers: [1.1.1.1]}}}"})
    ).become
    assert ssh(read(OPEN, said=ALL)).become


def test_a_problem_of_an_option_names_the_option(read: Read) -> None:
    (entry,) = read(OPEN, said=CommandLine(user="-oProxyCommand=x")).invalid
    assert any(problem.startswith("--user") for problem in entry.problems)


@pytest.mark.parametrize(
    "extra",
    [
        ("iot_https_customer=Lotus",),
        ('{"iot_https_customer": "Lotus"}',),
        ("iot_https_store=Hue iot_https_customer=Lotus",),
        ("iot_https_customer=bakery", "iot_https_customer=Lotus"),
        ("iot_https_customer={{ whose }}", "whose=Lotus"),
        ("@extra.yml",),
        ("@extra.json",),
    ],
)
def test_extra_variables_are_written_as_for_ansible(
    read: Read, extra: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "extra.yml").write_text("iot_https_customer: Lotus\n")
    (tmp_path / "extra.json").write_text('{"iot_https_customer": "Lotus"}')
    monkeypatch.chdir(tmp_path)
    (target,) = read(OPEN, said=CommandLine(extra_vars=extra)).targets
    assert target.desired.customer == "Lotus"


def test_a_file_of_extra_variables_may_be_vaulted(read: Read, tmp_path: Path) -> None:
    (tmp_path / "extra.yml").write_text(f"iot_https_enterprise_code: {encrypted(SECRET)}\n")
    (target,) = read(OPEN, said=CommandLine(extra_vars=(f"@{tmp_path}/extra.yml",))).targets
    assert target.desired.enterprise_code is not None
    assert reveal(target.desired.enterprise_code) == SECRET


def test_extra_variables_of_one_reading_are_none_of_the_next(read: Read) -> None:
    read(OPEN, said=CommandLine(extra_vars=("iot_https_customer=Lotus",)))
    (target,) = read(OPEN).targets
    assert target.desired.customer is None


def test_a_misspelled_extra_variable_is_told(read: Read) -> None:
    (entry,) = read(OPEN, said=CommandLine(extra_vars=("iot_https_costumer=Lotus",))).invalid
    assert entry.problems == ("iot_https_costumer is not a known variable: did you mean iot_https_customer?",)


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ("Lotus", "-e Lotus gives no variable a value: write name=value, JSON, or @file"),
        ("", "-e '' gives no variable a value"),
        ("=x", "-e '' gives no variable a value"),
        ("iot_https_token=********", "-e iot_https_token has what a report shows in place of a secret"),
        ("********", "-e ******** has what a report shows in place of a secret"),
        ("@/no/such/file", "-e @/no/such/file does not exist: correct its name"),
        ("@/", "-e @/ cannot be read"),
        (f'{{"iot_https_token": "{SECRET}"', "cannot be read"),
        (f"[{SECRET}]", "-e JSON gives no variable a value"),
    ],
)
def test_what_is_no_extra_variable_is_refused_without_a_value(read: Read, extra: str, problem: str) -> None:
    with pytest.raises(InventoryError) as refused:
        read(OPEN, said=CommandLine(extra_vars=(extra,)))
    assert problem in str(refused.value)
    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_passwords_are_in_no_representation() -> None:
    assert SECRET not in repr(CommandLine(password=SECRET, become_password=SECRET, extra_vars=(f"a={SECRET}",)))
