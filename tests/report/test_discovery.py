"""What a search found, in each format: whatever boxes say of themselves, it is printed and does nothing."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
import yaml

from reconciler.discovery.certificate import ServedCertificate
from reconciler.discovery.found import (
    DiscoveredBox,
    Identifier,
    IdentifierKind,
    Looked,
    NotLooked,
    OtherServer,
    QuietMachine,
    SaidByBox,
    Search,
    SearchedPorts,
)
from reconciler.discovery.knock import Door
from reconciler.discovery.known import InInventory, Relation
from reconciler.discovery.networks import networks
from reconciler.discovery.page import identifier
from reconciler.model.statement import say
from reconciler.report import discovery_inventory, discovery_json, discovery_text

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOSTILE = (
    "{{ lookup('pipe', 'id') }}",
    "x\n      ansible_connection: local",
    "x\r\x85\u2028ansible_become: true",
    '"',
    "x: y #",
    "!vault |",
    "\x1b[2J\x1b]0;x\x07",
    "\u202egnirts",
    "*anchor &anchor",
    "a" * 5000,
    "[bold red]markup[/]",
)


def box(text: str = "x", address: str = "10.0.0.20", **changes: object) -> DiscoveredBox:
    certificate = ServedCertificate(
        names=(text,), not_after=NOW + timedelta(days=40), public_name=f"10-0-0-20.{text}", resolves=False
    )
    said = SaidByBox(
        generation="15.0", image=text, system="Linux", identifier=identifier(text), linked=True, server=text
    )
    fields: dict[str, object] = {
        "address": address,
        "said": said,
        "port": 8069,
        "https": Door.OPEN,
        "certificate": certificate,
        "ssh": Door.OPEN,
        "host_key": f"ssh-ed25519 {text}",
    }
    return DiscoveredBox(**{**fields, **changes})  # type: ignore[arg-type]


def search(*looked: Looked, ended: str | None = None) -> Search:
    return Search(networks=networks(["10.0.0.16/28"]), began=NOW, seconds=3.2, looked=looked, ended_early=ended)


def shown(done: Search, known: dict[str, InInventory] | None = None, *, everything: bool = True) -> str:
    stream = io.StringIO()
    discovery_text.show(done, known, stream, everything=everything)
    return stream.getvalue()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_box_says_is_no_value_of_an_inventory(text: str) -> None:
    printed = discovery_inventory.render(search(box(text)), None, ["10.0.0.16/28"])
    assert yaml.safe_load(printed) == {"discovered": {"hosts": {"box-10-0-0-20": {"ansible_host": "10.0.0.20"}}}}
    assert all(each.isprintable() or each == "\n" for each in printed)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", ["40", "100"])
def test_what_a_box_says_commands_no_terminal(text: str, width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    done = search(box(text), OtherServer("10.0.0.21", 80, say("page_failed", path="/", reason=text)))
    for printed in (shown(done), discovery_json.render(done, None, ["10.0.0.16/28"], 0)):
        assert all(each.isprintable() or each == "\n" for each in printed)
        assert "\n      ansible_" not in printed
    assert max(map(len, shown(done).splitlines())) <= discovery_text.LONGEST_REASON + 8  # a word is never broken


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_json_has_its_shape_whatever_a_box_says(text: str) -> None:
    done = search(box(text), NotLooked("10.0.0.22", "no route"), ended="interrupted by SIGINT")
    known = {"10.0.0.20": InInventory(Relation.KNOWN, "till-1")}
    object_ = json.loads(discovery_json.render(done, known, ["10.0.0.16/28"], 4))
    jsonschema.validate(object_, discovery_json.schema(), format_checker=jsonschema.FormatChecker())
    assert "canary" not in json.dumps(object_)


SERIAL = Identifier(IdentifierKind.SERIAL, "10000000abcdef01")
MAC = Identifier(IdentifierKind.MAC, "b8:27:eb:01:02:03")
PINNED: dict[str, tuple[Identifier, Door, str | None, bool]] = {
    "a serial number over SSH": (SERIAL, Door.OPEN, SERIAL.value, False),
    "a serial number by homepage": (SERIAL, Door.CLOSED, SERIAL.value, True),
    "a MAC address over SSH, where a run compares serial numbers": (MAC, Door.OPEN, None, False),
    "a MAC address by homepage": (MAC, Door.SILENT, MAC.value, True),
    "something else": (Identifier(IdentifierKind.OTHER, "till"), Door.CLOSED, None, True),
}


@pytest.mark.parametrize("case", PINNED)
def test_an_identifier_is_pinned_where_a_run_compares_it(case: str) -> None:
    found, ssh, serial, by_homepage = PINNED[case]
    one = box(said=SaidByBox(generation="19.0", identifier=found), ssh=ssh, host_key=None)
    (host,) = yaml.safe_load(discovery_inventory.render(search(one), None, ["x"]))["discovered"]["hosts"].values()
    assert host.get("iot_https_serial") == serial
    assert (host.get("iot_https_connection") == "homepage") is by_homepage


USUAL = SearchedPorts()
PORTS: dict[str, tuple[DiscoveredBox, SearchedPorts, dict[str, int]]] = {
    "the usual ones": (box(), USUAL, {}),
    "a homepage behind nginx alone": (box(port=80), USUAL, {"iot_https_homepage_port": 80}),
    "others": (
        box(port=8070),
        SearchedPorts(homepage=8070, https=8443, ssh=2222),
        {"ansible_port": 2222, "iot_https_homepage_port": 8070, "iot_https_https_port": 8443},
    ),
    "others, without SSH": (box(ssh=Door.CLOSED), replace(USUAL, ssh=2222), {}),
}


@pytest.mark.parametrize("case", PORTS)
def test_ports_are_declared_where_they_are_others(case: str) -> None:
    one, ports, declared = PORTS[case]
    printed = discovery_inventory.render(replace(search(one), ports=ports), None, ["x"])
    (host,) = yaml.safe_load(printed)["discovered"]["hosts"].values()
    assert {name: value for name, value in host.items() if name.endswith("port")} == declared


def test_two_addresses_of_one_identifier_are_named_and_not_pinned() -> None:
    said = SaidByBox(generation="19.0", identifier=SERIAL)
    done = search(box(said=said), box(address="10.0.0.21", said=said))
    assert "10.0.0.20, 10.0.0.21 have one identifier (serial 10000000abcdef01)" in " ".join(shown(done).split())
    hosts = yaml.safe_load(discovery_inventory.render(done, None, ["x"]))["discovered"]["hosts"]
    assert ["iot_https_serial" in each for each in hosts.values()] == [False, False]


@pytest.mark.parametrize("relation", Relation)
def test_how_a_box_stands_to_the_inventory_is_said_and_decides_whether_it_is_listed(relation: Relation) -> None:
    named = relation in (Relation.KNOWN, Relation.MOVED, Relation.EXCHANGED)
    known = {"10.0.0.20": InInventory(relation, "till-1" if named else None)}
    done = search(box())
    assert ("till-1" in shown(done, known)) is named
    hosts = yaml.safe_load(discovery_inventory.render(done, known, ["x"]))["discovered"]["hosts"]
    assert bool(hosts) is (relation in (Relation.NEW, Relation.ADDRESS_KNOWN))


ENDINGS: dict[str, tuple[tuple[Looked, ...], str]] = {
    "nothing": ((), "No box found: 0 addresses looked at in 3.2 s."),
    "a machine": ((QuietMachine("10.0.0.20"),), "Elsewhere: 1 machine without a web server."),
    "one box": ((box(),), "1 box found, 1 with SSH open: 1 address looked at"),
    "a reason of this machine": (
        (NotLooked("10.0.0.20", "no route"), NotLooked("10.0.0.21", "no route")),
        "Not looked at: 10.0.0.20 and 1 more: no route.",
    ),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_an_ending_says_what_there_is(case: str) -> None:
    looked, line = ENDINGS[case]
    assert line in " ".join(shown(search(*looked)).split())


def test_an_early_end_is_told_with_what_is_left() -> None:
    assert "interrupted by SIGINT: 13 addresses were not looked at." in shown(
        search(box(), ended="interrupted by SIGINT")
    )
