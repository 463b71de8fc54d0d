"""What a control machine gets for a scenario: the collection in its file, an inventory of real boxes, the settings."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from .box import Box
from .build import HERE, REPOSITORY
from .connection import host_key, host_variables, login_variables
from .control_run import Ended, Machine
from .lifecycle import down, up
from .machine import BoxesError
from .network import PEERS
from .peers import state_dir
from .podman import last_line

BOXES = {"hanoi-till-2": "ro_ini", "saigon-till-1": "rw_newest"}
"""Of the inventory of all scenarios: a box with a read-only root, and the newest one."""
SETTINGS = "[defaults]\nvault_password_file = molecule/vault-password\ncollections_path = collections\n"


def collection(folder: Path) -> Path:
    """Build the collection's file into a folder and return it.

    Raises:
        BoxesError: it cannot be built.
    """
    command = [sys.executable, str(REPOSITORY / "tools/collection/build.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise BoxesError(f"the collection cannot be built: {last_line(done.stderr)}")
    return Path(done.stdout.decode().strip())


def unpacked(archive: Path) -> Path:
    """Unpack the file where ansible-test wants a collection; return the folder of collections."""
    folder = archive.parent / "unpacked"
    with tarfile.open(archive) as opened:
        opened.extractall(folder / "ansible_collections/iot_https/fleet", filter="data")
    return folder


def scenario(machine: Machine, archive: Path, folder: Path, number: int) -> Ended:
    """Run the scenario on boxes of its own, which are gone afterwards.

    Args:
        number: of the machine, in the names of its boxes.
    """
    names = {name: f"control-{number}-{name}" for name in BOXES}
    down(names.values())
    try:
        made = {name: up(names[name], kind) for name, kind in BOXES.items()}
        _write(folder, archive, made)
        return machine.scenario(folder, number)
    finally:
        down(names.values())


def _write(folder: Path, archive: Path, made: dict[str, Box]) -> None:
    for name in ("inventory", "resources"):
        shutil.copytree(REPOSITORY / "molecule" / name, folder / "molecule" / name)
    shutil.copytree(HERE / "installed", folder / "molecule/installed")
    shutil.copy(REPOSITORY / "molecule/vault-password", folder / "molecule")
    (folder / "tools").mkdir()
    shutil.copy(REPOSITORY / "tools/run_molecule.py", folder / "tools")
    settings = (REPOSITORY / "ansible.cfg").read_text(encoding="utf-8").replace("[defaults]\n", SETTINGS, 1)
    (folder / "ansible.cfg").write_text(settings, encoding="utf-8")
    shutil.copy(archive, folder)
    (folder / "boxes").mkdir()
    known_hosts = folder / "boxes/known_hosts.txt"
    known_hosts.write_text("".join(host_key(name, box) for name, box in made.items()))
    known = login_variables(known_hosts) | {"lab_ca_file": str(state_dir() / "ca.pem"), "lab_resolver": PEERS}
    hosts = {name: host_variables(box) for name, box in made.items()}
    (folder / "boxes/boxes.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": known}}, indent=1))
