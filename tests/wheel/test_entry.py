"""The command finds its own `reconciler`, and says in one line where another project's is in its place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import iot_https

from .built import ROOT

APART = "as pipx install iot-https makes it"


@dataclass(frozen=True)
class Beside:
    """What lies beside the command in `site-packages`.

    Args:
        source: of `reconciler/__init__.py`; None: the folder is empty, or is not there.
        owner: the project whose metadata name the package.
        told: what the line says.
    """

    name: str
    told: str
    source: str | None = None
    folder: bool = True
    owner: str | None = None


NOT_OURS = (
    Beside("another project's", "belongs to another project", "__version__ = '9'"),
    Beside("another project's, which is known", "belongs to the project matcher", "", owner="matcher"),
    Beside("one that cannot be imported", "belongs to another project", "import a_library_that_nobody_has"),
    Beside("one for another Python", "belongs to another project", "print 'hello'"),
    Beside("one that names itself otherwise", "belongs to another project", "DISTRIBUTION = 'matcher'"),
    Beside("what an uninstallation of the other one left", "is gone from"),
    Beside("nothing", "is gone from", folder=False),
)


def run(words: Sequence[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *words]
    known = {**os.environ, **environment}
    return subprocess.run(
        command,
        cwd=folder,
        env=known,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("beside", NOT_OURS, ids=lambda beside: beside.name)
def test_another_package_of_this_name_is_told_in_one_line(beside: Beside, tmp_path: Path) -> None:
    shutil.copy(ROOT / "iot_https.py", tmp_path)
    if beside.folder:
        (tmp_path / "reconciler/cli").mkdir(parents=True)
    if beside.source is not None:
        (tmp_path / "reconciler/__init__.py").write_text(beside.source)
    if beside.owner:
        info = tmp_path / f"{beside.owner}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {beside.owner}\nVersion: 1\n")
        (info / "top_level.txt").write_text("reconciler\n")
    done = run(["iot_https.py", "check"], tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("iot-https: ")
    assert beside.told in line
    assert str(tmp_path) in line
    assert line.endswith(APART)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return a folder in which somebody works on a project of that name."""
    (tmp_path / "reconciler").mkdir()
    (tmp_path / "reconciler/__init__.py").write_text("raise SystemExit('the wrong package')")
    return tmp_path


WHILE_ANOTHER_LIES_THERE = (
    (["-m", "iot_https", "--version"], 0, f"in {ROOT / 'reconciler'}\n"),
    (["-m", "iot_https", "demo", "of-nothing.yml"], 1, "of-nothing.yml"),
)


@pytest.mark.parametrize(("words", "status", "told"), WHILE_ANOTHER_LIES_THERE, ids=str)
@pytest.mark.parametrize("path", [".", ""], ids=["on PYTHONPATH too", "in the folder only"])
def test_a_folder_of_this_name_is_passed_over(
    words: Sequence[str], status: int, told: str, path: str, elsewhere: Path
) -> None:
    environment = {"PYTHONPATH": path} if path else {}
    done = run(words, elsewhere, **environment)
    assert done.returncode == status, done.stderr
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_loaded_already_stays(tmp_path: Path) -> None:
    before = sys.modules["reconciler"]
    iot_https.claim(tmp_path)
    assert sys.modules["reconciler"] is before
