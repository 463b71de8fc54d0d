"""Ansible finds the collection in the wheel by itself, beside the collections of other packages such as `ansible`."""

from __future__ import annotations

import json
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.collection.core import Core
from tools.build_packages import Packages
from tools.collection.stage import stage

from .built import ROOT, in_wheel

WITHIN = "ansible_collections/iot_https/fleet/"
OURS, THEIRS = "iot_https.fleet.iot_https", "other.thing.hello"
MODULE = (
    "DOCUMENTATION = '''\nmodule: hello\nshort_description: Say hello\nauthor: [A (@a)]\ndescription: [Hello.]\n'''\n"
)


def test_it_is_whole(packages: Packages, tmp_path: Path) -> None:
    stage(ROOT, tmp_path / "fleet")
    staged = (path for path in (tmp_path / "fleet").rglob("*") if path.is_file())
    files = {f"{WITHIN}{path.relative_to(tmp_path / 'fleet').as_posix()}" for path in staged}
    assert len(files) > 100
    assert {path for path in in_wheel(packages) if path.startswith(WITHIN)} == files


def test_no_file_is_there_that_another_package_of_collections_could_own(packages: Packages) -> None:
    shared = {path for path in in_wheel(packages) if path.startswith("ansible_collections/")}
    assert {path for path in shared if not path.startswith(WITHIN)} == set()


@dataclass(frozen=True)
class Beside:
    """Where another package has its collections.

    Args:
        order: folders of Python's path: `wheel`, `other`.
        same: both are installed into one folder.
        package: it has an `ansible_collections/__init__.py`.
    """

    name: str
    order: tuple[str, ...]
    same: bool = False
    package: bool = True


LAYOUTS = (
    Beside("in the same environment", ("wheel",), same=True),
    Beside("before it", ("other", "wheel")),
    Beside("after it", ("wheel", "other")),
    Beside("before it, without an __init__", ("other", "wheel"), package=False),
)


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """An Ansible that has nothing of this project."""
    return Core.made(tmp_path_factory.mktemp("core"))


@pytest.mark.parametrize("beside", LAYOUTS, ids=lambda beside: beside.name)
def test_ansible_finds_it_by_itself(beside: Beside, packages: Packages, core: Core, tmp_path: Path) -> None:
    with zipfile.ZipFile(packages.wheel) as archive:
        archive.extractall(tmp_path / "wheel")
    collections = tmp_path / ("wheel" if beside.same else "other") / "ansible_collections"
    (collections / "other/thing/plugins/modules").mkdir(parents=True)
    (collections / "other/thing/plugins/modules/hello.py").write_text(MODULE)
    if beside.package:
        (collections / "__init__.py").touch()
    path = [str(tmp_path / each) for each in beside.order]
    done = subprocess.run(
        core.command("doc", "--json", OURS, THEIRS),
        cwd=core.home,
        env={**core.environment(tmp_path / "none"), "PYTHONPATH": ":".join([*path, str(core.packages)])},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert sorted(json.loads(done.stdout)) == [OURS, THEIRS]


def test_inventory_plugin_is_found_by_the_name_in_a_file(packages: Packages, core: Core, tmp_path: Path) -> None:
    """It comes as far as asking Odoo, for which this Ansible lacks a package that the wheel requires."""
    with zipfile.ZipFile(packages.wheel) as archive:
        archive.extractall(tmp_path / "wheel")
    file = tmp_path / "a.odoo.yml"
    file.write_text("{plugin: iot_https.fleet.odoo, customer: lotus, url: 'https://127.0.0.1:9', api_key: canary}\n")
    done = subprocess.run(
        core.command("inventory", "-i", str(file), "--graph"),
        cwd=core.home,
        env={**core.environment(tmp_path / "none"), "PYTHONPATH": f"{tmp_path / 'wheel'}:{core.packages}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert "Odoo is asked by the Python package requests" in " ".join(done.stderr.split())
