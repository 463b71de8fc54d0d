"""The role's module is recognised as each version of ansible-core sends it, at once or in the background."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

import pytest

from iotbox_simulator.ssh import ansiballz, module

WRAPPERS = Path(__file__).parent / "wrappers"
"""What each version sent for `ansible -m ping`, without what all have in common within and without the archive."""
ARGUMENTS = {"ANSIBLE_MODULE_ARGS": {"request": 'it\'s "quoted"'}}
AT_ONCE = "/bin/sh -c 'sudo -H -S -n -u root /bin/sh -c '\"'\"'echo BECOME-SUCCESS-x ; /usr/bin/python3 {there}'\"'\"''"
EARLIER = "{python} {folder}/async_wrapper.py j702796375258 10 {there} _ && sleep 0"
LATER = "{python} {folder}/async_wrapper.py j112430151295 10 false {there} {python} {there}"
IN_BACKGROUND = {"2.19": EARLIER, "2.20": EARLIER, "2.21": LATER, "2.22": LATER}
VERSIONS = sorted(path.stem for path in WRAPPERS.glob("*.txt"))


def sent(version: str, name: str = "iot_https_box", package: str = ansiballz.PACKAGE) -> bytes:
    """Return what a version sends for a module with a package."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(f"{package}box/__main__.py", "raise SystemExit('ran')")
    zipped, arguments = base64.b64encode(archive.getvalue()).decode(), json.dumps(ARGUMENTS)
    text = (WRAPPERS / f"{version}.txt").read_text(encoding="utf-8")
    text = text.replace("'@ZIP@'", repr(zipped)).replace("'@PARAMS@'", repr(arguments))
    return text.replace("'@MODULE@'", repr(name)).encode()


def command(template: str, there: Path) -> str:
    """Return what a version has the shell of a box run."""
    return template.format(python="/usr/bin/python3", there=there, folder=there.parent)


def test_each_supported_version_is_here() -> None:
    assert sorted(IN_BACKGROUND) == VERSIONS == ["2.19", "2.20", "2.21", "2.22"]


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_read(version: str) -> None:
    payload = ansiballz.read(sent(version))
    assert payload is not None
    assert payload.name == "iot_https_box"
    assert payload.arguments == ARGUMENTS["ANSIBLE_MODULE_ARGS"]
    assert list(payload.package) == ["box/__main__.py"]


@pytest.mark.parametrize("version", VERSIONS)
def test_another_module_is_not(version: str) -> None:
    assert ansiballz.read(sent(version, "ping", "ansible/module_utils/")) is None


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("in_background", [False, True], ids=["at once", "in the background"])
def test_from_a_file_it_is_not_run_here(version: str, in_background: object, tmp_path: Path) -> None:
    there = tmp_path / "AnsiballZ_iot_https_box.py"
    there.write_bytes(sent(version))
    found = module.in_file(command(IN_BACKGROUND[version] if in_background else AT_ONCE, there), tmp_path)
    assert found is not None
    left, payload = found
    assert payload.name == "iot_https_box"
    assert "python" not in left


@pytest.mark.parametrize("version", VERSIONS)
def test_another_module_in_the_background_runs_as_it_is(version: str, tmp_path: Path) -> None:
    there = tmp_path / "AnsiballZ_ping.py"
    there.write_bytes(sent(version, "ping", "ansible/module_utils/"))
    (tmp_path / "async_wrapper.py").write_bytes(sent(version, "async_wrapper", "ansible/module_utils/"))
    assert module.in_file(command(IN_BACKGROUND[version], there), tmp_path) is None
