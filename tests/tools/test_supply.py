"""What a user installs is under licences that ours allows, is listed in a bill of materials, and is audited or not."""

from __future__ import annotations

import importlib.metadata
import json
import sys
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from tools import audit, licenses, lock, packages, pins, sbom
from tools.packages import Package

USER = pins.path_of("user").read_text(encoding="utf-8")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
INSTALLED = sorted(pins.installed(USER, HERE))
LOCK = """
ansible-core==2.19.14 ; python_full_version < '3.12' --hash=sha256:{}
ansible-core==2.21.5 ; python_full_version >= '3.12' --hash=sha256:{} --hash=sha256:{}
rich==15.0.0 --hash=sha256:{}
""".format(*(str(digit) * 64 for digit in range(4)))
PROJECT: dict[str, Any] = {
    "name": "iot-https",
    "version": "1.2.3",
    "description": "Keeps",
    "license": "GPL-3.0-or-later",
    "dependencies": ["ansible-core>=2.19", "rich>=14"],
}


@pytest.fixture
def every(tmp_path: Path) -> list[Package]:
    """Return what a small lock installs with two versions of Python."""
    ansible = {"License": "GPL-3.0-or-later", "Requires-Dist": 'rich>=1; python_version >= "3.12"'}
    rich = {
        "Classifier": "License :: OSI Approved :: MIT License",
        "Summary": "Colours",
        "Requires-Dist": "x; extra == 'y'",
    }
    for python, version in (("3.11", "2.19.14"), ("3.12", "2.21.5")):
        _wheel(tmp_path / python, "ansible-core", version, ansible)
        _wheel(tmp_path / python, "rich", "15.0.0", rich)
    return packages.merged(LOCK, {python: tmp_path / python for python in ("3.12", "3.11")})


def _wheel(folder: Path, name: str, version: str, headers: dict[str, str]) -> None:
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = {"Metadata-Version": "2.1", "Name": name, "Version": version} | headers
    (info / "METADATA").write_text("".join(f"{key}: {value}\n" for key, value in lines.items()), encoding="utf-8")


@pytest.mark.parametrize("name", INSTALLED)
def test_the_licence_of_what_is_installed_is_allowed(name: str) -> None:
    headers: Message = importlib.metadata.metadata(name)  # type: ignore[assignment]
    assert licenses.allowed(packages.license_of(headers)), packages.license_of(headers)


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("EPL-2.0 OR GPL-2.0-or-later", True),
        ("EPL-2.0", False),
        ("MIT AND GPL-2.0-only", False),
        ("MIT OR EPL-2.0 AND SSPL-1.0", True),
        ("(MIT OR EPL-2.0) AND SSPL-1.0", False),
        ("(MIT OR EPL-2.0) AND (ISC)", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("LicenseRef-Other/Proprietary License", False),
        ("MIT License", False),
        ("MIT OR", False),
        ("(MIT", False),
        ("", False),
    ],
)
def test_an_expression_is_judged(expression: str, *, allowed: bool) -> None:
    assert licenses.allowed(expression) is allowed


def test_no_licence_is_allowed_and_refused() -> None:
    assert licenses.ALLOWED.keys() & licenses.REFUSED.keys() == set()
    assert lock.project()["project"]["license"] == licenses.OURS


@pytest.mark.parametrize(
    ("headers", "license"),
    [
        ([("License-Expression", "MIT OR ISC"), ("License", "GPL")], "MIT OR ISC"),
        ([("Classifier", "License :: OSI Approved :: ISC License (ISCL)"), ("License", "ISC License")], "ISC"),
        (
            [("Classifier", f"License :: OSI Approved :: {name} License") for name in ("MIT", "BSD")],
            "LicenseRef-BSD AND MIT",
        ),
        ([("Classifier", "License :: OSI Approved :: Frogs")], "LicenseRef-Frogs"),
        ([("Classifier", "License :: OSI Approved"), ("License", "EPL-2.0")], "EPL-2.0"),
        ([("License", "A paragraph\n  and more")], ""),
        ([], ""),
    ],
)
def test_the_licence_is_read_from_a_package(headers: list[tuple[str, str]], license: str) -> None:  # noqa: A002
    message = Message()
    for name, value in headers:
        message[name] = value
    assert packages.license_of(message) == license


def test_a_report_has_every_package_and_marks_what_is_not_allowed(every: list[Package]) -> None:
    wrong = Package(pins.Pin(canonicalize_name("frog"), "1", None, ()), "", "GPL-2.0-only", {"3.11": ()})
    lines = licenses.report([*every, wrong]).splitlines()
    assert "| ansible-core | 2.19.14 | 3.11 | GPL-3.0-or-later | yes |" in lines
    assert "| rich | 15.0.0 | 3.11 to 3.12 | MIT | yes |" in lines
    assert "| frog | 1 | 3.11 | GPL-2.0-only | **no** |" in lines
    assert licenses.refused([*every, wrong]) == ["frog 1: GPL-2.0-only, version 2 of the GPL only"]


def test_something_else_than_the_lock_says_is_noticed(tmp_path: Path) -> None:
    _wheel(tmp_path, "rich", "14.0", {})
    with pytest.raises(ValueError, match="not what the lock says"):
        packages.merged(LOCK, {"3.11": tmp_path})


def test_a_bill_has_hashes_licences_and_what_needs_what(every: list[Package]) -> None:
    bill = json.loads(sbom.bill(PROJECT, every, None))
    found = {each["bom-ref"]: each for each in bill["components"]}
    new, old, rich = "pkg:pypi/ansible-core@2.21.5", "pkg:pypi/ansible-core@2.19.14", "pkg:pypi/rich@15.0.0"
    assert found.keys() == {new, old, rich}
    assert [each["content"] for each in found[new]["externalReferences"][0]["hashes"]] == ["1" * 64, "2" * 64]
    assert found[rich]["licenses"] == [{"license": {"id": "MIT"}}]
    assert found[rich]["properties"] == [{"name": sbom.PYTHON, "value": "3.11, 3.12"}]
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    assert needs == {"pkg:pypi/iot-https@1.2.3": [old, new, rich], new: [rich], old: [], rich: []}
    assert bill["metadata"]["component"]["version"] == "1.2.3"


def test_two_bills_are_the_same_bytes_and_the_time_is_given(every: list[Package]) -> None:
    assert sbom.bill(PROJECT, every, None) == sbom.bill(PROJECT, every, None)
    assert "timestamp" not in sbom.bill(PROJECT, every, None)
    made = json.loads(sbom.bill(PROJECT, every, datetime(2026, 1, 2, tzinfo=UTC)))
    assert made["metadata"]["timestamp"] == "2026-01-02T00:00:00+00:00"


WEAK = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0", "2.1"]}
DOWN = "Traceback:\n  more\nConnectionError: cannot be resolved\n"
ANSWERS: dict[str, tuple[list[dict[str, Any]] | None, int, str]] = {
    "nothing known": ([{"name": "h11", "version": "1", "vulns": []}], 0, ""),
    "a weakness": (
        [{"name": "h11", "version": "1", "vulns": [WEAK]}],
        1,
        "h11 1: PYSEC-1, CVE-2026-1; fixed in 2.0, 2.1",
    ),
    "not known": ([{"name": "h11", "skip_reason": "not on the index"}], 3, "h11: not on the index"),
    "no answer": (None, 3, "the service could not be asked: ConnectionError: cannot be resolved"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_audit_that_was_not_done_is_no_pass(case: str) -> None:
    every, status, line = ANSWERS[case]
    found = audit.judged(json.dumps({"dependencies": every}) if every else "", DOWN)
    assert (found.status, "".join((*found.weak, *found.unknown))) == (status, line)


def test_each_set_of_packages_is_audited_and_no_more() -> None:
    sets = audit.requirements(LOCK)
    assert [each.split(" ", 1)[0] for each in sets] == ["ansible-core==2.19.14", "ansible-core==2.21.5"]
    assert all("rich==15.0.0 --hash=sha256:" in each for each in sets)


@pytest.mark.parametrize(
    ("answers", "status", "asked"),
    [
        ([audit.Audit(), audit.Audit()], 0, 2),
        ([audit.Audit(weak=("h11 1: X",)), audit.Audit()], 1, 2),
        ([audit.Audit(unknown=("down",))], 3, 1),
        ([audit.Audit(weak=("h11 1: X",)), audit.Audit(unknown=("down",))], 1, 2),
    ],
)
def test_what_is_asked_after_a_failure(
    answers: list[audit.Audit],
    status: int,
    asked: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    left = list(answers)
    monkeypatch.setattr(audit, "ask", lambda _: left.pop(0))
    monkeypatch.setattr(audit, "requirements", lambda _: [""])
    assert audit.main(["user", "build"]) == status
    assert len(answers) - len(left) == asked
    assert ("no known weakness" in capsys.readouterr().out) is (status == 0)
