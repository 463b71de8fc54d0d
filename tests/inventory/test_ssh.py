"""Connection variables become an SSH connection as Ansible would resolve them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.model.secret import Secret
from reconciler.model.target import ConnectionKind, Ssh

from .conftest import Read, invalid, ssh_of, target

CHECKED = "host keys are always checked here: remove it, and record the box's key under its inventory name"


def _files(variables: dict[str, object]) -> dict[str, str]:
    return {"hosts.yml": yaml.safe_dump({"all": {"hosts": {"till-1": variables}}})}


def test_nothing_set_gives_the_defaults(read: Read) -> None:
    assert ssh_of(read(_files({})), "till-1") == Ssh(host="till-1", host_key_alias="till-1")


@pytest.mark.parametrize(
    ("variables", "fields"),
    [
        ({"ansible_host": "192.0.2.1"}, {"host": "192.0.2.1"}),
        ({"ansible_ssh_host": "192.0.2.1"}, {"host": "192.0.2.1"}),
        ({"ansible_port": 2222}, {"port": 2222}),
        ({"ansible_port": "2222"}, {"port": 2222}),
        ({"ansible_port": "{{ 2200 + 22 }}"}, {"port": 2222}),
        ({"ansible_user": "pi"}, {"user": "pi"}),
        ({"ansible_ssh_user": "pi"}, {"user": "pi"}),
        ({"ansible_user": "root"}, {"user": "root", "become": False}),
        ({"ansible_user": "root", "ansible_become": False}, {"user": "root", "become": False}),
        ({"ansible_ssh_private_key_file": "~/k"}, {"identity_files": (f"{Path.home()}/k",)}),
        ({"ansible_password": "p"}, {"password": Secret("p")}),
        ({"ansible_password": 12345}, {"password": Secret("12345")}),
        ({"ansible_ssh_pass": "p"}, {"password": Secret("p")}),
        ({"ansible_password": "p", "ansible_ssh_extra_args": "-o PasswordAuthentication=no"}, {}),
        ({"ansible_password": "p", "ansible_ssh_extra_args": "-o PreferredAuthentications=publickey"}, {}),
        ({"ansible_become_password": "p"}, {"become_password": Secret("p")}),
        ({"ansible_become_pass": "p"}, {"become_password": Secret("p")}),
        ({"ansible_become": True}, {}),
        ({"ansible_become": "yes", "ansible_become_method": "sudo", "ansible_become_user": "root"}, {}),
        ({"ansible_become_method": "ansible.builtin.sudo", "ansible_become_flags": "-n -H"}, {}),
        ({"ansible_python_interpreter": "/usr/bin/python3.11"}, {"python": "/usr/bin/python3.11"}),
        ({"ansible_python_interpreter": "auto_silent"}, {}),
        ({"ansible_ssh_timeout": 3}, {"connect_timeout": 3.0}),
        ({"ansible_ssh_common_args": "-o ConnectTimeout=30"}, {"connect_timeout": 30.0}),
        ({"ansible_ssh_timeout": 3, "ansible_ssh_common_args": "-o ConnectTimeout=30"}, {"connect_timeout": 3.0}),
        ({"ansible_ssh_args": "-o ConnectTimeout=30", "ansible_ssh_timeout": 3}, {"connect_timeout": 30.0}),
        ({"ansible_port": 1, "ansible_ssh_args": "-p 2", "ansible_ssh_extra_args": "-p 3"}, {"port": 2}),
        ({"ansible_port": 1, "ansible_ssh_extra_args": "-p 3"}, {"port": 1}),
        ({"ansible_ssh_common_args": "-J gate"}, {"proxy_jump": "gate"}),
        ({"ansible_ssh_common_args": "-o ProxyCommand='nc %h %p'"}, {"proxy_command": "nc %h %p"}),
        ({"ansible_ssh_common_args": "-o ProxyCommand=none -J gate"}, {}),
        ({"ansible_ssh_extra_args": "-o HostKeyAlias=other"}, {"host_key_alias": "other"}),
        ({"ansible_ssh_extra_args": "-o HostKeyAlias=x-{{ inventory_hostname }}"}, {"host_key_alias": "x-till-1"}),
        ({"ansible_ssh_extra_args": "-o UserKnownHostsFile='/a \"/b c\"'"}, {"known_hosts": ("/a", "/b c")}),
        ({"ansible_ssh_extra_args": "-F /etc/x"}, {"config_files": ("/etc/x",)}),
        ({"ansible_ssh_extra_args": "-o IdentitiesOnly=yes"}, {"identities_only": True}),
        ({"ansible_ssh_extra_args": "-F none"}, {"config_files": ()}),
        (
            {"ansible_ssh_extra_args": "-o ServerAliveInterval=5 -o ServerAliveCountMax=2"},
            {"keepalive_interval": 5.0, "keepalive_count": 2},
        ),
        ({"ansible_connection": "ssh", "ansible_ssh_executable": "/usr/bin/ssh"}, {}),
        ({"ansible_host_key_checking": True, "ansible_ssh_pipelining": True}, {}),
        ({"ansible_ssh_retries": 3}, {"retries": 3}),
        ({"ansible_ssh_retries": "{{ 2 + 1 }}"}, {"retries": 3}),
        ({"ansible_ssh_retries": 0}, {}),
    ],
)
def test_variable_is_honoured(read: Read, variables: dict[str, object], fields: dict[str, Any]) -> None:
    expected: dict[str, Any] = {"host": "till-1", "host_key_alias": "till-1", **fields}

    assert ssh_of(read(_files(variables)), "till-1") == Ssh(**expected)


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"ansible_host": "-oProxyCommand=x"}, "ansible_host is not an address or a name of a host: correct it"),
        ({"ansible_host": "a b"}, "ansible_host is not an address or a name of a host: correct it"),
        ({"ansible_port": "many"}, "ansible_port has a value of the wrong type: write a whole number"),
        ({"ansible_port": 70000}, "ansible_port must be a whole number from 1 to 65535: correct it"),
        ({"ansible_ssh_timeout": "x"}, "ansible_ssh_timeout has a value of the wrong type: write a whole number"),
        ({"ansible_ssh_retries": "often"}, "ansible_ssh_retries has a value of the wrong type: write a whole number"),
        ({"ansible_ssh_retries": -1}, "ansible_ssh_retries must be a whole number from 0 to 100: correct it"),
        ({"ansible_ssh_retries": 101}, "ansible_ssh_retries must be a whole number from 0 to 100: correct it"),
        ({"ansible_private_key_passphrase": "p"}, "ansible_private_key_passphrase cannot be used: load the key into"),
        ({"ansible_sudo_chdir": "/srv"}, "ansible_sudo_chdir cannot be used: remove it"),
        ({"ansible_user": "a b"}, "ansible_user has a value with spaces: correct it"),
        ({"ansible_user": ["pi"]}, "ansible_user has a value of the wrong type: write text"),
        ({"ansible_host_key_checking": False}, f"ansible_host_key_checking is false, and {CHECKED}"),
        ({"ansible_ssh_host_key_checking": "no"}, f"ansible_ssh_host_key_checking is false, and {CHECKED}"),
        (
            {"ansible_connection": "paramiko"},
            "ansible_connection is not ssh: set ssh, or iot_https_connection to local",
        ),
        ({"ansible_connection": "local"}, "ansible_connection is not ssh: set ssh, or iot_https_connection to local"),
        ({"ansible_ssh_private_key": "KEY"}, "ansible_ssh_private_key cannot be used: save the key"),
        ({"ansible_ssh_pkcs11_provider": "/x.so"}, "ansible_ssh_pkcs11_provider cannot be used: load the key"),
        ({"ansible_ssh_executable": "/opt/wrapper"}, "ansible_ssh_executable is another program than ssh"),
        ({"ansible_become_method": "su"}, "ansible_become_method is not sudo, the only way to root here: set sudo"),
        ({"ansible_python_interpreter": "-c"}, "ansible_python_interpreter is not one path or name"),
        ({"ansible_become_user": "odoo"}, "ansible_become_user is not root, which boxes need: remove it"),
        ({"ansible_become_exe": "/opt/sudo"}, "ansible_become_exe is not sudo: remove it"),
        ({"ansible_become_flags": "-u odoo"}, "ansible_become_flags has flags of sudo that cannot be used here"),
        ({"ansible_become": "perhaps"}, "ansible_become has a value of the wrong type: write true or false"),
        ({"ansible_become": False, "ansible_user": "pi"}, "ansible_become is false, and boxes need root: remove it"),
        ({"ansible_python_interpreter": "env python"}, "ansible_python_interpreter is not one path or name"),
        ({"ansible_ssh_common_args": "-o Ciphers=x"}, "ansible_ssh_common_args: -o Ciphers cannot be used"),
        ({"ansible_ssh_args": "-4"}, "ansible_ssh_args: -4 cannot be used by this program: remove it"),
        (
            {"ansible_ssh_extra_args": "-o StrictHostKeyChecking=no"},
            "ansible_ssh_extra_args: -o StrictHostKeyChecking must",
        ),
        ({"ansible_port": "{{ nowhere }}"}, "ansible_port refers to nowhere, which is not defined for this host"),
    ],
)
def test_variable_is_refused_by_name_with_the_way_out(read: Read, variables: dict[str, object], problem: str) -> None:
    (said,) = invalid(read(_files(variables)), "till-1").problems

    assert said.startswith(problem)


def test_where_a_variable_was_set_is_told(read: Read) -> None:
    files = {"hosts.yml": "all: {hosts: {a: }}", "group_vars/all.yml": "x: 1\nansible_port: 0\n"}

    (said,) = invalid(read(files), "a").problems

    assert said.endswith("group_vars/all.yml:2)")


def test_environment_counts_below_variables(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_REMOTE_USER", "from-environment")
    monkeypatch.setenv("ANSIBLE_SSH_COMMON_ARGS", "-J gate")
    files = {"hosts.yml": "all: {hosts: {a: , b: {ansible_user: pi}}}"}

    inventory = read(files)

    assert (ssh_of(inventory, "a").user, ssh_of(inventory, "a").proxy_jump) == ("from-environment", "gate")
    assert ssh_of(inventory, "b").user == "pi"


def test_host_key_checking_switched_off_in_the_environment_is_refused(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSIBLE_HOST_KEY_CHECKING", "False")

    (said,) = invalid(read(_files({})), "till-1").problems

    assert said == f"ANSIBLE_HOST_KEY_CHECKING in the environment is false, and {CHECKED}"


def test_box_that_is_this_machine_needs_no_connection_variables(read: Read) -> None:
    box = target(
        read(_files({"iot_https_connection": "local", "ansible_port": "x", "ansible_host": "{{ no }}"})), "till-1"
    )

    assert box.connection is ConnectionKind.LOCAL
    assert box.ssh is None


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"ansible_host": "x;id"}, "ansible_host is not an address or a name of a host"),
        ({"ansible_host": "$(id)"}, "ansible_host is not an address or a name of a host"),
        ({"ansible_user": "pi;id"}, "ansible_user is not a name of a user"),
        ({"ansible_user": "`id`"}, "ansible_user is not a name of a user"),
        ({"ansible_ssh_common_args": "-J 'gate;id'"}, "has a jump host that is not [user@]host[:port]"),
        ({"ansible_ssh_common_args": "-o HostKeyAlias=a;id"}, "is not a name by which a host can be known"),
        ({"iot_https_customer": "../x"}, "iot_https_customer begins with ."),
        ({"iot_https_store": "`id`"}, "iot_https_store contains `"),
    ],
)
def test_a_name_that_a_shell_or_a_path_would_act_on_is_refused(
    read: Read, variables: dict[str, object], said: str
) -> None:
    (refused,) = read(_files(variables)).invalid
    assert said in "\n".join(refused.problems)


@pytest.mark.parametrize("name", ["a/b", "-x", "a b", "$(id)", "a\x1b]0;b", "x" * 300, "a\u202eb"])
def test_a_box_that_cannot_be_called_so_is_invalid_and_shown_in_one_printable_word(read: Read, name: str) -> None:
    text = json.dumps({"all": {"hosts": {name: {}}}})
    found = read({"hosts.json": text})
    (refused,) = found.invalid
    assert refused.problems[0].startswith("the box's name")
    assert refused.name.isprintable()
    assert len(refused.name) < 70


def test_retries_of_the_environment_count(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_SSH_RETRIES", "2")
    assert ssh_of(read(_files({})), "till-1").retries == 2
