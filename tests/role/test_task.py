"""One task of the role without Ansible: what it refuses, what it makes of silence, and what it keeps."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleUndefinedVariable

from reconciler.codes import CodeName
from reconciler.connections.ssh_command import LIVES
from reconciler.inventory.play import unread
from reconciler.inventory.reasons import explain
from reconciler.role.ask import ModuleNotRun, Ran, Unreachable
from reconciler.role.task import TaskRefused, carry_out

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
TASK: Mapping[str, object] = {
    "name": "till-1",
    "connection": "ssh",
    "customer": "lotus",
    "server_url": "https://db.example",
    "token": "canary-token",
}
MISSING = "{{ vaulted_code }}"
UNDEFINED = "'vaulted_code' is undefined"
REFUSED = "Failed to connect to the host via ssh: ssh: connect to host 10.0.0.1 port 22: Connection refused"


@dataclass
class Box:
    """A box of a play: what comes of running the module, and what a command prints."""

    module: Ran | Exception
    prints: str = LIVES

    def address(self) -> str:
        return "192.0.2.7"

    def run_module(self, arguments: Mapping[str, str]) -> Ran:
        assert set(arguments) == {"request"}
        if isinstance(self.module, Exception):
            raise self.module
        return self.module

    def run_command(self, command: str) -> Ran:
        assert LIVES not in command
        return Ran(self.prints, "", 0)


def carried_out(box: Box, variables: Mapping[str, Any] | None = None, **changes: object) -> dict[str, Any]:
    return carry_out({**TASK, **changes}, variables or {}, box, check_mode=True, diff=False, now=NOW)


SILENT = Ran("", "", 1)
NOT_MADE = Ran("", "mkdir: cannot create directory '/home/pi/.ansible': Read-only file system", 1)
CASES: Mapping[str, tuple[Box, CodeName, str]] = {
    "the module's own message": (
        Box(Ran(json.dumps({"failed": True, "msg": "no root"}), "")),
        CodeName.NOT_OBSERVED,
        "no root",
    ),
    "no module": (Box(ModuleNotRun("the module iot_https\nwas not found")), CodeName.NOT_OBSERVED, "iot_https was"),
    "no folder": (Box(Unreachable("could not create", last=NOT_MADE)), CodeName.NOT_OBSERVED, "Read-only file system"),
    "silence, and a shell that lives": (Box(SILENT), CodeName.NOT_OBSERVED, "did not answer"),
    "silence, and no shell": (Box(SILENT, prints="Welcome"), CodeName.LOGIN_BLOCKED, "nothing was printed"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_box_that_gives_no_reply_is_a_result_that_says_why(case: str) -> None:
    box, code, said = CASES[case]
    (found,) = carried_out(box)["findings"]
    assert found["code"] == code
    assert said in found["evidence"]


@pytest.mark.parametrize("last", [None, Ran("", "", 255)])
@pytest.mark.parametrize(
    ("refused", "code"), [(False, CodeName.CONNECTION_REFUSED), (True, CodeName.AUTHENTICATION_FAILED)]
)
def test_without_a_connection_the_report_is_kept_and_ansible_is_told(
    tmp_path: Path, last: Ran | None, code: CodeName, *, refused: bool
) -> None:
    box = Box(Unreachable(REFUSED, is_refused=refused, last=last))
    with pytest.raises(Unreachable, match="Connection refused"):
        carried_out(box, results_folder=str(tmp_path))
    (kept,) = json.loads((tmp_path / "till-1.json").read_text())["boxes"]
    assert (kept["state"], kept["customer"]) == ("unreachable", "lotus")
    assert [each["code"] for each in kept["findings"]] == [code]


@pytest.mark.parametrize("name", ["iot_https_token", "iot_https_of_another_version"])
def test_a_box_whose_facts_say_what_it_should_be_is_refused(name: str) -> None:
    with pytest.raises(TaskRefused, match="the facts of this box hold") as refused:
        carried_out(Box(SILENT), {"ansible_facts": {name: "canary-token"}})
    assert "canary" not in str(refused.value)


def test_a_task_that_is_written_wrongly_asks_no_box() -> None:
    with pytest.raises(TaskRefused, match="has no option tokn"):
        carried_out(Box(AssertionError("asked")), tokn="x")


def rendered(value: object) -> object:
    """Stand in for Ansible's renderer, in whose eyes a template of an undefined variable is an error."""
    if value == MISSING:
        raise AnsibleUndefinedVariable(UNDEFINED)
    return value


def test_a_variable_that_refers_to_an_undefined_one_is_not_taken_for_left_out() -> None:
    name = "iot_https_enterprise_code"
    variables = {name: MISSING, "iot_https_token": "canary-token", "iot_https_store": MISSING}
    (line,) = unread({"token": "x", "variable_names": [name, "iot_https_token"]}, variables, rendered)
    assert line == f"{name} {explain(AnsibleUndefinedVariable(UNDEFINED))}"
    made = carry_out(TASK, {}, Box(AssertionError("asked")), check_mode=True, diff=False, now=NOW, unread=(line,))
    assert (made["state"], made["report"]["boxes"][0]["problems"]) == ("invalid", [line])


def test_a_module_without_the_role_is_asked_for_no_variable() -> None:
    assert unread({"name": "till-1"}, {"iot_https_token": MISSING}, rendered) == ()


def test_a_folder_that_ansible_reads_gets_no_results(tmp_path: Path) -> None:
    with pytest.raises(TaskRefused, match="choose another folder"):
        carried_out(Box(SILENT), results_folder=str(tmp_path / "host_vars"))


def imported(path: Path) -> set[str]:
    """What a module imports beside it."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    return {f"{node.module}.{each.name}" for node in nodes if node.level for each in node.names}


def test_on_a_box_the_module_calls_one_function() -> None:
    assert imported(ROOT / "plugins/modules/iot_https_box.py") == {"module_utils.reconciler.box.__main__.reply"}


def test_the_plugins_know_the_way_in_and_nothing_behind_it() -> None:
    asked = {name for path in (ROOT / "plugins/action").glob("*.py") for name in imported(path)}
    ways = {
        "inventory.play.judge",
        "inventory.play.unread",
        "inventory.supported.refusal",
        "role.ask.ModuleNotRun",
        "role.ask.Ran",
        "role.task.TaskRefused",
        "role.task.Unreachable",
        "role.task.carry_out",
    }
    assert asked == {f"module_utils.reconciler.{way}" for way in ways}
