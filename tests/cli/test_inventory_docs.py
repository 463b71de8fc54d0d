"""The commands about inventories in docs/inventory.md, typed one after the other in an empty folder, do as it says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from reconciler.box_list.columns import COLUMNS, NEEDED
from reconciler.cli import main
from reconciler.inventory import load
from reconciler.inventory.linted import Rule

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/inventory.md").read_text()
COMMANDS = [each for each in re.findall(r"^\$ (.+)$", PAGE, re.MULTILINE) if each.startswith("iot-https inventory ")]


def test_commands_of_the_docs_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (listed,) = re.findall(r"^```csv\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    Path("boxes.csv").write_text(listed)
    assert len(COMMANDS) == 6
    for command in COMMANDS:
        assert main(shlex.split(command)[1:]) == 0, command
        printed = capsys.readouterr().out
        if " show " in command:
            assert "(group customer_lotus, boxes/group_vars/customer_lotus.yml:7)" in " ".join(printed.split())
        if " lint " in command:
            assert "no problems" in printed or json.loads(printed)["problems"] == []
    assert [each.name for each in load(["boxes"]).targets] == ["hanoi-till-1", "hanoi-till-2", "hue-till-1"]


def test_every_rule_is_described() -> None:
    rules = re.findall(r"^\| `([a-z_]+)` \| .*\| .*\|$", PAGE[PAGE.index("| rule | error |") :], re.MULTILINE)
    assert sorted(rules) == sorted(map(str, Rule))


def test_every_column_is_described_with_its_other_names() -> None:
    table = PAGE[PAGE.index("| column | also called |") :].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \|(.*?)\|(.*)\|$", table, re.MULTILINE)
    others = {name: re.findall("`([^`]+)`", told) for name, told, _ in rows}
    named = {name: tuple(each.replace(" ", "_") for each in found) for name, found in others.items()}
    assert named == dict(COLUMNS)
    assert tuple(name for name, _, text in rows if text.strip().endswith("needed")) == NEEDED
