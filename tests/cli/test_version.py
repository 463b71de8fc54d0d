"""`--version` names what a bug report needs, and asks git only when it is asked."""

from __future__ import annotations

import platform
import re
from importlib import metadata

import pytest

from reconciler import __version__, origin
from reconciler.cli import main
from reconciler.cli.parser import make_parser
from reconciler.origin import Commit


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert not ended.value.code
    return capsys.readouterr().out.splitlines()


def test_a_checkout_names_its_commit_and_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    first, beside, where = shown(capsys)
    assert re.fullmatch(
        rf"iot-https {re.escape(__version__)} \(commit [0-9a-f]{{12}}, \d{{4}}-\d\d-\d\d(, with changes)?\)", first
    )
    assert f"ansible-core {metadata.version('ansible-core')}" in beside
    assert f"cryptography {metadata.version('cryptography')}" in beside
    assert beside.endswith(f"Python {platform.python_version()}")
    assert where.endswith("/reconciler")


def test_what_is_not_known_or_not_installed_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(origin, "own", lambda: None)
    monkeypatch.setattr(metadata, "version", nowhere)
    first, beside, _ = shown(capsys)
    assert first == f"iot-https {__version__} (commit unknown)"
    assert beside.startswith("ansible-core not installed, cryptography not installed, Python ")


def test_git_is_not_asked_for_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> Commit:
        raise AssertionError("git was asked")

    monkeypatch.setattr(origin, "own", asked)
    assert make_parser().parse_args(["check"]).run
