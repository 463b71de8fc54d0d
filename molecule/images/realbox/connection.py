"""How a control machine reaches a box: the variables of its Ansible inventory, and its host key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .box import Box
from .disk import lab_key
from .network import PEERS
from .peers import state_dir


def host_variables(box: Box) -> dict[str, Any]:
    """What an inventory says of one box: where it is, and which one it must be."""
    return {"ansible_host": box.address, "iot_https_serial": box.serial}


def login_variables(known_hosts: Path) -> dict[str, Any]:
    """What an inventory says of all boxes: they are entered as `pi`, and known by name rather than by address."""
    return {
        "ansible_user": "pi",
        "ansible_ssh_private_key_file": str(lab_key()),
        "ansible_ssh_common_args": (
            f"-o UserKnownHostsFile={known_hosts} -o HostKeyAlias={{{{ inventory_hostname }}}} -o IdentitiesOnly=yes"
        ),
    }


def host_key(name: str, box: Box) -> str:
    """The line of a file of known hosts, for what the inventory calls the box."""
    kind, key, *_ = box.read("/etc/ssh/ssh_host_ed25519_key.pub").split()
    return f"{name} {kind} {key}\n"


def write(path: Path, boxes: Iterable[Box]) -> None:
    """Write an inventory that says of boxes how they are reached, and beside it their host keys.

    Besides the variables of the role it has `lab_ca_file`, the root of the test authority on this machine, and
    `lab_resolver`, the address of the lab's DNS.
    """
    known_hosts = path.with_name("known_hosts.txt")  # a file that Ansible does not take for an inventory
    found = {box.name: box for box in boxes}
    path.parent.mkdir(parents=True, exist_ok=True)
    known_hosts.write_text("".join(host_key(name, box) for name, box in found.items()))
    lab = {"lab_ca_file": str(state_dir() / "ca.pem"), "lab_resolver": PEERS}
    hosts = {name: host_variables(box) for name, box in found.items()}
    path.write_text(json.dumps({"all": {"hosts": hosts, "vars": login_variables(known_hosts) | lab}}, indent=1) + "\n")
