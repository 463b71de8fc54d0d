"""A machine for each way of installing, outside of pytest's own folder, which nobody else may enter."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.build_packages import Packages, build

from .machine import Machine, tools


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """Return the wheel and the sdist of this checkout."""
    return build(tmp_path_factory.mktemp("packages"))


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter."""
    with tempfile.TemporaryDirectory(prefix="iot-https-install-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def machine(place: Path) -> Machine:
    """The machine of who runs the tests."""
    for name in ("home", "bin", "releases"):
        (place / name).mkdir()
    return Machine(place / "home", tools(place / "bin"), place / "releases")
