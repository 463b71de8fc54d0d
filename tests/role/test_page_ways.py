"""How the role comes to a box by its homepage: address, ports, and the library that it needs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.codes import CodeName
from reconciler.model.desired import Mode, Request
from reconciler.model.statement import told
from reconciler.model.target import HomepageWay
from reconciler.results.finding import finding
from reconciler.results.result import Result
from reconciler.role import by_homepage
from reconciler.role.ask import Ran, Unreachable
from reconciler.role.task import TaskRefused, carry_out

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class Box:
    """A box of a play, over whose connection nothing may be done."""

    host: str = "192.0.2.7"

    def address(self) -> str:
        return self.host

    def run_module(self, arguments: object) -> Ran:
        raise AssertionError("the box is asked over Ansible's connection")

    def run_command(self, command: str) -> Ran:
        raise AssertionError("the box is asked over Ansible's connection")


def carried_out(box: Box, **more: object) -> dict[str, Any]:
    task = {"name": "till-1", "connection": "homepage", "server_url": "https://db.example", **more}
    return carry_out(task, {}, box, check_mode=True, diff=False, now=NOW)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[HomepageWay]:
    """Where boxes are visited, none of which says anything."""
    found: list[HomepageWay] = []

    def visited(way: HomepageWay, request: Request) -> Result:
        found.append(way)
        only = finding(CodeName.HOMEPAGE_SILENT, told("no answer"))
        return Result.unobserved(request.desired.name, Mode.CHECK, NOW, only)

    monkeypatch.setattr(by_homepage, "visited", visited)
    return found


def test_address_and_ports_are_those_of_the_inventory(ways: list[HomepageWay]) -> None:
    with pytest.raises(Unreachable):
        carried_out(Box("10.0.0.9"), homepage_port=8070, https_port="8443")
    assert ways == [HomepageWay(host="10.0.0.9", port=8070, https_port=8443)]


@pytest.mark.parametrize("host", ["-oProxyCommand=x", "a b", "", "{{ x }}"])
def test_what_is_no_address_is_refused(host: str, ways: list[HomepageWay]) -> None:
    with pytest.raises(TaskRefused, match="ansible_host is not an address"):
        carried_out(Box(host))
    assert ways == []


def test_an_entry_that_cannot_be_used_is_not_visited(ways: list[HomepageWay]) -> None:
    made = carried_out(Box(), certificate_source="relay")
    assert (made["failed"], made["state"], ways) == (True, "invalid", [])
    assert "relay" in made["msg"]


@pytest.fixture
def reloaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Import what asks pages anew where a library cannot be imported."""

    def anew(lacking: str) -> None:
        for name in list(sys.modules):
            if name.startswith(("reconciler.connections.homepage", "reconciler.homepage")):
                monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, lacking, None)
        importlib.reload(by_homepage)

    yield anew
    monkeypatch.undo()
    importlib.reload(by_homepage)


@pytest.mark.parametrize("lacking", ["requests", "urllib3.exceptions"])
def test_a_machine_without_the_library_says_what_to_install(lacking: str, reloaded: Callable[[str], None]) -> None:
    reloaded(lacking)
    with pytest.raises(TaskRefused, match="needs the Python package requests where Ansible runs"):
        carried_out(Box())
    assert carry_out({"name": "till-1"}, {}, Box(), check_mode=True, diff=False, now=NOW)["state"] == "not_managed"


def test_a_fault_of_our_own_is_not_called_a_missing_library(reloaded: Callable[[str], None]) -> None:
    reloaded("reconciler.homepage.session")
    with pytest.raises(ModuleNotFoundError, match=r"reconciler\.homepage\.session"):
        carried_out(Box())
