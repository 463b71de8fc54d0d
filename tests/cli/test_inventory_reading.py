"""`iot-https inventory show` and `lint` end as docs/exit-status.md says, and print text or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli import main

FINE = """\
all:
  hosts:
    hue-1:
      ansible_host: 192.0.2.1
      iot_https_customer: lotus
      iot_https_server_url: https://lotus.example
"""
WARNED = f"{FINE}      iot_https_token: canary-token\n"
WRONG = f"{WARNED}      iot_https_https_port: 0\n"


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that writes an inventory where one stands."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> None:
        Path("hosts.yml").write_text(text)

    return write


@pytest.mark.parametrize(
    ("text", "options", "status"),
    [
        (FINE, (), 0),
        (FINE, ("--strict",), 0),
        (WARNED, (), 0),
        (WARNED, ("--strict",), 4),
        (WRONG, (), 4),
        ("all: {hosts: {\n", (), 4),
        ("all:\n", (), 4),
    ],
)
def test_lint_rings_for_errors_and_for_warnings_only_if_it_is_strict(
    text: str,
    options: tuple[str, ...],
    status: int,
    inventory: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    inventory(text)
    assert main(["inventory", "lint", "-i", "hosts.yml", *options]) == status
    assert main(["inventory", "lint", "-i", "hosts.yml", *options, "--format", "json"]) == status
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "canary" not in printed.out
    assert json.loads(printed.out[printed.out.index("\n{") :])["exit_status"] == status


def test_lint_as_json_has_each_part_by_itself(
    inventory: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    inventory(WRONG)
    main(["inventory", "lint", "-i", "hosts.yml", "--output", "json"])
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("sources", "hosts", "errors", "warnings")} == {
        "sources": ["hosts.yml"],
        "hosts": 1,
        "errors": 1,
        "warnings": 1,
    }
    assert told["problems"][1] == {
        "level": "error",
        "rule": "entry",
        "text": "iot_https_https_port is 0, it must be from 1 to 65535",
        "file": "hosts.yml",
        "line": 8,
        "boxes": ["hue-1"],
    }


@pytest.mark.parametrize(("text", "status"), [(FINE, 0), (WARNED, 0), (WRONG, 4)])
def test_show_fails_for_an_entry_that_cannot_be_used(
    text: str, status: int, inventory: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    inventory(text)
    assert main(["inventory", "show", "-i", "hosts.yml", "hue-1"]) == status
    assert "iot_https_server_url" in capsys.readouterr().out
    assert main(["inventory", "show", "-i", "hosts.yml", "hue-1", "--format", "json"]) == status
    (box,) = json.loads(capsys.readouterr().out)["boxes"]
    assert (box["name"], box["customer"], box["connection"]) == ("hue-1", "lotus", "ssh")
    server = next(each for each in box["variables"] if each["name"] == "iot_https_server_url")
    assert server == {
        "name": "iot_https_server_url",
        "value": "https://lotus.example",
        "secret": False,
        "vault": False,
        "from": {"kind": "host", "name": "hue-1", "file": "hosts.yml", "line": 6},
        "problem": None,
        "overrules": [],
    }


def test_a_box_that_is_not_there_is_one_line(
    inventory: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    inventory(FINE.replace("hue-1:", "other: {}\n    hue-1:"))
    assert main(["inventory", "show", "-i", "hosts.yml", "hue-2"]) == 1
    said = "iot-https: pattern hue-2 matches none of the 2 hosts: did you mean hue-1?\n"
    assert capsys.readouterr().err == said
