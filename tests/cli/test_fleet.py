"""The command over an inventory: what it reads, prints, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.model.desired import DECLARING

from .conftest import Machines
from .hosts import HOSTS, Command, states
from .test_cli import SECRETS


def test_one_bad_entry_is_reported_and_the_others_are_mended(iot_https: Command) -> None:
    status, out, _ = iot_https("reconcile", "--yes", "--output", "json")
    assert states(out) == {
        "hanoi-till-1": "changed",
        "hanoi-till-2": "changed",
        "hue-till-1": "changed",
        "hue-till-2": "invalid",
    }
    assert status == 6
    status, out, _ = iot_https("reconcile", "--yes", "--limit", "!hue-till-2")
    assert status == 0
    assert "3 in sync" in out


def test_report_for_a_person_groups_by_store_and_cause(iot_https: Command) -> None:
    status, out, err = iot_https("check")
    assert status == 6
    assert "bakery, Hanoi" in out or "bakery / Hanoi" in out
    assert out.count("IOT_HTTPS_TEMPORARY_CERTIFICATE") == 1
    assert "iot_https_resolvers is text, a list is expected" in out
    assert err == ""


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("hanoi",), {"hanoi-till-1", "hanoi-till-2"}),
        (("--limit", "hue-till-1"), {"hue-till-1"}),
        (("hanoi", "--limit", "*-1"), {"hanoi-till-1"}),
        (("all:!hue",), {"hanoi-till-1", "hanoi-till-2"}),
        (("hanoi", "--limit", "hanoi-till-1,hue-till-1"), {"hanoi-till-1"}),
        (("hanoi", "--limit", "hanoi-till-1:hue-till-1"), {"hanoi-till-1"}),
        (("hanoi,hue-till-1", "--limit", "hue"), {"hue-till-1"}),
        (("hanoi:hue-till-1", "--limit", "*-1"), {"hanoi-till-1", "hue-till-1"}),
        (("hanoi", "--limit", "!hanoi-till-1"), {"hanoi-till-2"}),
    ],
)
def test_pattern_and_limit_choose_boxes(iot_https: Command, options: tuple[str, ...], names: set[str]) -> None:
    _, out, _ = iot_https("check", *options, "--output", "json")
    assert set(states(out)) == names


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--limit", ""), "--limit '' names nothing: name hosts or groups, or leave it out for all"),
        (("hanoi", "--limit", ""), "--limit '' names nothing"),
        (("",), "pattern '' names nothing"),
        (("", "--limit", "hanoi"), "pattern '' names nothing"),
        (("hanoi", "--limit", "hue"), "--limit hue and pattern hanoi match no host in common: correct one of them"),
        (("nowhere",), "pattern nowhere matches none of the"),
        (("-i", ""), "-i names nothing: name an inventory"),
    ],
)
@pytest.mark.parametrize("verb", ["check", "reconcile", "diagnose"])
def test_what_a_variable_left_empty_is_never_every_box(
    iot_https: Command, verb: str, options: tuple[str, ...], said: str
) -> None:
    status, out, err = iot_https(verb, *options)
    assert (status, out) == (1, "")
    assert said in err


def test_warnings_about_the_inventory_are_in_the_report(iot_https: Command) -> None:
    _, out, err = iot_https("check", "--limit", "hanoi,nowhere", "--output", "json")
    assert json.loads(out)["warnings"] == ["no host and no group matches nowhere"]
    assert err == "warning: no host and no group matches nowhere\n"


@pytest.mark.parametrize(
    "options",
    [
        ("check",),
        ("check", "--diff"),
        ("check", "--output", "json"),
        ("--debug", "check"),
        ("reconcile", "--yes", "-D"),
    ],
)
def test_no_secret_is_shown(
    machines: Machines, inventory: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    main([*options, "-i", str(inventory)])
    printed = capsys.readouterr()
    assert not [secret for secret in SECRETS if secret in printed.out + printed.err]
    assert printed.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("all: {hosts: {}}", "add boxes, or correct -i"),
        ("all: [", "hosts.yml"),
        (HOSTS.replace("hanoi:", "hanoi: !unknown"), "hosts.yml"),
    ],
)
def test_inventory_that_cannot_be_used_is_one_clear_line(
    iot_https: Command, inventory: Path, content: str, words: str
) -> None:
    inventory.write_text(content)
    status, out, err = iot_https("check")
    assert (status, out) == (1, "")
    assert words in err
    assert "Traceback" not in err


def test_command_on_a_box_loads_nothing_that_a_box_lacks(tmp_path: Path) -> None:
    (tmp_path / "d.yml").write_text("iot_https_connection: local\n")
    script = (
        "import sys; from reconciler.cli import main;"
        f"main(['check', '--connection', 'local', '--desired', '{tmp_path}/d.yml']);"
        "sys.exit(sorted({'ansible', 'rich', 'asyncssh', 'filelock', 'platformdirs'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_box_without_anything_declared_is_told_beside_the_others(inventory: Path, iot_https: Command) -> None:
    inventory.write_text(inventory.read_text().replace("  children:", "  hosts: {gateway: }\n  children:"))
    nothing = "\n".join(f"iot_https_{each}: null" for each in DECLARING)
    (inventory.parent / "host_vars").mkdir()
    (inventory.parent / "host_vars/gateway.yml").write_text(nothing)
    assert iot_https("check", "--limit", "!hue-till-2")[0] & 4
    (inventory.parent / "host_vars/gateway.yml").write_text("iot_https_managed: false\n")
    iot_https("reconcile", "--yes", "--limit", "!hue-till-2")
    status, out, _ = iot_https("check", "--limit", "!hue-till-2")
    assert (status, out.splitlines()[-1].endswith("3 in sync, 1 not managed")) == (0, True)


def test_the_box_one_sits_on_may_not_be_managed_either(
    desired_file: Callable[[str], Path], machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desired_file("iot_https_store: hanoi\n")
    assert main(["check", "--connection", "local", "--desired", str(path), "--name", "till-1"]) == 1
    said = capsys.readouterr()
    assert said.out == "till-1: not managed, since nothing is declared for it\n"
    assert said.err.startswith("nothing is managed: no variable declares what this box should be")
    assert machines.boxes == {}
