"""Boxes without SSH in a play: the task asks their pages from the control machine, and says what the command says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from socket import socket
from typing import Any

import pytest

from reconciler.cli import main
from tests.support.shop import CODE, TOKEN, UUID, Shop, shop

from .conftest import Control, Played

__all__ = ["shop"]

CHECK, RECONCILE = "playbooks/check.yml", "playbooks/reconcile.yml"
NAMES = ("box-ro-flat", "box-ro-ini", "box-rw-ini", "box-17-0")
"""One of each family of pages, and a Windows one; the command's own test has every generation."""
NO_WAY = "    ansible_port: 1\n    ansible_ssh_common_args: -o ProxyCommand=false\n"
"""Whoever connects over SSH finds nobody."""


@pytest.fixture(scope="module")
def control(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Control:
    """A control machine whose inventory has every box of the shop, and one that is not there."""
    folder = tmp_path_factory.mktemp("inventory")
    text = shop.inventory(folder).read_text()
    (line,) = (each for each in text.splitlines(keepends=True) if "ansible_port" in each)
    gone = "    gone:\n      iot_https_homepage_port: 1\n      iot_https_https_port: 1\n"
    (folder / "hosts.yml").write_text(text.replace(line, NO_WAY) + gone)
    return Control(tmp_path_factory.mktemp("home"), folder / "hosts.yml")


def played(control: Control, playbook: str, *words: str) -> Played:
    run = control.play(playbook, *control.recorded, *words)
    assert not [secret for secret in (CODE, TOKEN, UUID) if secret in run.output]
    return run


def codes(report: Mapping[str, Any], name: str) -> list[str]:
    (row,) = (each for each in report["boxes"] if each["name"] == name)
    return sorted(each["code"] for each in row["findings"])


def test_check_then_reconcile_then_nothing_more(
    shop: Shop,
    control: Control,
    capsys: pytest.CaptureFixture[str],
) -> None:
    starts, these = shop.starts, ("--limit", ":".join(NAMES), "--forks", str(len(NAMES)))
    first = played(control, CHECK, "--diff", "--limit", ":".join((*NAMES, "gone")), "--forks", str(len(NAMES)))
    assert (first.recap("gone")["unreachable"], first.recap("gone")["failed"]) == (1, 0)
    assert first.report("gone")["boxes"][0]["state"] == "unreachable"
    assert "IOT_HTTPS_HOMEPAGE_SILENT" in first.output
    assert (shop.authority.count, shop.starts) == (0, starts)
    assert all(first.recap(name)["unreachable"] == 0 for name in NAMES)

    main(["check", "-i", str(control.inventory), "--no-probe", "--output", "json", "--limit", ":".join(NAMES)])
    command = json.loads(capsys.readouterr().out)
    assert {name: codes(first.report(name), name) for name in NAMES} == {name: codes(command, name) for name in NAMES}

    second = played(control, RECONCILE, "--diff", *these)
    states = {name: second.report(name)["boxes"][0]["state"] for name in NAMES}
    assert set(states.values()) == {"changed"}, (states, second.output)
    assert all(second.recap(name)["failed"] == 0 for name in NAMES)

    asked, starts = shop.authority.count, shop.starts
    third = played(control, RECONCILE, *these)
    assert all(third.recap(name)["changed"] == 0 for name in NAMES), third.output
    assert (shop.authority.count, shop.starts) == (asked, starts)


@pytest.fixture
def fronted(control: Control) -> Iterator[tuple[str, ...]]:
    """A host where nginx alone listens, as from 19.1 on; nobody where this user may not listen on its port."""
    with socket() as nginx:
        try:
            nginx.bind(("127.80.69.1", 80))
        except PermissionError:
            yield ()
            return
        nginx.listen()
        with control.inventory.open("a") as file:
            file.write("    fronted:\n      ansible_host: 127.80.69.1\n")
        yield ("fronted",)


def test_a_rollout_knocks_at_the_pages(shop: Shop, control: Control, fronted: tuple[str, ...]) -> None:
    names = sorted(shop.boxes)[:2]
    run = played(control, "playbooks/rollout.yml", "--check", "--limit", ":".join(["gone", *fronted, *names]))
    assert re.search(r"""Do not answer and are left out: gone['"]?$""", run.output, re.MULTILINE), run.output
    assert not fronted or "PLAY [Mend them" in run.output
    assert all(run.recap(name)["unreachable"] == 0 for name in names)
