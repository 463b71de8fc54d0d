"""One network for all boxes: they reach each other, the peers and this machine, and nothing beyond.

Boxes have a default route, as in a store: the peers are their gateway and refuse at once what would leave, so that a
look-up at a dead resolver fails instead of hanging. A routing rule of this machine refuses it, too, if a box changes
its gateway: no packet of a test reaches the Internet.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import subprocess

from .machine import BoxesError
from .podman import LABEL, exists, last_line, podman, query

NAME = "iot-https-lab"
SUBNET = ipaddress.IPv4Network(os.environ.get("IOT_HTTPS_LAB_SUBNET", "10.213.47.0/24"))
HOST = str(SUBNET[1])
PEERS = str(SUBNET[2])
GATEWAY = PEERS
DATABASES = str(SUBNET[3])
REBIND_RESOLVER = str(SUBNET[4])
FIRST_BOX = 10
DEAD_RESOLVER = "192.0.2.53"
"""An address that no network has (TEST-NET-1)."""
PRIORITY = "90"


def ensure() -> None:
    """Make the network and its rule, unless they are there."""
    if not exists("network", NAME):
        # Internal: no address translation, which also touches bridged packets and would misdirect the refusals.
        podman("network", "create", "--label", LABEL, "--internal", "--disable-dns", "--subnet", str(SUBNET), NAME)
    rule = _rule()
    if rule[1] not in _ip("rule", "show", "priority", PRIORITY):
        _ip("rule", "add", *rule, "prohibit")


def join() -> None:
    """Give this machine an address in the network; the bridge is there while some container runs."""
    _ip("address", "replace", f"{HOST}/{SUBNET.prefixlen}", "dev", _bridge())


def joined() -> bool:
    """Whether this machine has an address in the network; without one, that of the peers may be somebody else's."""
    with socket.socket() as probe:
        try:
            probe.bind((HOST, 0))
        except OSError:
            return False
    return True


def remove() -> None:
    """Take both away."""
    if exists("network", NAME):
        rule = _rule()
        if rule[1] in _ip("rule", "show", "priority", PRIORITY):
            _ip("rule", "del", *rule)
        podman("network", "rm", "--force", NAME)


def free_address(used: set[str]) -> str:
    """The first address for a box that is not used."""
    for number in range(FIRST_BOX, SUBNET.num_addresses - 1):
        if (address := str(SUBNET[number])) not in used:
            return address
    raise BoxesError(f"no address is left in {SUBNET}")


def _rule() -> list[str]:
    return ["iif", _bridge(), "priority", PRIORITY]


def _bridge() -> str:
    return str(json.loads(query("network", "inspect", NAME))[0]["network_interface"])


def _ip(*arguments: str) -> str:
    done = subprocess.run(["ip", *arguments], capture_output=True, check=False)
    if done.returncode:
        raise BoxesError(f"ip {' '.join(arguments)} failed: {last_line(done.stderr)}")
    return done.stdout.decode()
