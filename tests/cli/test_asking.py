"""What a reconcile asks before it changes anything, and what counts as no."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from reconciler.cli import main

from .conftest import Machines
from .hosts import Command
from .test_cli import SECRETS, Terminal


def test_more_boxes_than_allowed_are_not_changed(iot_https: Command, calls: list[str]) -> None:
    status, out, err = iot_https("reconcile", "--yes", "--max-changed", "2", "--limit", "!hue-till-2")
    assert (status, err) == (10, "")
    words = " ".join(out.split())
    assert words.count("Nothing was changed: 3 boxes want changes, --max-changed allows 2:") == 1
    assert words.lower().count("nothing was changed") == 1
    assert set(calls) == {"lock"}


def test_plan_is_shown_and_asked_for(iot_https: Command, monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    status, out, err = iot_https("reconcile", "--limit", "hanoi")
    assert "hanoi-till-1" in err
    assert "Do this? [y/N]" in err
    assert "nameserver" not in err
    assert (out + err).count("the answer was no") == 1
    assert "\nNothing was changed: the answer was no.\n" in out
    assert status == 2
    assert set(calls) == {"lock"}
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert iot_https("reconcile", "--limit", "hanoi")[0] == 2
    assert iot_https("check", "--limit", "hanoi")[0] == 0


def test_with_diff_the_changes_of_each_box_are_shown_before_the_question(
    iot_https: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    _, _, err = iot_https("reconcile", "--limit", "hanoi", "--diff")
    assert "hanoi-till-1, hanoi-till-2:\n  would   set DNS resolvers (1.1.1.1, 8.8.8.8)\n          - nameserver" in err
    assert err.index("nameserver") < err.index("2 boxes to change") < err.index("Do this? [y/N]")
    assert not [secret for secret in SECRETS if secret in err]


def test_without_anybody_to_ask_nothing_is_even_looked_at(
    iot_https: Command, monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, out, err = iot_https("reconcile")
    assert (status, out) == (1, "")
    assert "pass --yes" in err
    assert calls == []


MISSPELT = {
    "another case": ("lotus", "customer_Lotus.yml"),
    "a name that Ansible changes": ("lotus-bakery", "customer_lotus-bakery.yml"),
    "another suffix": ("lotus", "customer_lotus.YML"),
}


@pytest.mark.parametrize(("customer", "file"), MISSPELT.values(), ids=MISSPELT)
def test_silence_is_not_agreement(
    customer: str, file: str, tmp_path: Path, machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "inventory"
    (folder / "group_vars").mkdir(parents=True)
    (folder / "boxes.yml").write_text(
        f"all: {{hosts: {{till-1: {{iot_https_customer: {customer}}}, till-2: {{iot_https_customer: {customer}}}}}}}"
    )
    (folder / "groups.yml").write_text(
        "plugin: constructed\nkeyed_groups: [{prefix: customer, key: iot_https_customer}]"
    )
    (folder / "group_vars" / file).write_text("iot_https_server_url: https://db.example\n")

    for verb in ("check", "reconcile", "diagnose"):
        status = main([verb, "-i", str(folder), *(("--yes",) if verb == "reconcile" else ())])
        said = capsys.readouterr()
        assert status == 1
        assert "till-1, till-2" in said.out
        assert "in sync" not in said.out
        assert said.err.splitlines()[-1] == (
            "nothing is managed: no variable declares what any of the 2 boxes should be: "
            "declare it (docs/inventory.md), or have iot-https adopt do so"
        )
    assert main(["check", "-i", str(folder), "--output", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["exit_status"], report["summary"]["not_attempted"]) == (1, 2)
    (warning,) = report["warnings"]
    assert f"{file} is not read" in warning
    assert machines.boxes == {}
