"""The project that is written suits linters, git and AWX, and says what the example says."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from reconciler.inventory.unfilled import WORD
from reconciler.project import contents, inventory
from reconciler.project.contents import VAULT_PASSWORD, files_of_project
from reconciler.project.writing import write

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
FILES = {each.path: each for each in files_of_project("1.2.3", "drowssap")}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a project."""
    folder = tmp_path_factory.mktemp("projects") / "shops"
    write(folder, list(FILES.values()))
    return folder


def _yaml(path: str) -> Any:
    return yaml.safe_load(FILES[path].text)


def _settings(text: str) -> Mapping[str, Mapping[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()}


def test_each_template_goes_somewhere() -> None:
    there = {path.name for path in (ROOT / "reconciler/project/template").iterdir()}
    assert there == {*contents.templates(), *inventory.templates()}


def test_the_password_is_the_owners_and_comes_after_git_ignores_it() -> None:
    names = list(FILES)
    assert FILES[VAULT_PASSWORD].mode == 0o600
    assert names[0] == ".gitignore"
    assert names[-1] == VAULT_PASSWORD
    assert {path for path, each in FILES.items() if "drowssap" in each.text} == {VAULT_PASSWORD}


def test_git_takes_all_but_the_password(tmp_path: Path) -> None:
    project = tmp_path / "shops"
    write(project, list(FILES.values()))
    git = ("git", "-c", "safe.directory=*", f"--git-dir={tmp_path}/git", f"--work-tree={project}")
    (project / "inventories/demo").mkdir(parents=True)
    (project / "inventories/demo/hosts.yml").touch()
    (project / f"cut-off/{VAULT_PASSWORD}").parent.mkdir()
    (project / f"cut-off/{VAULT_PASSWORD}").touch()
    subprocess.run([*git, "init", "--quiet"], check=True, timeout=60)
    subprocess.run([*git, "add", "--all"], cwd=project, check=True, timeout=60)
    listed = subprocess.run([*git, "ls-files"], capture_output=True, text=True, check=True, timeout=60)
    assert set(listed.stdout.split()) == set(FILES) - {VAULT_PASSWORD}


def test_the_collection_is_asked_for_in_this_version() -> None:
    assert _yaml("collections/requirements.yml") == {"collections": [{"name": "iot_https.fleet", "version": "1.2.3"}]}
    assert not [path for path, each in FILES.items() if "@" in each.text]


def test_what_only_the_owner_knows_is_to_be_filled_in() -> None:
    assert {path for path, each in FILES.items() if WORD in each.text} == {
        "inventory/hosts.yml",
        "inventory/group_vars/customer_lotus.yml",
    }


def test_groups_are_read_after_the_boxes_from_which_they_are_made() -> None:
    names = sorted(path for path in FILES if path.startswith("inventory/") and path.count("/") == 1)
    assert names == ["inventory/hosts.yml", "inventory/keyed_groups.yml"]


def test_groups_and_login_are_those_of_the_example() -> None:
    example = ROOT / "inventories/example"
    groups, mine = yaml.safe_load((example / "groups.yml").read_text()), _yaml("inventory/keyed_groups.yml")
    assert [each for each in mine["keyed_groups"] if each not in groups["keyed_groups"]] == []
    assert {each["prefix"] for each in mine["keyed_groups"]} == {"customer", "store"}
    everybody = yaml.safe_load((example / "group_vars/all.yml").read_text())
    assert _yaml("inventory/group_vars/all.yml") == {**everybody, "ansible_host_key_checking": True}


def test_settings_of_ansible_are_those_of_the_repository() -> None:
    theirs, mine = (_settings(text) for text in ((ROOT / "ansible.cfg").read_text(), FILES["ansible.cfg"].text))
    arguments = mine["ssh_connection"]["ssh_extra_args"]
    assert arguments == f"-o UserKnownHostsFile=known_hosts {theirs['ssh_connection']['ssh_extra_args']}"
    own = {"inventory", "ssh_extra_args", "roles_path", "retry_files_enabled"}
    for section, settings in mine.items():
        assert {name: theirs[section].get(name) for name in settings if name not in own} == {
            name: value for name, value in settings.items() if name not in own
        }


def test_no_setting_names_a_file_that_awx_lacks() -> None:
    named = {name for settings in _settings(FILES["ansible.cfg"].text).values() for name in settings}
    assert not {name for name in named if "vault" in name or "private_key" in name}


@pytest.mark.parametrize(
    "program", [("yamllint", "--strict", "."), ("ansiblelint", "--offline", "--profile", "production", "--strict")]
)
def test_linters_have_nothing_to_say(program: tuple[str, ...], project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *program], cwd=project, capture_output=True, text=True, check=False, timeout=110
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_execution_environment_of_the_docs_fits() -> None:
    page = (ROOT / "docs/awx.md").read_text()
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    defined = yaml.safe_load(block)
    (core,) = (each for each in PACKAGE["dependencies"] if each.startswith("ansible-core"))
    asked = Requirement(defined["dependencies"]["ansible_core"]["package_pip"]).specifier
    assert [asked.contains(version) for version in ("2.18", "2.19")] == [False, True]
    assert {each.version for each in asked if each.operator == ">="} == {
        each.version for each in Requirement(core).specifier if each.operator == ">="
    }
    (python,) = re.findall(r"python([\d.]+)$", defined["dependencies"]["python_interpreter"]["python_path"])
    assert SpecifierSet(PACKAGE["requires-python"]).contains(python)
    (copied,) = defined["additional_build_files"]
    (collection,) = defined["dependencies"]["galaxy"]["collections"]
    assert collection["name"] == f"{copied['dest']}/{Path(copied['src']).name}"


def test_builders_find_what_the_collection_needs() -> None:
    needs = yaml.safe_load((ROOT / "meta/execution-environment.yml").read_text())
    assert list(needs["dependencies"]) == ["python", "system"]
    asked = (ROOT / needs["dependencies"]["python"]).read_text().splitlines()
    assert [line for line in asked if not line.startswith("#")] == [
        each for each in PACKAGE["dependencies"] if each.startswith("requests")
    ]
    assert "openssh-client" in (ROOT / needs["dependencies"]["system"]).read_text()
