"""`iot-https project init` says what it wrote and what comes next, or in one line why not."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from reconciler.cli import main


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)


def test_what_comes_next_can_be_pasted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["project", "init", "my shops"]) == 0
    said = capsys.readouterr()
    first, *following = said.out.splitlines()
    assert first == "my shops: 12 files written"
    assert [line for line in following if line.startswith("  cd ")] == ["  cd 'my shops'"]
    assert any("ANSIBLE_VAULT_PASSWORD_FILE=$PWD/.vault-password" in line for line in following)
    assert all(shlex.split(line, comments=True) for line in following)
    assert said.err == ""
    assert (tmp_path / "my shops/inventory/hosts.yml").is_file()


def test_in_this_folder_nobody_is_sent_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["project", "init", "."]) == 0
    assert "  cd " not in capsys.readouterr().out
    assert main(["project", "init", "."]) == 0
    assert capsys.readouterr().out.startswith(".: all files were there already\n")


def test_two_projects_have_two_passwords(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(["project", "init", name]) == 0
    passwords = {(tmp_path / name / ".vault-password").read_text() for name in ("one", "two")}
    assert len(passwords) == 2
    assert all(len(each) > 40 for each in passwords)


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("", "iot-https project init: argument DIR: is empty: name a folder, or . for this one"),
        ("no/where", "iot-https: no is not there, or is no folder: create it, or correct the name"),
        ("/dev/null", "iot-https: /dev/null is no folder: name one that is empty, or not there yet"),
        ("x" * 300, f"iot-https: {'x' * 300} cannot be written: File name too long"),
    ],
)
def test_a_folder_that_cannot_be_is_one_line(
    folder: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    try:
        status = main(["project", "init", folder])
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status == 1
    assert capsys.readouterr().err.splitlines() == [said]
    assert list(tmp_path.iterdir()) == []
