"""The role's files say the same: defaults, argument specification, documentation of the module, README."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.checks.box import OLDEST_PYTHON
from reconciler.model.variables import VARIABLES
from reconciler.role.arguments import ARGUMENT_SPEC
from tests.role.test_module import module
from tests.support import runs

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles/iot_https"
MODULES = ROOT / "plugins/modules"
MODULE, ON_THE_BOX = MODULES / "iot_https.py", MODULES / "iot_https_box.py"
TASK = "iot_https.fleet.iot_https"
SPECS = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]
FOR_THE_CONTROL_MACHINE = "results_folder"
README = (ROLE / "README.md").read_text()


def in_module(name: str, module: Path = MODULE) -> Any:
    """Return what a module assigns to a name."""
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise AssertionError(name)


def module_text(name: str, module: Path = MODULE) -> Any:
    """Return one of a module's texts for ansible-doc, read as YAML."""
    return yaml.safe_load(in_module(name, module))


def test_the_module_wants_the_python_that_a_check_wants() -> None:
    assert in_module("OLDEST_PYTHON", ON_THE_BOX) == OLDEST_PYTHON


def test_defaults_are_those_of_the_specification() -> None:
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    assert defaults == {name: each.default for name, each in VARIABLES.items() if each.default is not None}


def test_ansible_does_not_judge_the_variables_itself() -> None:
    entries = {path.stem for path in (ROLE / "tasks").iterdir()}
    assert not entries & set(SPECS)
    assert set(SPECS["variables"]["options"]) == set(VARIABLES)


def test_the_module_documents_what_it_takes() -> None:
    """With the types that are meant: what is given is judged as it is, so that what is refused is one line."""
    documented = module_text("DOCUMENTATION")["options"]
    assert documented.pop(FOR_THE_CONTROL_MACHINE)
    assert set(documented) == set(ARGUMENT_SPEC)
    for name, option in documented.items():
        taken = ARGUMENT_SPEC[name]
        variable = VARIABLES.get(f"iot_https_{name}")
        meant = (variable.kind, variable.elements, variable.default, variable.choices) if variable else None
        said = (option["type"], option.get("elements"), option.get("default"), tuple(option.get("choices", ())))
        assert said == (meant or (taken["type"], taken.get("elements"), taken.get("default"), ()))
        assert option.get("required", False) == taken.get("required", False)


def test_what_runs_on_a_box_documents_its_one_option() -> None:
    taken = {"request": {"type": "str", "required": True, "no_log": True}}
    assert in_module("ON_THE_BOX", ON_THE_BOX) == taken
    (option,) = module_text("DOCUMENTATION", ON_THE_BOX)["options"].items()
    assert (option[0], option[1]["type"], option[1]["required"]) == ("request", "str", True)


@pytest.mark.parametrize("path", sorted(MODULES.glob("*.py")), ids=lambda path: path.stem)
def test_the_documentation_of_a_module_is_whole(path: Path) -> None:
    described = module_text("DOCUMENTATION", path)
    assert described["module"] == path.stem
    assert {"short_description", "version_added", "author", "options", "attributes"} <= set(described)
    assert {"check_mode", "diff_mode", "platform"} <= set(described["attributes"])
    assert {"iot_https.fleet.iot_https", "iot_https.fleet.iot_https_fleet"} & {
        key for task in module_text("EXAMPLES", path) for key in task
    }
    for name, returned in module_text("RETURN", path).items():
        assert {"description", "returned", "type", "sample"} <= set(returned), name


@pytest.mark.parametrize("check", [True, False])
def test_the_module_documents_what_it_returns(*, check: bool) -> None:
    fleet = runs.due("rw_ini")
    fleet.authority.mode = "refuse"
    result = module(fleet.box, check=check, diff=False)
    documented = module_text("RETURN")
    assert set(result) - {"changed", "failed"} == set(documented)
    for part in ("findings", "repairs"):
        assert result[part]
        assert {frozenset(each) for each in result[part]} == {frozenset(documented[part]["contains"])}


def test_the_role_hands_over_each_argument() -> None:
    tasks = yaml.safe_load((ROLE / "tasks/box.yml").read_text())
    (task,) = (each for each in tasks if TASK in each)
    assert set(task[TASK]) == {*ARGUMENT_SPEC, FOR_THE_CONTROL_MACHINE}
    for name, variable in VARIABLES.items():
        short = name.removeprefix("iot_https_")
        if short in ARGUMENT_SPEC:
            default = "" if variable.default is not None else " | default(omit)"
            assert task[TASK][short] == f"{{{{ {name}{default} }}}}"


def test_every_secret_is_marked() -> None:
    marked = {name for name, option in ARGUMENT_SPEC.items() if option.get("no_log")}
    assert marked == {name.removeprefix("iot_https_") for name, each in VARIABLES.items() if each.secret}


def test_the_link_is_the_package_itself() -> None:
    link = ROOT / "plugins/module_utils/reconciler"
    assert link.readlink() == Path("../../reconciler")
    assert link.resolve() == ROOT / "reconciler"


@pytest.mark.parametrize("name", VARIABLES)
def test_the_readme_lists_each_variable(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \| ([\w ]+) \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    variable = VARIABLES[name]
    default = "" if variable.default is None else f"`{str(variable.default).lower()}`"
    assert row[0] == variable.kind + (" of text" if variable.elements else "")
    assert row[2] == default
    assert not [choice for choice in variable.choices if f"`{choice}`" not in row[1]]


def test_the_readme_lists_no_other() -> None:
    assert set(re.findall(r"^\| `(iot_https_\w+)` \|", README, re.MULTILINE)) == set(VARIABLES)
