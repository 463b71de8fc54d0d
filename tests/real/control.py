"""A control machine of its own: one of the lab's systemd machines with the command, an inventory and a key on it."""

from __future__ import annotations

import importlib.metadata
import io
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

from .fleet import REPOSITORY, Fleet
from .lab import Unit

PACKAGES = "/opt/iot-https"
HOME = "/home/pi/msp"
COMMAND = "/usr/local/bin/iot-https"
_LAUNCHER = f"""#!/usr/bin/python3
import sys
sys.path.insert(0, "{PACKAGES}")
from reconciler.cli import main
sys.exit(main())
"""


def equip(unit: Unit, fleet: Fleet, inventory: Path) -> None:
    """Install the command with all that it depends on; give `pi` an inventory, a key and the vault's password."""
    unit.box.exec(["sh", "-c", f"mkdir -p {PACKAGES} && tar -xf - -C {PACKAGES}"], input=_packages())
    unit.box.write(COMMAND, _LAUNCHER)
    unit.box.shell(f"chmod 755 {COMMAND}; mkdir -p {HOME}")
    key = next(iter(fleet.units())).box.ssh_key
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(inventory, "inventory")
        archive.add(key, "key")
    unit.box.exec(["tar", "-xf", "-", "-C", HOME], input=buffer.getvalue())
    places = f"s|{inventory}|{HOME}/inventory|g; s|{key}|{HOME}/key|g"
    unit.box.shell(
        f"sed -i '{places}' {HOME}/inventory/group_vars/all.yml; chown -R pi:pi {HOME}; chmod 600 {HOME}/key"
    )


def _packages() -> bytes:
    """This checkout's package and what it depends on, which fits Debian's Python of the same minor version."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(REPOSITORY / "reconciler", "reconciler", filter=_without_caches)
        for path in sorted(set(_installed())):
            archive.add(path, path.relative_to(sysconfig.get_paths()["purelib"]), filter=_without_caches)
    return buffer.getvalue()


def _installed() -> Iterator[Path]:
    """Top-level files and folders of the distributions that the command needs."""
    wanted, seen = ["ansible-core", "asyncssh", "filelock", "jinja2", "platformdirs", "pyyaml", "rich"], set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        found = importlib.metadata.distribution(name)
        needed = [Requirement(each) for each in found.requires or ()]
        wanted += [each.name for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
        for file in found.files or ():
            if not file.parts[0].startswith(".."):
                yield Path(str(found.locate_file(file.parts[0])))


def _without_caches(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if "__pycache__" in info.name else info
