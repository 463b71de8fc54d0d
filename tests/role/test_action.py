"""The half of the module on the control machine writes files whole, for their owner only, or says why not."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest
from ansible.errors import AnsibleActionFail

from tests.role.test_files import ROLE
from tests.support.loaded import load


@pytest.fixture(scope="module")
def action() -> ModuleType:
    return load(ROLE / "action_plugins/iot_https.py")


def test_a_file_takes_the_place_of_the_one_before(action: ModuleType, tmp_path: Path) -> None:
    for report in ({"state": "differs"}, {"state": "in_sync"}):
        action._write(str(tmp_path / "new/results"), "till-1", report)
    folder = tmp_path / "new/results"
    assert [each.name for each in folder.iterdir()] == ["till-1.json"]
    assert json.loads((folder / "till-1.json").read_text()) == {"state": "in_sync"}
    assert (folder.stat().st_mode & 0o777, (folder / "till-1.json").stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_folder_that_cannot_be_is_named(action: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AnsibleActionFail, match=r"iot_https_results_folder .*/file/results: Not a directory"):
        action._write(str(tmp_path / "file/results"), "till-1", {})


def test_nothing_half_written_is_left_where_a_name_is_taken(action: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "till-1.json/full").mkdir(parents=True)
    with pytest.raises(AnsibleActionFail, match="directory"):
        action._write(str(tmp_path), "till-1", {})
    assert [each.name for each in tmp_path.iterdir()] == ["till-1.json"]


def test_it_carries_the_package_of_the_role(action: ModuleType) -> None:
    carried = action._carried("role.unreachable")
    assert carried.__name__ == f"{action.PACKAGE}.role.unreachable"
    assert Path(carried.__file__).resolve() == ROLE.parents[1] / "reconciler/role/unreachable.py"
