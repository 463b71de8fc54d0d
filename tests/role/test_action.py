"""The half of the module on the control machine: what it takes, what it carries, and which files it writes."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from pathlib import Path

import pytest

from reconciler.role import arguments, results_folder

ROOT = Path(__file__).resolve().parents[2]


COLLECTION = "ansible_collections.iot_https.fleet.plugins"


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    for report in ({"state": "differs"}, {"state": "in_sync"}):
        results_folder.write(str(tmp_path / "new/results"), "till-1", report)
    folder = tmp_path / "new/results"
    assert [each.name for each in folder.iterdir()] == ["till-1.json"]
    assert json.loads((folder / "till-1.json").read_text()) == {"state": "in_sync"}
    assert (folder.stat().st_mode & 0o777, (folder / "till-1.json").stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(results_folder.ResultsError, match=r"iot_https_results_folder .*/file/results: Not a directory"):
        results_folder.write(str(tmp_path / "file/results"), "till-1", {})


def test_nothing_half_written_is_left_where_a_name_is_taken(tmp_path: Path) -> None:
    (tmp_path / "till-1.json/full").mkdir(parents=True)
    with pytest.raises(results_folder.ResultsError, match="directory"):
        results_folder.write(str(tmp_path), "till-1", {})
    assert [each.name for each in tmp_path.iterdir()] == ["till-1.json"]


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("precious")
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "till-1.json").symlink_to(outside)
    results_folder.write(str(folder), "till-1", {"state": "in_sync"})
    assert outside.read_text() == "precious"
    assert not (folder / "till-1.json").is_symlink()


@pytest.mark.parametrize(
    "name", ["../outside/x", "/tmp/x", "..", ".", "", ".hidden", "a/b", "a\0b", "x" * 300, "\udcff"]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "deep/results"
    results_folder.write(str(folder), name, {})
    (written,) = folder.iterdir()
    assert written.name.endswith(".json")
    assert not written.name.startswith(".")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [written]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "x", "tokn": "canary"}, "iot_https has no option tokn"),
        ({}, "iot_https needs its option name, which is missing"),
        ({"name": ["canary"]}, "iot_https needs its option name as a str"),
        ({"name": "x", "own_servers": "https://a"}, "iot_https needs its option own_servers as a list"),
        ({"name": "x", "copies": "canary"}, "iot_https needs its option copies as a list"),
    ],
)
def test_options_of_the_wrong_kind_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(arguments.BadArguments, match=said) as refused:
        arguments.taken(options)
    assert "canary" not in str(refused.value)


def test_the_package_of_the_collection_has_a_name_of_its_own() -> None:
    """Another version of it may be installed on the control machine."""
    action = importlib.import_module(f"{COLLECTION}.action.iot_https")
    carried = sys.modules[action.carry_out.__module__]
    assert carried.__name__ == f"{COLLECTION}.module_utils.reconciler.role.task"
    assert carried.__file__ is not None
    assert Path(carried.__file__).resolve() == ROOT / "reconciler/role/task.py"
    assert carried is not importlib.import_module("reconciler.role.task")


def test_what_it_needs_is_imported_with_it_and_not_by_each_worker() -> None:
    for path in (*(ROOT / "reconciler/role").glob("*.py"), *(ROOT / "plugins/action").glob("*.py")):
        later = [node for node in ast.walk(ast.parse(path.read_text())) if _imports_later(node)]
        assert later == [], path


def _imports_later(node: ast.AST) -> bool:
    within = ast.walk(node) if isinstance(node, ast.FunctionDef) else ()
    return any(isinstance(each, ast.Import | ast.ImportFrom) for each in within)
