"""The Ansible inventory of a fleet that is served: what a scenario says, as an MSP would write it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final

import yaml

from .fleet import TOKEN, address, identifier, serial
from .scenario import BadScenario, Customer, Scenario, ScenarioBox

ACCESS: Final = ".access"
"""Folder for what changes each time a fleet is served: the key that lets in, and the host keys."""
KEY: Final = "id_ed25519"
KNOWN_HOSTS: Final = "known_hosts"
_LOCK: Final = "in-use"
_MOST_FOLDERS: Final = 9
_WIDTH = 120
_MARK: Final = "# Written by `iot-https demo --serve`"
"""What every file of text begins with that is written here, and that may be written anew."""
_ABOUT = """---
# Written by `iot-https demo --serve`, from its scenario. These boxes are simulated, on this machine's own addresses
# 127.77.0.0/16, and these secrets are nobody's: in a real inventory they belong in Ansible Vault.
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """What boxes have at 22, 8069 and 443, on ports that are nobody's privilege."""

    ssh: int = 2222
    homepage: int = 8069
    https: int = 8443


STANDARD_PORTS: Final = Ports()


def files(scenario: Scenario, first: IPv4Address, ports: Ports = STANDARD_PORTS) -> Mapping[str, str]:
    """Return the text of each file of the inventory, by its path in the folder."""
    customers = {box.customer.name: box.customer for box in scenario.boxes}
    return {
        "hosts.yml": _text(_hosts(scenario, first, ports)),
        "group_vars/all.yml": _text(_everywhere(scenario, ports.ssh)),
        **{f"group_vars/customer_{name}.yml": _text(_customer(each)) for name, each in customers.items()},
    }


def claim(folder: Path, texts: Mapping[str, str]) -> None:
    """Make the folder, and find out whether nothing of somebody else's in it would be overwritten.

    Args:
        texts: what is to be written, by its path in the folder.

    Raises:
        BadScenario: names the first such file.
        OSError: it cannot be made, or a file in it cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = f"{ACCESS}/{KNOWN_HOSTS}"
    for name in (*texts, known):
        if os.path.lexists(folder / name) and not _is_ours(folder / name):
            raise BadScenario(f"{folder / name} was not written by the demo, and is left alone: give another FOLDER")
    if os.path.lexists(folder / ACCESS / KEY) and not (folder / known).exists():
        raise BadScenario(f"{folder / ACCESS / KEY} is not a key of the demo, and is left alone: give another FOLDER")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other demos from writing into the folder while this one's boxes are up: its key and host keys are there.

    Raises:
        BadScenario: another demo has it.
        OSError: it cannot be written.
    """
    (folder / ACCESS).mkdir(parents=True, exist_ok=True)
    with (folder / ACCESS / _LOCK).open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadScenario(f"another demo serves the boxes of {folder}: give another FOLDER, or end it") from None
        yield


def first_unused(folder: Path) -> Path:
    """Return this folder, or the first beside it whose boxes no other demo serves.

    Raises:
        OSError: its lock cannot be read.
    """
    others = (folder.with_name(f"{folder.name}-{number}") for number in range(2, _MOST_FOLDERS + 1))
    return next((each for each in (folder, *others) if not _is_held(each)), folder)


def _is_held(folder: Path) -> bool:
    try:
        with (folder / ACCESS / _LOCK).open(encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _is_ours(path: Path) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8", errors="replace").removeprefix("---\n").startswith(_MARK)


def known_hosts(lines: Iterable[str]) -> str:
    """Return the file of the boxes' host keys."""
    return f"{_MARK}, each time anew.\n{''.join(lines)}"


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write those that differ from what is there, so that an inventory in a repository stays as it is.

    Raises:
        OSError: a file or folder cannot be written.
    """
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _hosts(scenario: Scenario, first: IPv4Address, ports: Ports) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    for number, box in enumerate(scenario.boxes):
        stores = groups.setdefault(f"customer_{box.customer.name}", {"children": {}})["children"]
        hosts = stores.setdefault(f"store_{box.customer.name}__{box.store}", {"hosts": {}})["hosts"]
        hosts[box.name] = {
            "ansible_host": address(number, first),
            **_identity(number, box),
            "iot_https_store": box.store,
            **(_by_homepage(ports) if box.is_by_homepage else {}),
        }
    return {"all": {"children": groups}}


def _identity(number: int, box: ScenarioBox) -> dict[str, str]:
    if box.is_unknown:
        return {}
    return {"iot_https_serial": identifier(number, box) if box.is_by_homepage else serial(number)}


def _by_homepage(ports: Ports) -> dict[str, Any]:
    return {
        "iot_https_connection": "homepage",
        "iot_https_certificate_source": "native",
        "iot_https_homepage_port": ports.homepage,
        "iot_https_https_port": ports.https,
    }


def _everywhere(scenario: Scenario, ssh_port: int) -> dict[str, Any]:
    known = f"-o 'UserKnownHostsFile=\"{{{{ access }}}}/{KNOWN_HOSTS}\"'"
    return {
        "access": f"{{{{ inventory_dir }}}}/{ACCESS}",
        "ansible_user": "pi",
        "ansible_port": ssh_port,
        "ansible_ssh_private_key_file": f"{{{{ access }}}}/{KEY}",
        "ansible_ssh_common_args": f"{known} -o HostKeyAlias={{{{ inventory_hostname }}}}",
        "iot_https_resolvers": list(scenario.resolvers),
    }


def _customer(customer: Customer) -> dict[str, Any]:
    return {
        "iot_https_customer": customer.name,
        "iot_https_server_url": customer.server_url,
        "iot_https_token": TOKEN,
        "iot_https_db_uuid": customer.db_uuid,
        "iot_https_enterprise_code": customer.enterprise_code,
    }


def _text(content: object) -> str:
    return _ABOUT + yaml.dump(content, Dumper=_Indenting, sort_keys=False, width=_WIDTH)


class _Indenting(yaml.SafeDumper):
    """Indents the items of a list, as linters want it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, False)  # noqa: FBT003
