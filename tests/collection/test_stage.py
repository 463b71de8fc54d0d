"""What the collection is put together from: the files that its plugins need, whole, plain, and no others."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tools.collection.stage import CARRIED, FILES, FOLDERS, NotStaged, closure, stage, ways_in

from .core import ROOT

GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text())
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s#]+)[^)\s]*\)")


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("staged") / "ansible_collections/iot_https/fleet"
    stage(ROOT, folder)
    return folder


def test_it_holds_plain_files_that_everybody_may_read(staged: Path) -> None:
    found = list(staged.rglob("*"))
    assert not [path for path in found if path.is_symlink() or not (path.is_dir() or path.is_file())]
    assert {path.stat().st_mode & 0o777 for path in found if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in found if path.is_dir()} == {0o755}


def test_it_holds_every_file_of_its_folders_that_git_knows(staged: Path) -> None:
    listed = subprocess.run(
        ("git", "ls-files", *FILES, *FOLDERS), cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    known = {name for name in listed.stdout.splitlines() if not (ROOT / name).is_symlink() and (ROOT / name).exists()}
    assert known - {path.relative_to(staged).as_posix() for path in staged.rglob("*")} == set()


def test_the_files_of_the_package_are_as_they_are_here(staged: Path) -> None:
    carried, package = staged / CARRIED, ROOT / "reconciler"
    names = [path.relative_to(carried) for path in carried.rglob("*") if path.is_file()]
    assert [name for name in names if (carried / name).read_bytes() != (package / name).read_bytes()] == []
    assert not (staged / CARRIED / "cli").exists()
    assert not (staged / CARRIED / "engine").exists()


def test_what_the_plugins_import_is_found_in_all_of_them() -> None:
    assert ways_in(ROOT / "plugins") == {
        "box.__main__",
        "inventory.odoo",
        "inventory.play",
        "inventory.supported",
        "model.plain",
        "odoo_database.filling",
        "odoo_database.gathering",
        "odoo_database.kept",
        "odoo_database.many",
        "odoo_database.reading",
        "odoo_database.settings",
        "role.ask",
        "role.task",
    }


def test_it_carries_the_way_to_boxes_without_ssh() -> None:
    package = ROOT / "reconciler"
    carried = {path.relative_to(package).as_posix() for path in closure(package, {"role.task"})}
    assert {"connections/homepage/opened.py", "homepage/session.py", "homepage/detect.py"} <= carried


def test_no_link_in_its_pages_is_dead(staged: Path) -> None:
    pages = list(staged.rglob("*.md"))
    assert {"README.md", "CHANGELOG.md"} <= {page.name for page in pages}
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []
    assert links


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(NotStaged, match="is not empty"):
        stage(ROOT, tmp_path)


def package(folder: Path, **modules: str) -> Path:
    """Write a package whose modules are named with `__` for each dot."""
    for name, text in modules.items():
        path = folder.joinpath("pack", *name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        for parent in path.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()
    return folder / "pack"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("from . import b", ["room/b"]),
        ("from .b import name", ["room/b"]),
        ("from ..c import name", ["c"]),
        ("from .. import c", ["c"]),
        ("from ..other import d", ["other/__init__", "other/d"]),
        ("from ..other.d import name", ["other/__init__", "other/d"]),
        ("def later():\n    from ..c import name", ["c"]),
        ("import json, ansible.errors\nfrom yaml import safe_load", []),
    ],
)
def test_imports_are_followed_however_they_are_written(tmp_path: Path, text: str, found: list[str]) -> None:
    made = package(tmp_path, room__a=text, room__b="", c="", other__d="", unused="")
    names = {path.relative_to(made).as_posix() for path in closure(made, ["room.a"])}
    assert names == {"__init__.py", "room/__init__.py", "room/a.py", *(f"{name}.py" for name in found)}


def test_they_are_followed_to_the_end_and_in_circles(tmp_path: Path) -> None:
    made = package(tmp_path, a="from . import b", b="from .c import x", c="from . import a")
    assert {path.stem for path in closure(made, ["a"])} == {"__init__", "a", "b", "c"}


@pytest.mark.parametrize("text", ["import pack.b", "from pack.b import name", "from pack import b"])
def test_an_import_by_the_name_that_it_has_here_only_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotStaged, match="use a relative import"):
        closure(package(tmp_path, a=text, b=""), ["a"])


def test_a_way_in_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotStaged, match=r"has no module role\.gone"):
        closure(package(tmp_path, role__a=""), ["role.a", "role.gone"])


def test_project_and_collection_have_one_version() -> None:
    assert GALAXY["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_nothing_of_the_repository_is_installed_from_it_by_oversight() -> None:
    """`ansible-galaxy collection install git+...` takes whatever galaxy.yml does not leave out."""
    listed = subprocess.run(("git", "ls-files"), cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    tops = {name.partition("/")[0] for name in listed.stdout.splitlines()}
    assert sorted(set(GALAXY["build_ignore"])) == sorted(GALAXY["build_ignore"])
    kept = {top for top in tops if not any(fnmatch.fnmatch(top, pattern) for pattern in GALAXY["build_ignore"])}
    assert kept == {*FILES, *FOLDERS, "README.md", "reconciler"}
