"""The other side of every box: DNS, www.odoo.com and the customers' databases, in one container."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import machine, network
from .box import wait_for
from .build import build
from .kinds import PEERS as KIND
from .machine import BoxesError, cache_dir
from .podman import LABEL, PREFIX, labels, podman, query, remove

CONTAINER = PREFIX + KIND
AUTHORITY_CONTROL, DATABASE_CONTROL = 8080, 8081


@dataclass(frozen=True)
class Peers:
    """Drives the stand-ins over their control ports."""

    address: str = network.PEERS
    databases: str = network.DATABASES
    rebind_resolver: str = network.REBIND_RESOLVER

    def control(self, method: str, path: str, body: object = None, *, port: int = AUTHORITY_CONTROL) -> Any:
        """One request to a control port; returns the decoded answer."""
        connection = http.client.HTTPConnection(self.address, port, timeout=10)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            raise BoxesError(f"{method} {path} at the peers: {answer.status} {data.decode('utf-8', 'replace')[:200]}")
        return json.loads(data)

    def authority(self, mode: str, **settings: object) -> None:
        """How the authority answers from now on, for example `authority("status", status=503)`."""
        self.control("PUT", "/control", {"mode": mode, **settings})

    def reset(self) -> None:
        """Everything as it was after the start: mode ok, no requests, no boxes, no overrides."""
        self.control("POST", "/control/reset")
        self.control("POST", "/control/reset", port=DATABASE_CONTROL)

    def rotate(self) -> None:
        """From now on the authority hands out new pairs."""
        self.control("POST", "/control/rotate")

    def requests(self) -> list[dict[str, Any]]:
        """What the authority was asked: `db_uuid`, `time`, `mode`..."""
        found: list[dict[str, Any]] = self.control("GET", "/control/requests")
        return found

    def boxes(self) -> dict[str, Any]:
        """What boxes posted to their databases, by identifier."""
        found: dict[str, Any] = self.control("GET", "/control/boxes", port=DATABASE_CONTROL)
        return found

    def ca_pem(self) -> str:
        """Root of the test authority."""
        return (state_dir() / "ca.pem").read_text()

    def answers(self) -> bool:
        """Whether both stand-ins are up."""
        try:
            self.control("GET", "/control")
            self.control("GET", "/control", port=DATABASE_CONTROL)
        except (OSError, http.client.HTTPException, BoxesError):
            return False
        return True


def peers_up() -> Peers:
    """Start the peers unless they answer; anew if their image has changed and no box needs them at the moment."""
    machine.require("podman", "ip")
    peers = Peers()
    with machine.locked("peers"):
        image = build([KIND])[KIND]
        # What a killed run leaves behind is "Up" to podman, and nothing runs in it: only an answer counts.
        alive = _joined() and peers.answers()
        if not alive or (_image() != image and not _boxes()):
            _start(image)
            wait_for(lambda: _joined() and peers.answers(), f"the peers do not answer (podman logs {CONTAINER})")
    return peers


def state_dir() -> Path:
    """Where the test authority keeps itself: boxes go on trusting it after the peers were made anew."""
    return cache_dir() / "peers"


def _image() -> str:
    return query("inspect", "--format", "{{.ImageName}}", CONTAINER)


def _boxes() -> str:
    return query("ps", "--all", "--quiet", "--filter", f"label={LABEL}", "--filter", "label=address")


def _joined() -> bool:
    """Give this machine its address in the network; false where no container runs, and so there is no bridge."""
    if network.joined():
        return True
    try:
        network.join()
    except BoxesError:
        return False
    return True


def _start(image: str) -> None:
    remove(CONTAINER)
    network.ensure()
    state_dir().mkdir(exist_ok=True)
    podman(
        "run",
        "--detach",
        "--init",
        "--name",
        CONTAINER,
        *labels({"kind": KIND}),
        *machine.limits(),
        *("--cap-add", "NET_ADMIN", "--dns", "none", "--no-hosts"),
        # A gateway that refuses each packet, not one per second: a refused look-up must not look like a slow one.
        *("--sysctl", "net.ipv4.icmp_ratelimit=0"),
        *("--network", network.NAME, "--ip", network.PEERS),
        *("--volume", f"{state_dir()}:/var/lib/iot-https"),
        *("-e", f"SUBNET={network.SUBNET}", "-e", f"PEERS={network.PEERS}"),
        *("-e", f"DATABASES={network.DATABASES}", "-e", f"REBIND_RESOLVER={network.REBIND_RESOLVER}"),
        image,
    )
