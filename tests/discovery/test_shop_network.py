"""`iot-https discover` in a network of its own, with boxes of every generation and servers that misbehave."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from reconciler.discovery.networks import networks
from reconciler.report.discovery_json import schema
from tests.docs.pages import ROOT, Page
from tests.support.lan import COMMAND, Lan, lan, needs_namespaces
from tests.support.patience import PATIENCE

from . import shop_network as shop

pytestmark = needs_namespaces
PAGE = Page(ROOT / "docs/discover.md")
QUICK = ("--rate", "1000", "--connect-timeout", "3", "--forks", "250")
BOXES = "192.168.1.20-31"
HARMLESS = {
    "/hw_proxy/hello",
    "/hw_proxy/get_version",
    "/hw_posbox_homepage/ping",
    "/hw_posbox_homepage/password",  # of 15.0 to early 17.0, by GET, which it refuses before any of its code runs
    "/iot_drivers/ping",
    "/iot_drivers/data",
    "/list_credential",
}
FETCHING = "/hw_posbox_homepage/data"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lan]:
    with lan(tmp_path_factory.mktemp("shop"), "tests.discovery.shop_network") as up:
        yield up


@pytest.fixture(scope="module")
def searched(served: Lan) -> subprocess.CompletedProcess[str]:
    return served.run("discover", *shop.NETWORKS, "--output", "json", *QUICK)


@pytest.fixture(scope="module")
def found(searched: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(searched.stdout)
    return value


@cache
def meant() -> frozenset[str]:
    return frozenset(networks(shop.NETWORKS))


def box(found: dict[str, Any], address: str) -> dict[str, Any]:
    (one,) = [each for each in found["boxes"] if each["address"] == address]
    return dict(one)


def test_the_json_has_its_shape(found: dict[str, Any]) -> None:
    jsonschema.validate(found, schema(), format_checker=jsonschema.FormatChecker())
    assert found["networks"] == [*shop.NETWORKS]


def test_each_box_is_found_and_nobody_else_is_one(found: dict[str, Any]) -> None:
    assert {each["address"] for each in found["boxes"]} == {*shop.BOXES, shop.WINDOWS, shop.LIAR}
    servers = {address for address, port in shop.STRANGERS if port != 22} - {shop.LIAR}
    assert {each["address"] for each in found["others"]} == servers
    assert found["summary"] == {
        "addresses": 284,
        "looked_at": 284,
        "boxes": 10,
        "others": len(servers),
        "without_web_server": 1,
        "silent": 284 - 10 - len(servers) - 1,
    }


GENERATIONS: dict[str, tuple[str | None, str | None, str | None, str, bool | None]] = {
    "192.168.1.20": ("saas-18.4, 19.0+", "25.07", "1000000000000000", "ssh", True),
    "192.168.1.21": ("late 17.0, 18.0", "24.10", "b8:27:eb:00:00:01", "ssh", True),
    "192.168.1.22": ("16.0, early 17.0", "23.11", None, "ssh", None),
    "192.168.1.23": ("15.0", "21.10", None, "ssh", None),
    "192.168.1.24": ("late 17.0, 18.0", "24.10", None, "ssh", None),
    "192.168.1.25": ("saas-18.4, 19.0+", "2025.10.31", "1000000000000005", "ssh", False),
    shop.NO_SSH: ("saas-18.4, 19.0+", "25.07", "1000000000000006", "homepage", True),
    shop.SILENT_PROGRAM: (None, None, None, "ssh", None),
    shop.WINDOWS: ("saas-18.4, 19.0+", "W23_11", "4c4c4544-0042-3510-8052-b4c04f4a4b32", "homepage", False),
}


@pytest.mark.parametrize("address", GENERATIONS)
def test_a_box_is_described(address: str, found: dict[str, Any]) -> None:
    one = box(found, address)
    seen = (one["generation"], one["image"], one["identifier"], one["connection"], one["linked"])
    assert seen == GENERATIONS[address]
    assert (one["host_key"] or "").startswith("ssh-ed25519 SHA256:") is (one["ssh"] == "open")


def test_a_certificate_and_the_name_that_leads_to_it_are_described(found: dict[str, Any]) -> None:
    real, fresh = (box(found, each)["certificate"] for each in ("192.168.1.20", "192.168.1.24"))
    assert (real["trusted"], real["resolves"], real["temporary"]) == (True, True, False)
    assert real["name"] == f"192-168-1-20.{real['names'][1]}"
    assert real["days_left"] in (89, 90)
    assert box(found, shop.HIDDEN)["certificate"]["resolves"] is False
    assert (fresh["temporary"], fresh["trusted"], fresh["name"]) == (True, False, None)


def test_two_addresses_of_one_identifier_are_named_and_ring(
    searched: subprocess.CompletedProcess[str], found: dict[str, Any]
) -> None:
    assert box(found, "192.168.1.20")["same_identifier"] == [shop.LIAR]
    assert box(found, shop.LIAR)["same_identifier"] == ["192.168.1.20"]
    assert searched.returncode == found["exit_status"] == 8


def test_no_packet_leaves_the_networks_that_were_named(found: dict[str, Any], served: Lan) -> None:
    everything = {*meant(), "127.0.0.1"}
    packets = served.packets()
    assert {each for each in packets if each[1] not in everything} == set()
    assert {port for kind, where, port in packets if kind == "tcp" and where in meant()} == {22, 80, 443, 8069}
    assert {port for _, where, port in packets if where == "127.0.0.1"} == {53}
    assert {where for _, where, port in packets if port == 8069} == meant()


def test_a_packet_that_leaves_would_be_noticed(found: dict[str, Any], served: Lan) -> None:
    knock = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('10.98.0.1', 9))"
    subprocess.run(served.entering(COMMAND[0], "-c", knock), check=True, timeout=PATIENCE)
    while ("udp", "10.98.0.1", 9) not in served.packets():  # the limit of a test ends this
        time.sleep(0.01)


@pytest.mark.parametrize("address", [*shop.BOXES, shop.WINDOWS])
def test_only_harmless_routes_are_asked(address: str, found: dict[str, Any], served: Lan) -> None:
    asked = set(served.asked(address))
    assert asked or address == shop.SILENT_PROGRAM
    assert asked <= HARMLESS | ({FETCHING} if address == "192.168.1.21" else set())


def test_a_status_that_may_fetch_is_read_behind_a_good_certificate_only(found: dict[str, Any], served: Lan) -> None:
    assert FETCHING in served.asked("192.168.1.21")
    assert FETCHING not in served.asked("192.168.1.24")


@pytest.fixture(scope="module")
def written(served: Lan) -> subprocess.CompletedProcess[str]:
    return served.run("discover", BOXES, "--output", "inventory", *QUICK)


def test_what_a_box_says_neither_commands_a_terminal_nor_becomes_a_key(
    found: dict[str, Any], written: subprocess.CompletedProcess[str], served: Lan
) -> None:
    text = served.run("discover", shop.LIAR, *QUICK)
    for shown in (text.stdout, written.stdout, written.stderr, json.dumps(found, ensure_ascii=False)):
        assert all(each.isprintable() or each == "\n" for each in shown)
        assert "injected" not in shown
        assert "canary" not in shown
    assert "box-192-168-1-31" in yaml.safe_load(written.stdout)["discovered"]["hosts"]


def test_an_inventory_of_what_was_found_can_be_used(served: Lan, written: subprocess.CompletedProcess[str]) -> None:
    (served.folder / "found-before.yml").write_text(written.stdout)
    hosts = yaml.safe_load(written.stdout)["discovered"]["hosts"]
    assert hosts["box-192-168-1-25"] == {"ansible_host": "192.168.1.25", "iot_https_serial": "1000000000000005"}
    assert hosts["box-192-168-1-21"] == {"ansible_host": "192.168.1.21"}
    assert hosts["box-192-168-1-20"] == {"ansible_host": "192.168.1.20"}
    assert hosts["box-192-168-1-30"] == {
        "ansible_host": "192.168.1.30",
        "iot_https_connection": "homepage",
        "iot_https_serial": "4c4c4544-0042-3510-8052-b4c04f4a4b32",
    }
    known = served.run("discover", "192.168.1.25", "-i", "found-before.yml", "--output", "inventory", *QUICK)
    assert "# 192.168.1.25: in the inventory as box-192-168-1-25" in known.stdout
    assert yaml.safe_load(known.stdout) == {"discovered": {"hosts": {}}}
    assert known.returncode == 0


def test_nothing_found_is_said_clearly(served: Lan) -> None:
    nobody = served.run("discover", "192.168.1.200-220", *QUICK)
    assert "No box found: 21 addresses looked at" in nobody.stdout
    assert "Nothing answers in these networks: is the VPN up" in nobody.stdout
    assert nobody.returncode == 16


def test_others_are_counted_and_listed_where_that_is_asked_for(served: Lan) -> None:
    others = ("discover", shop.PRINTER, shop.SSH_ONLY, *QUICK)
    counted = served.run(*others)
    assert "No box found: 2 addresses looked at" in counted.stdout
    assert "Elsewhere: 1 server that is no box (-v lists them), 1 machine without a web server." in counted.stdout
    assert counted.returncode == 0
    assert f"  {shop.PRINTER} port 80: " in served.run(*others, "-v").stdout


def test_what_was_found_is_printed_when_somebody_ends_it(served: Lan) -> None:
    slow = ("192.168.1.20-22", "192.168.1.100-200", "--rate", "20", "--forks", "1")
    command = served.entering(*COMMAND, "discover", *slow, "--output", "json")
    with subprocess.Popen(
        command, env=served.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        for line in process.stderr:
            if ", 3 boxes found" in line:
                process.send_signal(signal.SIGINT)
                break
        ended = json.loads(process.stdout.read())
    assert [each["address"] for each in ended["boxes"]] == ["192.168.1.20", "192.168.1.21", "192.168.1.22"]
    assert ended["ended_early"] == "interrupted by SIGINT"
    assert process.returncode == ended["exit_status"] == 4


def test_time_that_is_over_ends_it(served: Lan) -> None:
    done = served.run("discover", "192.168.1.100-200", "--forks", "1", "--run-timeout", "1")
    assert "ended by --run-timeout 1: " in done.stdout
    assert done.returncode & 4


def test_commands_of_its_page_work(served: Lan, tmp_path: Path) -> None:
    program = tmp_path / "iot-https"
    program.write_text(f'#!/bin/sh\nexec {COMMAND[0]} -m reconciler.cli "$@" {" ".join(QUICK)}\n')
    program.chmod(0o755)
    (served.folder / "inventory").mkdir()
    (served.folder / "inventory/hosts.yml").write_text("till-1: {hosts: {till-1: {ansible_host: 192.168.1.20}}}\n")
    statuses = {command: _typed(served, command, tmp_path) for command in PAGE.commands}
    assert {command: status for command, status in statuses.items() if status not in (0, 8, 10)} == {}
    assert (served.folder / "found.yml").read_text().startswith("---\n")


def _typed(served: Lan, command: str, programs: Path) -> int:
    path = f"{programs}:{os.environ['PATH']}"
    typed = served.entering("env", f"PATH={path}", "sh", "-c", command)
    done = subprocess.run(typed, env=served.environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.stdout or ">" in command or command.startswith("jq -e"), done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode
