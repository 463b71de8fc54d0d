"""`/proc` and `/sys` as far as anybody looks: mounts, processes, the default route, and the serial number."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from reconciler.machine.system import FileKind

from .inode import Inode, new_link
from .mounts import Mount, Namespace

Tree = Mapping[str, "bytes | Inode | Tree"]


@dataclass(frozen=True, slots=True)
class Process:
    """One process: its command line, its state letters, its start in seconds after boot, who runs it, and its file.

    Args:
        state: a letter for each thread, the main one first; the last is that of all further ones.
        effective: user whose rights it has, where that is not `uid`.
        catches: signals for which it has handlers.
        name: of its main thread, where that is not its program's.
        threads: starts of those beside its first, in seconds after boot.
    """

    pid: int
    arguments: tuple[str, ...]
    state: str = "S"
    started: float = 0.0
    uid: int = 0
    executable: str = "/usr/bin/python3.11"
    effective: int | None = None
    catches: tuple[int, ...] = ()
    name: str | None = None
    threads: tuple[float, ...] = ()

    @property
    def ticks(self) -> int:
        """Its start in clock ticks after boot."""
        return int(self.started * 100)


def as_inode(tree: bytes | Inode | Tree) -> Inode:
    """Make read-only files and directories of bytes and mappings; what is an inode already stays one."""
    if isinstance(tree, Inode):
        return tree
    if isinstance(tree, bytes):
        return Inode(FileKind.FILE, 0o444, content=tree)
    inode = Inode(FileKind.DIRECTORY, 0o555)
    inode.entries = {name: as_inode(child) for name, child in tree.items()}
    return inode


def proc_tree(
    own: Process,
    others: tuple[Process, ...],
    namespace: Namespace,
    address: str,
    gateway: str,
    *,
    uptime: float,
    listening: tuple[tuple[str, int], ...] = (),
) -> Inode:
    """Return `/proc` as the process `own` sees it.

    Args:
        uptime: seconds since boot.
        namespace: the mounts of that process.
        address: of the box on `eth0`, a /24.
        gateway: of the default route.
        listening: IPv4 addresses and TCP ports of what listens.
    """
    mounts = _mounts(namespace)
    own_files = as_inode({**_process(own).entries, "mounts": mounts, "mountinfo": _mount_info(namespace)})
    routes = {"route": _routes(address, gateway), "tcp": _sockets(listening)}
    tree: dict[str, bytes | Inode | Tree] = {str(process.pid): _process(process) for process in others}
    up = f"{uptime:.2f} {uptime:.2f}\n".encode()
    return as_inode({**tree, str(own.pid): own_files, "self": own_files, "mounts": mounts, "net": routes, "uptime": up})


@lru_cache(maxsize=256)
def sys_tree(serial: str) -> Inode:
    """Return `/sys` with the serial number, which ends in a NUL."""
    base = {"serial-number": serial.encode() + b"\0", "model": b"Raspberry Pi 4 Model B Rev 1.4\0"}
    return as_inode({"firmware": {"devicetree": {"base": base}}, "class": {"net": {"eth0": {}, "lo": {}}}})


@lru_cache(maxsize=256)
def _process(process: Process) -> Inode:
    """Return the directory of one process; nobody can write there, so all boxes share it."""
    name = process.name or process.arguments[0].rpartition("/")[2].rstrip(":")
    starts = (process.started, *process.threads)
    stats = {process.pid + at: _stat(process, name, at, start) for at, start in enumerate(starts)}
    effective = process.uid if process.effective is None else process.effective
    uids = f"Uid:\t{process.uid}\t{effective}\t{effective}\t{effective}\n"
    gids = "Gid:" + f"\t{process.uid}" * 4 + "\n"
    shown = name.replace("\n", "\\n")
    head = f"Name:\t{shown}\nState:\t{process.state[0]}\nTgid:\t{process.pid}\nPid:\t{process.pid}\n"
    caught = sum(1 << number - 1 for number in process.catches)
    files: dict[str, bytes | Inode | Tree] = {
        "cmdline": "".join(f"{argument}\0" for argument in process.arguments).encode(),
        "comm": f"{name}\n".encode(),
        "stat": stats[process.pid],
        "status": f"{head}{uids}{gids}SigCgt:\t{caught:016x}\n".encode(),
        "exe": new_link(process.executable, (process.uid, process.uid), 0.0),
        "task": {str(number): {"stat": stat} for number, stat in stats.items()},
    }
    return as_inode(files)


def _stat(process: Process, name: str, at: int, started: float) -> bytes:
    group, ticks = process.pid, int(started * 100)
    state = process.state[min(at, len(process.state) - 1)]
    numbers = f"1 {group} {group} 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 {1 + len(process.threads)} 0 {ticks}" + " 0" * 30
    return f"{group + at} ({name}) {state} {numbers}\n".encode()


def _flags(mount: Mount) -> str:
    return "rw" if mount.writable else "ro"


def _mounts(namespace: Namespace) -> bytes:
    lines = []
    for mount in namespace.mounts.values():
        block = mount.superblock
        lines.append(f"{block.device} {mount.point} {block.type_name} {_flags(mount)},noatime 0 0\n")
    return "".join(lines).encode()


def _mount_info(namespace: Namespace) -> bytes:
    lines = []
    for number, mount in enumerate(namespace.mounts.values(), start=20):
        block, own = mount.superblock, "ro" if mount.read_only else "rw"
        root = "/etc/cups" if mount.bound is not None else "/"
        whole = "ro" if block.read_only else "rw"
        lines.append(f"{number} 1 0:{number} {root} {mount.point} {own},noatime - {block.type_name} ")
        lines.append(f"{block.device} {whole}\n")
    return "".join(lines).encode()


@lru_cache(maxsize=256)
def _routes(address: str, gateway: str) -> bytes:
    header = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    network = ipaddress.ip_network(f"{address}/24", strict=False)
    default = f"eth0\t00000000\t{_hex(gateway)}\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    own = f"eth0\t{_hex(str(network.network_address))}\t00000000\t0001\t0\t0\t100\t{_hex('255.255.255.0')}\t0\t0\t0\n"
    return (header + default + own).encode()


def _sockets(listening: tuple[tuple[str, int], ...]) -> bytes:
    lines = ["  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"]
    for number, (address, port) in enumerate(listening):
        lines.append(
            f"{number:4}: {_hex(address)}:{port:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000\n"
        )
    return "".join(lines).encode()


def _hex(address: str) -> str:
    return ipaddress.IPv4Address(address).packed[::-1].hex().upper()
