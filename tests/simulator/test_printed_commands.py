"""Every command that is printed for a fleet can be pasted: it is understood, and about the same boxes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli import host_keys, main
from reconciler.cli.parser import make_parser
from tests.support.printed import commands
from tests.support.served_fleet import first_address, served_fleet

FIRST = first_address(79)
DEMO = "-i {inventory} --no-probe"
PRINTING = {
    "check": f"check {DEMO}",
    "check of some": f"check 'customer_bakery:&store_bakery__hanoi' {DEMO} -l '!hanoi-till-1'",
    "check of one, with diff": f"check hanoi-till-2 {DEMO} --diff",
    "held back": f"reconcile {DEMO} --yes --max-changed 0 --forks 7 --deadline 120.5",
    "chain": f"diagnose hanoi-till-2 {DEMO} --public-dns none",
    "chain of what a person mends": f"diagnose saigon-till-2 {DEMO} --public-dns none",
    "work orders": f"diagnose {DEMO} --public-dns none",
    "unknown host keys": f"check hue-till-1 {DEMO} -i '{{stranger}}'",
    "the demo itself": "",
}
"""Commands, each of which prints others."""
PRINTS: dict[str, set[str]] = {
    "chain of what a person mends": set(),
    "unknown host keys": {"host-keys"},
    "the demo itself": {"check", "reconcile"},
}
"""Which verbs those are, where it is not `reconcile`."""


@dataclass(frozen=True)
class Served:
    """A fleet that is up. `run`: runs a command on it and returns what it printed."""

    inventory: Path
    said: str


Run = Callable[[list[str]], str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo's fleet, as nobody has worked on it yet."""
    folder = tmp_path_factory.mktemp("demo")
    with served_fleet(folder, FIRST) as fleet:
        yield Served(folder, fleet.said)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command without its program's name; return what it printed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def ran(words: list[str]) -> str:
        main(words)
        return capsys.readouterr().out

    return ran


def printed(served: Served, run: Run, folder: Path, name: str) -> list[list[str]]:
    """Return the commands that one of them prints."""
    if not PRINTING[name]:
        return commands(served.said)
    stranger = folder / "of a stranger.yml"
    (folder / "known_hosts").touch()
    known = f"ansible_ssh_common_args: -o UserKnownHostsFile={folder / 'known_hosts'}"
    stranger.write_text(f"all: {{hosts: {{hue-till-1: {{{known}}}}}}}\n")
    return commands(run(shlex.split(PRINTING[name].format(inventory=served.inventory, stranger=stranger))))


@pytest.mark.parametrize("name", PRINTING)
def test_what_is_printed_can_be_pasted(served: Served, run: Run, tmp_path: Path, name: str) -> None:
    found = printed(served, run, tmp_path, name)
    assert {words[1] for words in found} == PRINTS.get(name, {"reconcile"})
    for words in found:
        options = make_parser().parse_args(words[1:])
        assert options.inventory[0] == str(served.inventory)
        if options.run is not host_keys.run:
            assert not options.probe
        if words[1] == "reconcile":
            assert 0 < wanting_changes(run, words) <= options.max_changed


def wanting_changes(run: Run, words: list[str]) -> int:
    """Return how many boxes a reconcile would change, found out by a check of the same boxes."""
    at = words.index("--max-changed") if "--max-changed" in words else len(words)
    shown = run(["check", *words[2:at], *words[at + 2 :], "--output", "json"])
    return sum(bool(box["plan"]) for box in json.loads(shown)["boxes"])


def test_a_printed_reconcile_does_what_it_says(served: Served, run: Run, tmp_path: Path) -> None:
    (words,) = printed(served, run, tmp_path, "check of one, with diff")
    (box,) = json.loads(run([*words[1:], "--yes", "--output", "json"]))["boxes"]
    assert (box["name"], box["state"]) == ("hanoi-till-2", "changed")


def test_printed_host_keys_are_of_the_same_boxes(served: Served, run: Run, tmp_path: Path) -> None:
    (words,) = printed(served, run, tmp_path, "unknown host keys")
    shown = run([*words[1:], "--yes"])
    assert [line.split()[0] for line in shown.splitlines()] == ["hue-till-1"]
