"""Argument strings for `ssh` from an inventory, as far as the values that a connection is made of."""

from __future__ import annotations

import functools
import shlex

from reconciler.inventory.option import ConnectionOption
from reconciler.inventory.options import Resolver
from reconciler.inventory.ssh import ssh_from_options
from reconciler.inventory.ssh_arguments import Arguments

from ..oracle import check_refusal, planted

_SET = {"connection": "ssh", "ssh_executable": "ssh", "become_method": "sudo", "host": "192.0.2.1"}


def seeds() -> list[bytes]:
    """What stands in inventories, and what should not."""
    return [
        b"-C -o ControlMaster=auto -o ControlPersist=60s",
        b"-o 'ProxyCommand=ssh -W %h:%p -q gate' -p 2222 -l pi -i ~/.ssh/id",
        b"-J a@gate:22,b -F none -oUserKnownHostsFile='~/a /b'",
        b"-o StrictHostKeyChecking=no -o @@ -o Foo=@@ -o 'Port @@'",
        b"-i ~nobody-of-this-name/x -F ~nobody-of-this-name/y",
        b"-o 'IdentityFile=@@\n' -Z -\xc3\xa9 --x 'unclosed",
        b"-o ServerAliveInterval=99999999999 -o ConnectTimeout=0 -w",
        b"",
    ]


@functools.cache
def _unset() -> dict[str, ConnectionOption]:
    """Every setting as it is where nobody set it, whichever this version of Ansible has."""
    return {**Resolver().resolve({})[0], "ssh_args": ConnectionOption(value=None, source="ssh_args", is_default=True)}


def one_input(data: bytes) -> None:
    """Values of the right kind, or problems in one line each."""
    text = planted(data).decode(errors="replace")
    arguments = Arguments()
    arguments.text("ansible_ssh_common_args", text)
    for problem in arguments.problems:
        check_refusal(problem)
    for value in (*arguments.values.values(), *arguments.identity_files, arguments.config_file or "-"):
        assert value
        assert value.isprintable()
    shlex.split(arguments.values.get("userknownhostsfile", ""))
    options = {**_unset(), **{each: ConnectionOption(value=value, source=each) for each, value in _SET.items()}}
    options["ssh_common_args"] = ConnectionOption(value=text, source="ansible_ssh_common_args")
    ssh, problems = ssh_from_options("till-1", options)
    for problem in problems:
        check_refusal(problem)
    assert problems or ssh.port in range(1, 65536)
