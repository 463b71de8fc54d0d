"""Every command that is printed for a fleet can be pasted: it is understood, and about the same boxes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.cli import host_keys
from reconciler.cli.parser import make_parser
from tests.support.printed import commands
from tests.support.served_fleet import first_address, served_fleet

from .test_serve import Served

FIRST = first_address(79)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo's fleet, as nobody has worked on it yet."""
    folder = tmp_path_factory.mktemp("demo")
    with served_fleet(folder, FIRST) as fleet:
        yield Served(fleet.process, tmp_path_factory.mktemp("home"), folder, fleet.said)


PRINTING = {
    "check": "check -i inventories/demo --no-probe",
    "check of some": "check 'customer_bakery:&store_bakery__hanoi' -i inventories/demo --no-probe -l '!hanoi-till-1'",
    "check of one, with diff": "check hanoi-till-2 -i inventories/demo --no-probe --diff",
    "held back": "reconcile -i inventories/demo --no-probe --yes --max-changed 0 --forks 7 --deadline 120.5",
    "chain": "diagnose hanoi-till-2 -i inventories/demo --no-probe --public-dns none",
    "chain of what a person mends": "diagnose saigon-till-2 -i inventories/demo --no-probe --public-dns none",
    "work orders": "diagnose -i inventories/demo --no-probe --public-dns none",
    "unknown host keys": "check hue-till-1 -i inventories/demo --no-probe -i {stranger}",
    "the demo itself": "",
}
"""Commands, each of which prints others."""
PRINTS: dict[str, set[str]] = {"chain of what a person mends": set()} | {
    "unknown host keys": {"host-keys"},
    "the demo itself": {"check", "reconcile"},
}
"""Which verbs those are, where it is not `reconcile`."""


def printed(served: Served, folder: Path, name: str) -> list[list[str]]:
    """Return the commands that one of them prints."""
    if not PRINTING[name]:
        return commands(served.said)
    stranger = folder / "stranger.yml"
    (folder / "known_hosts").touch()
    known = f"ansible_ssh_common_args: -o UserKnownHostsFile={folder / 'known_hosts'}"
    stranger.write_text(f"all: {{hosts: {{hue-till-1: {{{known}}}}}}}\n")
    done = served.run(f"iot-https {PRINTING[name].format(stranger=stranger)}")
    assert "Traceback" not in done.stderr
    return commands(done.stdout)


@pytest.mark.parametrize("name", PRINTING)
def test_what_is_printed_can_be_pasted(served: Served, tmp_path: Path, name: str) -> None:
    found = printed(served, tmp_path, name)
    assert {words[1] for words in found} == PRINTS.get(name, {"reconcile"})
    for words in found:
        options = make_parser().parse_args(words[1:])
        assert options.inventory[0] == str(served.inventory)
        if options.run is not host_keys.run:
            assert not options.probe
        if words[1] == "reconcile":
            assert 0 < wanting_changes(served, words) <= options.max_changed


def wanting_changes(served: Served, words: list[str]) -> int:
    """Return how many boxes a reconcile would change, found out by a check of the same boxes."""
    at = words.index("--max-changed") if "--max-changed" in words else len(words)
    look = [words[0], "check", *words[2:at], *words[at + 2 :], "--output", "json"]
    return sum(bool(box["plan"]) for box in json.loads(served.run(shlex.join(look)).stdout)["boxes"])


def test_a_printed_reconcile_does_what_it_says(served: Served, tmp_path: Path) -> None:
    (words,) = printed(served, tmp_path, "check of one, with diff")
    done = served.run(shlex.join([*words, "--yes", "--output", "json"]))
    (box,) = json.loads(done.stdout)["boxes"]
    assert (box["name"], box["state"], done.returncode) == ("hanoi-till-2", "changed", 2)
