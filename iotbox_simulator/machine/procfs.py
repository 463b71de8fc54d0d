"""`/proc` and `/sys` as far as anybody looks: mounts, processes, the default route, and the serial number."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from reconciler.machine.system import FileKind

from .inode import Inode, new_link
from .mounts import Mount, Namespace

Tree = Mapping[str, "bytes | Inode | Tree"]


@dataclass(frozen=True, slots=True)
class ProcProcess:
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
    own: ProcProcess,
    others: tuple[ProcProcess, ...],
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
    shown = tuple([_shown(mount) for mount in namespace.mounts.values()])
    tree: dict[str, bytes | Inode | Tree] = {str(process.pid): _process(process) for process in others}
    own_files = _own(own, shown)
    tree |= {str(own.pid): own_files, "self": own_files, "mounts": _mounts(shown)}
    tree["net"] = _net(address, gateway, listening)
    tree["uptime"] = f"{uptime:.2f} {uptime:.2f}\n".encode()
    return as_inode(tree)


@lru_cache(maxsize=256)
def sys_tree(serial: str) -> Inode:
    """Return `/sys` with the serial number, which ends in a NUL."""
    base = {"serial-number": serial.encode() + b"\0", "model": b"Raspberry Pi 4 Model B Rev 1.4\0"}
    return as_inode({"firmware": {"devicetree": {"base": base}}, "class": {"net": {"eth0": {}, "lo": {}}}})


@lru_cache(maxsize=256)
def _process(process: ProcProcess) -> Inode:
    """Return the directory of one process; nobody can write there, so all boxes share it, as they do what follows."""
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


def _stat(process: ProcProcess, name: str, at: int, started: float) -> bytes:
    group, ticks = process.pid, int(started * 100)
    state = process.state[min(at, len(process.state) - 1)]
    numbers = f"1 {group} {group} 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 {1 + len(process.threads)} 0 {ticks}" + " 0" * 30
    return f"{group + at} ({name}) {state} {numbers}\n".encode()


class _Shown(NamedTuple):
    """What a line of the mount tables is made from."""

    point: str
    device: str
    type_name: str
    read_only: bool
    whole_read_only: bool
    is_bound: bool


_Mounts = tuple[_Shown, ...]


def _shown(mount: Mount) -> _Shown:
    block = mount.superblock
    bound = mount.bound is not None
    return _Shown(mount.point, block.device, block.type_name, mount.read_only, block.read_only, bound)


@lru_cache(maxsize=256)
def _own(process: ProcProcess, mounts: _Mounts) -> Inode:
    """Return the directory of a process that looks at its own mounts."""
    return as_inode({**_process(process).entries, "mounts": _mounts(mounts), "mountinfo": _mount_info(mounts)})


@lru_cache(maxsize=256)
def _net(address: str, gateway: str, listening: tuple[tuple[str, int], ...]) -> Inode:
    return as_inode({"route": _routes(address, gateway), "tcp": _sockets(listening)})


def _flag(*read_only: bool) -> str:
    return "ro" if any(read_only) else "rw"


@lru_cache(maxsize=256)
def _mounts(mounts: _Mounts) -> bytes:
    lines = []
    for each in mounts:
        flag = _flag(each.read_only, each.whole_read_only)
        lines.append(f"{each.device} {each.point} {each.type_name} {flag},noatime 0 0\n")
    return "".join(lines).encode()


def _mount_info(mounts: _Mounts) -> bytes:
    lines = []
    for number, each in enumerate(mounts, start=20):
        own, whole = _flag(each.read_only), _flag(each.whole_read_only)
        root = "/etc/cups" if each.is_bound else "/"
        lines.append(f"{number} 1 0:{number} {root} {each.point} {own},noatime - {each.type_name} ")
        lines.append(f"{each.device} {whole}\n")
    return "".join(lines).encode()


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
