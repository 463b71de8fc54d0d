"""Asks this machine what containers with systemd need here: it differs between laptops and build machines."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CAP_SYS_RESOURCE = 24
WATCHERS = 1024
PACKAGES = {
    "podman": "podman",
    "mmdebstrap": "mmdebstrap",
    "ip": "iproute2",
    "ssh-keygen": "openssh-client",
}


class BoxesError(Exception):
    """Something that a person must put right; its text is one line."""


def require(*programs: str) -> None:
    """Say in one line what is missing, before anything is changed."""
    missing = [PACKAGES[program] for program in programs if not shutil.which(program)]
    lacks = [f"{', '.join(missing)} (Debian: apt-get install {' '.join(missing)})"] if missing else []
    if os.geteuid() != 0:
        lacks.append("root, since systemd in a container mounts its own ramdisks (sudo)")
    if lacks:
        raise BoxesError(f"real boxes need {', and '.join(lacks)}")


def run_arguments(suite: str) -> list[str]:
    """Arguments of `podman create` for a box with systemd of this suite on this machine."""
    arguments = ["--systemd=always", *limits()]
    if not _unified_cgroups() and suite == "trixie":
        legacy = "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1 systemd.unified_cgroup_hierarchy=0"
        arguments += ["-e", f"SYSTEMD_PROC_CMDLINE={legacy}"]
    return arguments


def runtime() -> str | None:
    """The container runtime to use, None where podman chooses by itself: crun refuses hybrid cgroups."""
    return None if _unified_cgroups() else "runc"


def runtime_arguments() -> list[str]:
    """Arguments of podman itself."""
    named = runtime()
    return ["--runtime", named] if named else []


def limits() -> list[str]:
    """Limits that a machine without CAP_SYS_RESOURCE can grant; podman's defaults would fail there."""
    if _may_raise_limits():
        return []
    return ["--ulimit", "nofile=20000:20000", "--ulimit", "nproc=4096:4096"]


def cache_dir() -> Path:
    """Where bases, wheels and keys are kept between runs."""
    named = os.environ.get("XDG_CACHE_HOME")
    base = Path(named) if named else Path("/var/cache")
    folder = base / "iot-https"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One at a time on this machine: two test runs must neither build the same base nor pick the same address."""
    with (cache_dir() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_room() -> None:
    """Let root have enough watchers: each systemd takes about seven, and the kernel's default is 128 for all.

    The setting lasts until this machine restarts.
    """
    setting = Path("/proc/sys/fs/inotify/max_user_instances")
    if int(setting.read_text(encoding="ascii")) >= WATCHERS:
        return
    try:
        setting.write_text(f"{WATCHERS}\n", encoding="ascii")
    except OSError as error:
        way_out = f"sysctl fs.inotify.max_user_instances={WATCHERS}"
        raise BoxesError(f"many boxes need more watchers ({way_out}): {error.strerror}") from None


def _unified_cgroups() -> bool:
    return Path("/sys/fs/cgroup/cgroup.controllers").exists()


def _may_raise_limits() -> bool:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(line.split()[1], 16) >> CAP_SYS_RESOURCE & 1)
