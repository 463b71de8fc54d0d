"""Files are replaced in one step each, keep what they are, and a run that ended in between is completed by the next."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.inventory_files import EditRefused, InventoryFiles

from .conftest import Open, Write

HOSTS = "all: {hosts: {a: , b: }}\n"


def _both(files: InventoryFiles) -> None:
    for name in ("a", "b"):
        files.set_host(name, "iot_https_store", "x")


@pytest.fixture
def two(write: Write) -> Path:
    """An inventory with a file of variables for each of two boxes."""
    return write({"hosts.yml": HOSTS, "host_vars/a.yml": "k: 1\n", "host_vars/b.yml": "k: 1\n"})


def test_mode_stays(two: Path, opened: Open) -> None:
    (two / "host_vars/a.yml").chmod(0o640)
    files = opened()
    _both(files)
    files.write()

    assert (two / "host_vars/a.yml").stat().st_mode & 0o777 == 0o640


def test_link_stays_a_link(two: Path, opened: Open, tmp_path: Path) -> None:
    shared = tmp_path / "shared.yml"
    (two / "host_vars/a.yml").rename(shared)
    (two / "host_vars/a.yml").symlink_to(shared)
    files = opened()
    _both(files)
    files.write()

    assert (two / "host_vars/a.yml").is_symlink()
    assert shared.read_text() == "k: 1\niot_https_store: x\n"


def test_file_that_changed_meanwhile_is_left(two: Path, opened: Open) -> None:
    files = opened()
    _both(files)
    (two / "host_vars/b.yml").write_text("k: 2\n")

    with pytest.raises(
        EditRefused, match=r"b\.yml was changed by somebody else meanwhile: run this again; nothing was"
    ):
        files.write()

    assert (two / "host_vars/a.yml").read_text() == "k: 1\n"
    assert sorted(each.name for each in (two / "host_vars").iterdir()) == ["a.yml", "b.yml"]


def test_file_that_comes_up_meanwhile_is_left(write: Write, opened: Open) -> None:
    folder = write({"hosts.ini": "a\n"})
    files = opened("hosts.ini")
    files.set_host("a", "iot_https_store", "x")
    write({"host_vars/a.yml": "k: 2\n"})

    with pytest.raises(EditRefused, match="changed by somebody else"):
        files.write()

    assert (folder / "host_vars/a.yml").read_text() == "k: 2\n"


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


@pytest.mark.parametrize("step", range(1, 12))
def test_killed_run_is_completed_by_the_next(
    two: Path, opened: Open, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    left = step

    def counted(name: str) -> None:
        real = getattr(os, name)

        def call(*arguments: object, **keywords: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            if left < 0:
                raise OSError  # a killed process cleans up nothing
            return real(*arguments, **keywords)

        monkeypatch.setattr(os, name, call)

    with monkeypatch.context():
        files = opened()
        _both(files)
        for name in ("fsync", "replace", "unlink"):
            counted(name)
        with pytest.raises(Killed):
            files.write()
        monkeypatch.undo()
    os.chdir(two)

    for name in ("a", "b"):
        assert (two / f"host_vars/{name}.yml").read_text() in ("k: 1\n", "k: 1\niot_https_store: x\n")
    files = opened()
    _both(files)
    files.write()

    for name in ("a", "b"):
        assert (two / f"host_vars/{name}.yml").read_text() == "k: 1\niot_https_store: x\n"
    assert sorted(each.name for each in (two / "host_vars").iterdir()) == ["a.yml", "b.yml"]


def test_folder_that_cannot_be_written_is_named(two: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    files = opened()
    _both(files)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EditRefused, match=r"a.yml: No space left on device; nothing was written"):
        files.write()

    assert (two / "host_vars/a.yml").read_text() == "k: 1\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_owner_stays(two: Path, opened: Open) -> None:
    os.chown(two / "host_vars/a.yml", 1234, 1235)
    files = opened()
    _both(files)
    files.write()

    status = (two / "host_vars/a.yml").stat()
    assert (status.st_uid, status.st_gid) == (1234, 1235)


def test_file_that_would_change_its_owner_is_left(two: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    status = os.stat_result((0o100644, 1, 1, 1, 4321, 4321, 7, 0, 0, 0))
    files = opened()
    _both(files)
    monkeypatch.setattr(os, "fstat", lambda _: status)
    monkeypatch.setattr(os, "fchown", refused)
    with pytest.raises(
        EditRefused, match=r"a\.yml is somebody else's, and would become yours: .*; nothing was written"
    ):
        files.write()

    assert (two / "host_vars/a.yml").read_text() == "k: 1\n"


def test_link_in_the_place_of_a_new_file_is_not_followed(two: Path, opened: Open, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine\n")
    (two / "host_vars" / ".a.yml.iot-https-new").symlink_to(victim)
    files = opened()
    _both(files)
    files.write()

    assert victim.read_text() == "mine\n"
    assert "iot_https_store" in (two / "host_vars/a.yml").read_text()
