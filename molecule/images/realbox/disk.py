"""Prepares the disk of a new box before its first boot, as flashing and setting it up would."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .kinds import Kind
from .machine import BoxesError, cache_dir
from .network import GATEWAY, SUBNET
from .podman import last_line, podman, query

PI = 1000
PROFILE = """[connection]
id=wired
type=ethernet
interface-name=eth0

[ipv4]
method=manual
address1={address}/{prefix},{gateway}
{dns}
[ipv6]
method=disabled
"""


def prepare(container: str, kind: Kind, address: str, resolvers: Sequence[str]) -> None:
    """Give a box that never ran its keys and network."""
    with _mounted(container) as root:
        _let_in(root)
        _resolvers(root, kind, address, resolvers)


@contextmanager
def _mounted(container: str) -> Iterator[Path]:
    path = Path(query("mount", container))
    try:
        yield path
    finally:
        podman("unmount", container)


def _let_in(root: Path) -> None:
    _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(root / "etc/ssh/ssh_host_ed25519_key"))
    (root / "home/pi/.ssh/authorized_keys").write_bytes(lab_key().with_suffix(".pub").read_bytes())


def lab_key() -> Path:
    """The key of this lab, made at its first use."""
    key = cache_dir() / "ssh" / "id_ed25519"
    if not key.exists():
        key.parent.mkdir(mode=0o700, exist_ok=True)
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "iot-https-lab", "-f", str(key))
    return key


def _resolvers(root: Path, kind: Kind, address: str, resolvers: Sequence[str]) -> None:
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.1.1 iotbox\n")
    managed = kind.resolver == "networkmanager"
    dns = f"dns={';'.join(resolvers)};\n" if managed and resolvers else ""
    text = PROFILE.format(address=address, prefix=SUBNET.prefixlen, gateway=GATEWAY, dns=dns)
    profile = root / "etc/NetworkManager/system-connections/wired.nmconnection"
    profile.write_text(text)
    profile.chmod(0o600)
    if not managed:
        (root / "etc/resolv.conf").write_text("".join(f"nameserver {resolver}\n" for resolver in resolvers))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise BoxesError(f"{command[0]} failed: {last_line(done.stderr)}")
