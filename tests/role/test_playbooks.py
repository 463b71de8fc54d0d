"""The playbooks on a fleet that is up: look, mend, mend again, roll out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.role.conftest import Control
from tests.support.served_fleet import ROOT

FRESH, MIXED, ELSEWHERE, OFFLINE = "hanoi-till-1", "hue-till-2", "saigon-till-3", "saigon-till-4"
CANARY, BROKEN_NGINX = "saigon-till-1", "saigon-till-2"
SOME = ",".join((FRESH, MIXED, ELSEWHERE, OFFLINE))
FAILED, UNREACHABLE = 2, 4


def codes(report: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in report["boxes"][0]["findings"]]


def by_command(control: Control) -> dict[str, Any]:
    """Look at the same boxes with the command."""
    words = ["check", "-i", str(control.inventory), "--no-probe", "--limit", SOME, "--output", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "reconciler.cli", *words],
        cwd=ROOT,
        env={**os.environ, "HOME": str(control.home), "XDG_STATE_HOME": str(control.home)},
        capture_output=True,
        check=False,
        timeout=100,
    )
    return {box["name"]: box for box in json.loads(done.stdout)["boxes"]}


def test_a_check_finds_what_the_command_finds_and_changes_nothing(control: Control) -> None:
    played = control.play("iot_https.fleet.check", "--limit", SOME, "--diff", *control.recorded)
    assert played.status == UNREACHABLE, played.output
    assert played.recap(FRESH)["changed"] == 1  # a run would
    assert played.recap(OFFLINE)["unreachable"] == 1
    (offline,) = played.report(OFFLINE)["boxes"]
    assert (offline["state"], offline["customer"], offline["store"]) == ("unreachable", "butcher", "saigon")
    assert codes(played.report(OFFLINE)) == ["IOT_HTTPS_CONNECTION_REFUSED"]
    assert "+server_url = https://bakery.example" in played.output
    assert "+db_uuid = ********" in played.output
    boxes = by_command(control)
    for name in (FRESH, MIXED, ELSEWHERE):
        report = played.report(name)
        assert report["mode"] == "check"
        same = ("name", "customer", "store", "state", "serial", "image", "branch", "plan", "changed")
        assert {key: report["boxes"][0][key] for key in same} == {key: boxes[name][key] for key in same}
        assert codes(report) == [finding["code"] for finding in boxes[name]["findings"]]


def test_boxes_are_mended_and_a_second_time_nothing_changes(control: Control) -> None:
    limit = ("--limit", MIXED)
    planned = control.play("iot_https.fleet.reconcile", "--limit", f"{MIXED},{OFFLINE}", "--check", *control.recorded)
    first = control.play("iot_https.fleet.reconcile", *limit)
    second = control.play("iot_https.fleet.reconcile", *limit)
    assert [played.status for played in (planned, first, second)] == [UNREACHABLE, 0, 0]
    assert planned.report(OFFLINE)["mode"] == planned.report(MIXED)["mode"] == "check"
    assert [played.recap(MIXED)["changed"] for played in (planned, first, second)] == [1, 1, 0]
    assert ["repaired: put the certificate in place" in each.output for each in (planned, first, second)] == [
        False,
        True,
        False,
    ]


def test_a_rollout_names_who_does_not_answer_and_stops_at_the_first_box_that_fails(control: Control) -> None:
    played = control.play("iot_https.fleet.rollout", "--limit", "store_butcher__saigon")
    assert played.status == FAILED, played.output
    assert f"Do not answer and are left out: {OFFLINE}" in played.output
    assert played.output.count("PLAY [Mend them, batch by batch]") == 2
    assert played.recap(CANARY)["failed"] == 0
    assert played.recap(BROKEN_NGINX)["failed"] == 1, played.output
    assert played.recap(ELSEWHERE) == {**played.recap(ELSEWHERE), "ok": 2, "failed": 0}  # only found to answer
    assert 'directive "client_max_body_size" is not terminated' in played.output


@pytest.mark.parametrize("beside", ["", "gateway"])
def test_a_rollout_in_which_nobody_answers_fails(beside: str, control: Control, tmp_path: Path) -> None:
    (tmp_path / "gateway.yml").write_text(GATEWAY)
    limit = f"{OFFLINE},{beside}"
    played = control.play("iot_https.fleet.rollout", "-i", str(tmp_path / "gateway.yml"), "--limit", limit)
    assert played.status == FAILED, played.output
    assert f"Do not answer and are left out: {OFFLINE}" in played.output
    assert "no box answers, so none was mended" in played.output


@pytest.mark.parametrize("playbook", ["check", "reconcile"])
def test_a_box_that_only_a_person_can_help_fails_its_host(control: Control, playbook: str) -> None:
    played = control.play(f"iot_https.fleet.{playbook}", "--limit", f"{ELSEWHERE},{CANARY}", *control.recorded)
    assert played.status == FAILED, played.output
    assert (played.recap(ELSEWHERE)["failed"], played.recap(CANARY)["failed"]) == (1, 0)
    assert played.report(ELSEWHERE)["exit_status"] == 10
    assert "IOT_HTTPS_LINKED_ELSEWHERE" in played.output
    assert "schema_version" not in played.output, "the whole report is for a file, not for a person"


def test_arguments_of_the_wrong_kind_are_refused_without_a_secret(control: Control, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "password").write_text("vault-password")
    hosts = {name: _vaulted(values) for name, (values, _) in WRONG.items()}
    text = "all:\n  hosts:\n" + "".join(f"    {name}:\n{lines}" for name, lines in hosts.items())
    (folder / "wrong.yml").write_text(text)
    words = ("-i", str(folder / "wrong.yml"), "--vault-password-file", str(folder / "password"))
    played = control.play("iot_https.fleet.check", "-vvv", *words, "--limit", ",".join(WRONG), *control.recorded)
    for name, (_, said) in WRONG.items():
        assert played.recap(name)["failed"] == 1
        assert said in played.output
    assert "canary" not in played.output.lower()
    assert "token-of-the-simulation" not in played.output
    for name in WRONG:
        assert "canary" not in (played.results / f"{name}.json").read_text().lower()
        assert played.report(name)["boxes"][0]["state"] == "invalid"


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "hanoi-till-1": ({"iot_https_db_uuid": "canary-uuid"}, "iot_https_db_uuid is not a UUID"),
    "hanoi-till-2": ({"iot_https_token": "canary token"}, "iot_https_token contains a space"),
    "hanoi-till-3": ({"iot_https_tokn": "canary-token"}, "iot_https_tokn is not a known variable"),
    "hanoi-till-4": ({"iot_https_server_url": "https://u:canary@x.example"}, "iot_https_server_url contains a user"),
    "hue-till-1": ({"iot_https_proxy": "canary-proxy"}, "iot_https_proxy is not a proxy address"),
    "hue-till-2": ({"iot_https_resolvers": "canary"}, "iot_https_resolvers is text, a list is expected"),
}


def _vaulted(values: dict[str, str]) -> str:
    from ansible.parsing.vault import VaultLib, VaultSecret

    vault = VaultLib([("default", VaultSecret(b"vault-password"))])
    lines = ""
    for name, value in values.items():
        encrypted = vault.encrypt(value).decode().splitlines()
        lines += f"      {name}: !vault |\n" + "".join(f"        {line}\n" for line in encrypted)
    return lines


GATEWAY = """\
all:
  hosts:
    gateway:
      ansible_host: 127.0.0.1
      ansible_port: 1
      iot_https_resolvers: null
"""


@pytest.mark.parametrize("playbook", ["check", "reconcile"])
def test_a_host_for_which_nothing_is_declared_is_told_and_not_connected_to(
    playbook: str, control: Control, tmp_path: Path
) -> None:
    (tmp_path / "gateway.yml").write_text(GATEWAY)
    words = ("-i", str(tmp_path / "gateway.yml"), "--limit")
    alone = control.play(f"iot_https.fleet.{playbook}", *words, "gateway", *control.recorded)
    beside = control.play(f"iot_https.fleet.{playbook}", *words, f"gateway,{MIXED}")
    for played, failed in ((alone, 1), (beside, 0)):
        assert played.status == (FAILED if failed else 0), played.output
        assert "gateway: not managed" in played.output
        assert played.recap("gateway") == {**played.recap("gateway"), "unreachable": 0, "failed": failed}
    assert "nothing is managed: no variable declares what this box should be" in alone.output
    (box,) = alone.report("gateway")["boxes"]
    assert (box["state"], box["customer"]) == ("not_managed", None)


def test_a_rollout_does_not_knock_where_nothing_is_declared(control: Control, tmp_path: Path) -> None:
    (tmp_path / "gateway.yml").write_text(GATEWAY.replace("      iot_https_resolvers: null\n", ""))
    alone = replace(control, inventory=tmp_path / "gateway.yml")
    played = alone.play("iot_https.fleet.rollout")
    assert played.status == FAILED, played.output
    assert played.recap("gateway")["unreachable"] == 0
    assert "nothing is managed" in played.output
