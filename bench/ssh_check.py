#!/usr/bin/env python3
"""CPU of the control machine for runs over real boxes that change nothing; see README.md beside this file."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "molecule" / "images")]

from tests.real.fleet import Fleet, open_shops  # noqa: E402 - found by the lines above
from tests.real.lab import Lab  # noqa: E402

FEW, MANY = 2, 12
DIFFERENCES = 2


@dataclass
class Contender:
    """One way to look at boxes. `cpu`, `wall`: seconds of each round, by number of boxes."""

    name: str
    command: dict[int, list[str]]
    cpu: dict[int, list[float]] = field(default_factory=lambda: {FEW: [], MANY: []})
    wall: dict[int, list[float]] = field(default_factory=lambda: {FEW: [], MANY: []})

    def run(self, number: int, environment: dict[str, str]) -> None:
        """Look at so many boxes once, and note what it cost."""
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(self.command[number], env=environment, capture_output=True, check=False, cwd=HERE.parent)
        if done.returncode:
            raise SystemExit(f"{self.name} ended with {done.returncode}: {done.stdout.decode()}{done.stderr.decode()}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.wall[number].append(time.monotonic() - began)
        self.cpu[number].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    @property
    def per_box(self) -> float:
        """CPU seconds for one box more."""
        return (statistics.median(self.cpu[MANY]) - statistics.median(self.cpu[FEW])) / (MANY - FEW)


def contenders(fleet: Fleet) -> list[Contender]:
    """What is compared, the floor first."""
    names = {FEW: sorted(fleet.shops)[:FEW], MANY: sorted(fleet.shops)}
    inventory = fleet.inventory()
    key, known = str(next(iter(fleet.units())).box.ssh_key), str(inventory / "known_hosts")
    bare = {
        number: [sys.executable, str(HERE / "bare_exec.py"), key, known]
        + [f"{name}={fleet.unit(name).box.address}" for name in chosen]
        for number, chosen in names.items()
    }
    limits = {number: ",".join(chosen) for number, chosen in names.items()}
    check = {number: fleet.command("check", inventory, "--limit", limit) for number, limit in limits.items()}
    ansible = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(inventory / "hosts.yml")]
    ansible += ["--vault-password-file", str(inventory / "vault-password"), "--forks", "12"]

    def play(playbook: object) -> dict[int, list[str]]:
        return {number: [*ansible, "--limit", limit, str(playbook)] for number, limit in limits.items()}

    return [
        Contender("asyncssh, true", bare),
        Contender("iot-https check --no-probe", {number: [*line, "--no-probe"] for number, line in check.items()}),
        Contender("iot-https check", check),
        Contender("ansible-playbook, same reads", play(HERE / "plain_check.yml")),
        Contender("the role, nothing to change", play("iot_https.fleet.reconcile")),
        Contender("ansible-playbook, same effect", play(HERE / "plain_role.yml")),
    ]


def executions(contender: Contender, environment: dict[str, str]) -> float:
    """Return how often Ansible has something executed on a box in one run."""
    command = [*contender.command[FEW], "-vvv"]
    said = subprocess.run(command, env=environment, capture_output=True, check=True, cwd=HERE.parent).stdout
    return said.count(b"SSH: EXEC ssh") / FEW


def table(found: Sequence[Contender]) -> str:
    """Return the figures, per box as multiples of the first."""
    floor = found[0].per_box
    lines = [
        "| contender | CPU per box, ms | times the floor | CPU for 12 boxes, s | wall for 12 boxes, s |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {each.name} | {each.per_box * 1000:.0f} | {each.per_box / floor:.1f} "
        f"| {statistics.median(each.cpu[MANY]):.2f} | {statistics.median(each.wall[MANY]):.2f} |"
        for each in found
    ]
    return "\n".join(lines)


def main() -> int:
    """Open the boxes, mend them, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender is run (default: 5)")
    options = parser.parse_args()
    lab = Lab(f"b{os.getpid() % 10000}")
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder))
        try:
            fleet = open_shops(lab, Path(folder))
            mended = fleet.run("reconcile", fleet.inventory(), "--yes", "--max-changed", str(MANY))
            if mended.returncode != DIFFERENCES:
                raise SystemExit(f"the boxes cannot be mended: {mended.stdout}{mended.stderr}")
            found = contenders(fleet)
            ssh = "-C -o ControlMaster=auto -o ControlPersist=60s"
            tuned = {"ANSIBLE_PIPELINING": "True", "ANSIBLE_SSH_ARGS": ssh, "ANSIBLE_REMOTE_TMP": "/tmp/.ansible"}
            environment = {**fleet.environment(), **tuned, "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3"}
            for _ in range(options.rounds):
                for each in found:
                    for number in (FEW, MANY):
                        each.run(number, environment)
            print(table(found))
            for each in found:
                if "ansible-playbook" in each.command[FEW][0]:
                    print(f"{each.name}: {executions(each, environment):.1f} executions on each box")
        finally:
            lab.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
