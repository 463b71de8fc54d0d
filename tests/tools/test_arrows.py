"""Rooms of a package and their arrows: none of ours import each other in a circle, and a circle is seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import arrows

BASE = {
    "house/__init__.py": "",
    "house/cellar.py": "",
    "house/hall/__init__.py": "",
    "house/hall/door.py": "from .. import cellar\n",
    "house/hall/stairs.py": "from . import door\n",
    "house/roof.py": "from .hall.stairs import up\nfrom . import cellar\n",
}


def built(folder: Path, name: str, **changed: str) -> str:
    """Write a package of rooms; return its name, which no other test has."""
    for path, content in {**BASE, **changed}.items():
        file = folder / path.replace("house", name, 1)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return name


def test_rooms_and_arrows_are_counted(tmp_path: Path) -> None:
    found = arrows.rooms(built(tmp_path, "house_of_rooms"), tmp_path)
    assert found.arrows == {"cellar": frozenset(), "hall": {"cellar"}, "roof": {"cellar", "hall"}}
    assert (found.files, len(found.imports), found.count) == (4, 4, 3)
    assert list(found.lowest_first()) == [("cellar",), ("hall",), ("roof",)]
    assert found.circle() == ()


def test_one_room_of_a_house_is_shown_with_what_lies_beside_it(tmp_path: Path) -> None:
    name = built(tmp_path, "house_of_one")
    found = arrows.rooms(f"{name}.hall", tmp_path)
    assert found.arrows == {"door": frozenset(), "stairs": {"door"}}
    assert found.beside == {"door": {"cellar"}, "stairs": frozenset()}
    assert "door    -> -  (cellar)" in arrows.text(found)


def test_a_circle_is_shown(tmp_path: Path) -> None:
    name = built(tmp_path, "house_in_a_circle", **{"house/cellar.py": "from .hall import door\n"})
    found = arrows.rooms(name, tmp_path)
    assert set(found.circle()) == {"cellar", "hall"}
    assert arrows.text(found).splitlines()[-1].startswith("a circle: ")


@pytest.mark.parametrize(
    "package", ["reconciler", "reconciler.box", "reconciler.machine", "reconciler.net", "iotbox_simulator"]
)
def test_rooms_do_not_import_each_other_in_a_circle(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert arrows.main([package]) == 0
    assert capsys.readouterr().out.endswith("no circle\n")


def test_a_commit_is_shown_as_it_was() -> None:
    """In a process of its own: a package that is loaded would be taken for that of the commit."""
    command = [sys.executable, str(arrows.ROOT / "tools/arrows.py"), "--at", "HEAD"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    assert "\nreconciler.box: " in shown.stdout


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(SystemExit, match="no-such-commit: "):
        arrows.main(["--at", "no-such-commit"])
    with pytest.raises(SystemExit, match=r"reconciler\.attic is no package of "):
        arrows.main(["reconciler.attic"])
