"""Each operation on files while an attacker exchanges names below it: nothing outside is read or changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from fuzz.race import main, race
from fuzz.races.operations import OPERATIONS, Operation
from fuzz.races.scene import Scene
from tests.support.tally import count

FLIPS = 150
"""For each operation; `make soak` does ten thousand."""


@pytest.fixture
def base() -> Iterator[Path]:
    """Return an empty folder that another user may pass through, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="race-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_outside_is_read_or_changed(name: str, base: Path) -> None:
    raced = race(name, FLIPS, base)
    assert raced.outside == ()
    assert raced.flips >= FLIPS
    count("names exchanged while an operation on files ran", raced.flips)


def opened(path: Path, mode: str) -> IO[bytes]:
    """Open whatever is there by now; of a pipe, nobody waits for the other end."""
    return open(path, mode, opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))


def careless_read(scene: Scene) -> object:
    path = scene.home / "file"
    if not path.is_file():
        return None
    with opened(path, "rb") as file:
        return file.read()


def careless_mode(scene: Scene) -> object:
    path = scene.home / "file"
    path.chmod(0o644)
    return path


def careless_write(scene: Scene) -> object:
    path = scene.home / "file"
    if not path.is_file():
        return None
    with opened(path, "r+b") as file:
        return file.write(b"new")


def careless_copy(scene: Scene) -> object:
    path = scene.home / "file"
    if not path.is_file():
        return None
    with opened(path, "rb") as file, opened(scene.home / "copy", "w+b") as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        return copy.read()


@pytest.mark.parametrize("careless", [careless_read, careless_mode, careless_write, careless_copy])
def test_a_race_notices_who_follows_links(careless: Callable[[Scene], object], base: Path) -> None:
    # it ends as soon as something outside has changed
    raced = race("careless", 100_000, base, operation=Operation(careless))
    assert raced.outside != ()


def test_sum_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--flips", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("read ")
    who = "another uid" if os.geteuid() == 0 else "this uid, whose folders are not trusted"
    assert lines[1] == f"1 operations x 5 flips by {who}: 0 outside"
