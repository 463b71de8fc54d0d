"""A version of ansible-core that is not supported is refused in one line, by the command as by a play."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from reconciler.inventory import supported

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = {
    "2.9.27": False,
    "2.18.19": False,
    "2.19.0b1": True,
    "2.19.0": True,
    "2.19.14": True,
    "2.20.10": True,
    "2.21.5": True,
    "2.22.0rc1": True,
    "2.22.0": True,
    "2.23.0": False,
    "2.23.0.dev0": False,
    "2.190.1": False,
    "3.0.0": False,
    "": False,
    "devel": False,
}
REFUSED = ["2.18.19", "2.23.0"]
_WITH_VERSION = "import ansible.release; ansible.release.__version__ = {version!r}; {rest}"


@pytest.mark.parametrize(("version", "is_supported"), VERSIONS.items())
def test_versions(version: str, is_supported: object) -> None:
    reason = supported.refusal(version)
    assert (reason is None) == is_supported
    if reason is not None:
        assert f"ansible-core {version} is not supported: install 2.19 to 2.22" in reason
        assert "\n" not in reason


def test_pip_and_ansible_are_told_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert supported.REQUIREMENT in project["dependencies"]
    asked = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["requires_ansible"]
    bounds = {each for part in asked.split(",") for each in [part.removesuffix(".0")]}
    assert bounds == set(supported.REQUIREMENT.removeprefix("ansible-core").split(","))
    known = [version for version in VERSIONS if version[:1].isdigit()]
    allowed = SpecifierSet(supported.REQUIREMENT.removeprefix("ansible-core"), prereleases=True)
    # a pre-release of the oldest one is older than it to pip
    assert [each for each in known if each in allowed] == [
        each for each in known if VERSIONS[each] and each != "2.19.0b1"
    ]
    oldest = yaml.safe_load((ROOT / "roles/iot_https/meta/main.yml").read_text())["galaxy_info"]["min_ansible_version"]
    assert oldest == ".".join(map(str, supported.OLDEST))


@pytest.mark.parametrize("version", REFUSED)
def test_the_command_refuses_it(version: str, tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text("all: {hosts: {till: }}")
    start = "import sys; from reconciler.cli import main; sys.exit(main(['check', '-i', 'hosts.yml']))"
    done = subprocess.run(
        [sys.executable, "-c", _WITH_VERSION.format(version=version, rest=start)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert f"ansible-core {version} is not supported" in line


@pytest.mark.parametrize("version", REFUSED)
@pytest.mark.parametrize("task", ["iot_https.fleet.iot_https: {name: till}", "iot_https.fleet.iot_https_fleet:"])
def test_a_play_refuses_it(version: str, task: str, tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text(f"- hosts: all\n  gather_facts: false\n  tasks:\n    - {task}\n")
    start = "import sys; from ansible.cli.playbook import main; sys.exit(main(sys.argv))"
    words = ["ansible-playbook", "-i", "till,", "-c", "local", "play.yml"]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    done = subprocess.run(
        [sys.executable, "-c", _WITH_VERSION.format(version=version, rest=f"{start}"), *words[1:]],
        cwd=tmp_path,
        env={**clean, "HOME": str(tmp_path), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"ansible-core {version} is not supported: install 2.19 to 2.22" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert json.dumps("unreachable=0").strip('"') in done.stdout
