"""Brings boxes up and takes them down."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from . import disk, machine, network
from .box import Box
from .build import trusting
from .kinds import KINDS
from .machine import BoxesError
from .peers import Peers, peers_up
from .podman import LABEL, PREFIX, containers, create, exists, labels, podman, query, remove

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
CAPABILITIES = (
    "--cap-add",
    "SYS_ADMIN",
    "--cap-add",
    "SYS_PTRACE",  # root of a box sees which program a process of another user runs
    "--cap-add",
    "NET_ADMIN",
    "--cap-add",
    "NET_RAW",
    "--cap-add",
    "AUDIT_WRITE",  # without it, sshd ends every session that wants a terminal
    "--security-opt",
    "seccomp=unconfined",
)


def require() -> None:
    """Raise BoxesError with all that this machine lacks, in one line, before anything is tried."""
    machine.require("podman", "mmdebstrap", "ip", "ssh-keygen")


def up(
    name: str,
    kind: str,
    *,
    serial: str | None = None,
    resolvers: Sequence[str] = (network.DEAD_RESOLVER,),
    address: str | None = None,
) -> Box:
    """Start a box in the state in which it leaves the shop: temporary certificate, no link, useless resolvers.

    The peers are started with the first box. Without an address it gets the first that is free. Raises BoxesError when
    the name is taken.
    """
    if not NAME.fullmatch(name):
        raise BoxesError(f"{name!r} is no name for a box: small letters, digits and dashes")
    if kind not in KINDS:
        raise BoxesError(f"no such kind: {kind} (there are {', '.join(KINDS)})")
    machine.require("podman", "ip", "ssh-keygen")
    if exists("container", PREFIX + name):
        raise BoxesError(f"{name} is already there (down {name})")
    machine.make_room()
    peers = peers_up()
    image = trusting(kind, peers.ca_pem())
    box = _create(name, kind, serial or _serial(name), image, address)
    try:
        disk.prepare(box.container, box.facts, box.address, resolvers)
        podman("start", box.container)
        box.wait_until_up()
    except BoxesError:
        down([name])
        raise
    return box


def anew(name: str) -> Box:
    """Put a box that was just flashed in the place of one: same kind, serial number and address, other host keys."""
    old = find(name)
    down([name])
    return up(name, old.kind, serial=old.serial, address=old.address)


def down(names: Iterable[str]) -> None:
    """Remove boxes, and the peers if they are named."""
    for name in names:
        remove(PREFIX + name)


def down_all(*, images: bool = False) -> None:
    """Remove every container and network of this project, and its images if wanted; nothing else."""
    down(containers())
    network.remove()
    if images:
        for image in query("images", "--filter", f"label={LABEL}", "--quiet").split():
            podman("rmi", "--force", image, check=False)


def down_dead() -> list[str]:
    """Remove what runs that were killed left behind, and return its names.

    To podman such a container is still "Up": nothing was there to tell it otherwise.
    """
    dead = [name for name in containers() if not _lives(PREFIX + name)]
    down(dead)
    return dead


def _lives(container: str) -> bool:
    pid, identity = query("inspect", "--format", "{{.State.Pid}} {{.Id}}", container).split()
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        return state != "Z" and identity in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def running() -> list[Box]:
    """All boxes, the peers left out."""
    found = query("ps", "--all", "--filter", f"label={LABEL}", "--filter", "label=address", "--format", "json")
    labels_of = {each["Names"][0].removeprefix(PREFIX): each["Labels"] for each in json.loads(found)}
    return [_box(name, facts) for name, facts in sorted(labels_of.items())]


def find(name: str) -> Box:
    """The box of that name."""
    found = podman("container", "inspect", PREFIX + name, check=False)
    if found.returncode:
        raise BoxesError(f"no box is named {name} (there are: {', '.join(containers()) or 'none'})")
    return _box(name, json.loads(found.stdout)[0]["Config"]["Labels"])


def _box(name: str, facts: dict[str, str]) -> Box:
    return Box(name, facts["kind"], facts["address"], facts["serial"])


def peers() -> Peers:
    """The machine with DNS, authority and databases, started if it does not answer."""
    found = Peers()
    return found if network.joined() and found.answers() else peers_up()


def _create(name: str, kind: str, serial: str, image: str, address: str | None) -> Box:
    with machine.locked("addresses"):
        used = {box.address for box in running()}
        box = Box(name, kind, address or network.free_address(used), serial)
        facts = {"kind": kind, "address": box.address, "serial": serial}
        create(
            box.container,
            *labels(facts),
            *machine.run_arguments(box.facts.suite),
            *CAPABILITIES,
            *("--dns", "none", "--no-hosts", "--hostname", "iotbox"),
            *("--network", network.NAME, "--ip", box.address),
            *("-e", f"IOTBOX_SERIAL={serial}"),
            image,
        )
    return box


def _serial(name: str) -> str:
    return "10000000" + hashlib.sha256(name.encode()).hexdigest()[:8]
