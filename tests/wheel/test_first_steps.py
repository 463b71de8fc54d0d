"""From the wheel alone, in an empty folder: a project, a simulated box that is checked, and a play by its full name."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.build_packages import Packages

pytestmark = pytest.mark.timeout(600)
BOX = "hanoi-till-2"
USAGE, DIFFERS = 1, 2


@dataclass(frozen=True)
class Installed:
    """The wheel, unpacked, before what it needs in the path of Python; and a home of its own."""

    folder: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return what a program gets to know."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        home = str(self.home)
        return {**ours, "PYTHONPATH": str(self.folder), "HOME": home, "XDG_STATE_HOME": home, "ANSIBLE_NOCOLOR": "1"}

    def run(self, module: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of it; `-P` keeps the folder one stands in out of the path of Python."""
        return subprocess.run(
            [sys.executable, "-P", "-m", module, *words],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )

    @contextmanager
    def demo(self, folder: Path) -> Iterator[None]:
        """Keep the demo's boxes up while the block is run."""
        command = [sys.executable, "-P", "-m", "reconciler.cli", "demo", "--serve"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=folder, env=self.environment, stdout=pipe, text=True) as process:
            assert process.stdout is not None
            assert any("Ctrl-C" in line for line in process.stdout), "it ended before it was up"
            yield
            process.kill()


@pytest.fixture
def installed(packages: Packages, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Unpack the wheel."""
    with zipfile.ZipFile(packages.wheel) as archive:
        archive.extractall(tmp_path / "wheel")
    home = tmp_path_factory.mktemp("home")  # a short name: ssh keeps a socket below it
    return Installed(tmp_path / "wheel", home)


def test_the_wheel_is_all_that_a_beginner_needs(installed: Installed, tmp_path: Path) -> None:
    made = installed.run("reconciler.cli", "project", "init", "shops", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    shops = tmp_path / "shops"
    assert str(installed.folder) in installed.run("reconciler.cli", "--version", folder=shops).stdout
    untouched = installed.run("reconciler.cli", "check", folder=shops)
    assert untouched.returncode == USAGE
    assert "replace CHANGE_ME in ansible_host (inventory/hosts.yml:7)" in untouched.stderr
    with installed.demo(shops):
        checked = installed.run("reconciler.cli", "check", "-i", "inventories/demo", "--no-probe", BOX, folder=shops)
        play = ("playbook", "-i", "inventories/demo", "iot_https.fleet.check", "--limit", BOX)
        played = installed.run("ansible", *play, folder=shops)
    assert checked.returncode == DIFFERS, checked.stderr
    assert played.returncode == 0, played.stdout + played.stderr
    assert all("IOT_HTTPS_EXPIRED" in done.stdout for done in (checked, played))
