"""A project is written whole or not at all, and no file that is there is replaced."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler.project import writing
from reconciler.project.file import File
from reconciler.project.writing import ProjectRefused, write

CONTENTS = (
    File("README.md", "read me\n"),
    File("inventory/hosts.yml", "all:\n"),
    File("inventory/group_vars/all.yml", "a: b\n"),
    File(".password", "secret\n", 0o600, is_kept=True),
)
TEXTS = {each.path: each.text for each in CONTENTS}


def texts(folder: Path) -> dict[str, str]:
    """Return every file below a folder."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def mask() -> Iterator[None]:
    """Let group and others read what is written, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _new(_: Path) -> None:
    """Nothing is there."""


def _empty(folder: Path) -> None:
    folder.mkdir()


def _cloned(folder: Path) -> None:
    (folder / ".git").mkdir(parents=True)


def _cut_off(folder: Path) -> None:
    (folder / "inventory").mkdir(parents=True)
    (folder / "inventory/hosts.yml").write_text(TEXTS["inventory/hosts.yml"])


def _linked(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    folder.symlink_to("elsewhere")


@pytest.mark.parametrize("before", [_new, _empty, _cloned, _cut_off, _linked])
def test_every_file_is_there_and_nothing_else(before: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "shops"
    before(folder)
    there = texts(folder)
    written = write(folder, CONTENTS)
    assert set(written.paths) == set(TEXTS) - set(there)
    assert written.warnings == ()
    assert texts(folder) == TEXTS
    assert mode(folder / ".password") == 0o600
    assert mode(folder / "inventory/hosts.yml") == 0o644
    assert mode(folder / "inventory/group_vars") == mode(folder) == 0o755
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    assert {each.name for each in folder.iterdir()} - {".git"} == {"README.md", "inventory", ".password"}


def test_a_folder_that_is_there_stays_the_same_one(tmp_path: Path) -> None:
    before = tmp_path.stat().st_ino
    write(tmp_path, CONTENTS)
    assert tmp_path.stat().st_ino == before


def test_the_password_of_an_earlier_time_stays(tmp_path: Path) -> None:
    (tmp_path / ".password").write_text("mine\n")
    write(tmp_path, CONTENTS)
    assert texts(tmp_path) == {**TEXTS, ".password": "mine\n"}


def _file(folder: Path) -> None:
    folder.write_text("mine\n")


def _link_to_nothing(folder: Path) -> None:
    folder.symlink_to("nowhere")


def _link_to_file(folder: Path) -> None:
    (folder.parent / "mine").write_text("mine\n")
    folder.symlink_to("mine")


def _other_text(folder: Path) -> None:
    folder.mkdir()
    (folder / "README.md").write_text("mine\n")


def _other_kind(folder: Path) -> None:
    folder.mkdir()
    (folder / "inventory").write_text("mine\n")


def _link_within(folder: Path) -> None:
    folder.mkdir()
    (folder / "README.md").symlink_to("nowhere")


@pytest.mark.parametrize(
    ("before", "name", "said"),
    [
        (_file, "shops", "is no folder: name one that is empty, or not there yet"),
        (_link_to_nothing, "shops", "is a link to nowhere, which is not there: remove it"),
        (_link_to_file, "shops", "is no folder"),
        (_new, "shops/north", "shops is not there, or is no folder: create it, or correct the name"),
        (_other_text, "shops", "has other files of these names: README.md; name an empty folder, or a new one"),
        (_other_kind, "shops", "has other files of these names: inventory;"),
        (_link_within, "shops", "has other files of these names: README.md;"),
    ],
)
def test_what_is_in_the_way_is_one_line(before: Callable[[Path], None], name: str, said: str, tmp_path: Path) -> None:
    before(tmp_path / "shops")
    there = texts(tmp_path)
    with pytest.raises(ProjectRefused) as refused:
        write(tmp_path / name, CONTENTS)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert texts(tmp_path) == there


@pytest.mark.parametrize(
    ("before", "where", "step"),
    [
        (_new, writing, "_write"),
        (_new, writing, "_sync"),
        (_new, Path, "rename"),
        (_empty, writing, "_write"),
        (_empty, writing, "_sync"),
        (_empty, Path, "hardlink_to"),
        (_empty, tempfile, "mkdtemp"),
    ],
)
def test_a_disk_that_fails_leaves_nothing(
    before: Callable[[Path], None], where: object, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shops"
    before(folder)
    there = list(tmp_path.rglob("*"))

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, step, fail)
    with pytest.raises(ProjectRefused, match="shops cannot be written: No space left on device"):
        write(folder, CONTENTS)
    assert list(tmp_path.rglob("*")) == there


def test_what_comes_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staged = writing._staged

    def late(beside: Path, contents: object) -> object:
        (tmp_path / "README.md").write_text("mine\n")
        return staged(beside, contents)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "_staged", late)
    with pytest.raises(ProjectRefused, match="File exists"):
        write(tmp_path, CONTENTS)
    assert texts(tmp_path) == {"README.md": "mine\n"}


def test_a_folder_that_all_can_write_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    (warning,) = write(tmp_path, CONTENTS).warnings
    assert warning.endswith(f"so Ansible ignores its ansible.cfg: chmod o-w {tmp_path}")


def test_a_second_time_there_is_nothing_to_write(tmp_path: Path) -> None:
    write(tmp_path, CONTENTS)
    assert write(tmp_path, CONTENTS).paths == ()


@pytest.mark.parametrize("cut", range(1, len(CONTENTS)))
def test_who_is_killed_starts_again(cut: int, tmp_path: Path) -> None:
    """Each file that was put there before the end is as it should be, so that none is in the way."""
    write(tmp_path, CONTENTS[:cut])
    assert len(write(tmp_path, CONTENTS).paths) == len(CONTENTS) - cut
