"""A whole MSP on real boxes: twelve of them, three shops, two customers, ten kinds of trouble, one command."""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import boxes
from realbox.podman import podman, query
from reconciler.codes import CodeName as C
from tests.support import leaks

from . import look
from .control import COMMAND, HOME, equip
from .fleet import (
    BAKERY,
    BUTCHER,
    CUSTOMERS,
    VAULT_PASSWORD,
    Customer,
    Fleet,
    codes_of,
    open_shops,
    report_of,
    states_of,
)
from .lab import TOKEN, Lab, Unit
from .test_bad_input import foreign_key

CONF = "/home/pi/odoo.conf"
NGINX_SITE = "/etc/nginx/sites-enabled/default"
ALL = ("--max-changed", "12", "--yes", "--output", "json")
RecordProperty = Callable[[str, object], None]


@pytest.fixture(scope="module")
def shops(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """Twelve boxes, mended from the state in which they left the shop by one command."""
    lab.close()
    fleet = open_shops(lab, tmp_path_factory.mktemp("msp"))
    report = report_of(fleet.run("reconcile", fleet.inventory(), *ALL))
    assert states_of(report) == dict.fromkeys(fleet.shops, "changed"), codes_of(report)
    return fleet


@pytest.fixture
def fleet(shops: Fleet) -> Fleet:
    """The same, in sync again whatever a test left."""
    boxes.peers().authority("ok")
    report = report_of(shops.run("reconcile", shops.inventory(), *ALL))
    assert not any(codes_of(report).values()), codes_of(report)
    return shops


def lost_at_restart(unit: Unit) -> None:
    pair = unit.pair()
    look.put_in_use(unit, pair.certificate_pem, pair.private_key_pem, trees=("live",))


def mixed(unit: Unit) -> None:
    look.plant(unit, *foreign_key(unit.pair()))


FAULTS: dict[str, tuple[Callable[[Unit], object], list[C]]] = {
    "hanoi-till-1": (look.due, [C.RENEWAL_OVERDUE]),
    "hanoi-till-2": (lost_at_restart, [C.NOT_PERSISTED]),
    "hanoi-till-3": (
        lambda unit: unit.box.shell(f"sed -i 's/^enterprise_code.*/enterprise_code = M999999/' {CONF}"),
        [C.CREDENTIALS_DIFFER],
    ),
    "hue-till-1": (lambda unit: look.rewrite(unit, "rm /home/pi/odoo-subject.conf"), [C.SUBJECT_MISMATCH]),
    "hue-till-2": (mixed, [C.KEY_MISMATCH, C.NOT_PERSISTED]),
    "hue-till-3": (
        lambda unit: unit.box.write("/etc/resolv.conf", f"nameserver {boxes.DEAD_RESOLVER}\n"),
        [C.RESOLVERS_DIFFER, C.RESOLVERS_DO_NOT_WORK],
    ),
    "hue-till-4": (lambda unit: unit.box.shell("systemctl stop nginx"), [C.NGINX_DOWN]),
    "saigon-till-1": (
        lambda unit: look.rewrite(
            unit, "chown root:root /etc/ssl/iot-https/current/*; chmod 600 /etc/ssl/iot-https/current/*"
        ),
        [C.CHECK_CERT_READ_EXCEPTION, C.NOT_RENEWABLE],
    ),
    "saigon-till-2": (
        lambda unit: unit.box.shell(f"echo 'listen on;' >> {NGINX_SITE}"),
        [C.NGINX_CONFIG_BROKEN],
    ),
    "saigon-till-3": (
        lambda unit: unit.box.shell(f"sed -i 's|^remote_server.*|remote_server = https://db.stranger.example|' {CONF}"),
        [C.LINKED_ELSEWHERE],
    ),
}
WRONG_SERIAL = {"saigon_till_4": {"iot_https_serial": "10000000deadbeef"}}
FOR_A_PERSON = {
    "saigon-till-2": [C.NGINX_CONFIG_BROKEN],
    "saigon-till-3": [C.LINKED_ELSEWHERE],
    "saigon-till-4": [C.WRONG_BOX],
}


def put_right(fleet: Fleet) -> None:
    """What a person would do."""
    fleet.unit("saigon-till-2").box.shell(f"cp /root_bypass_ramdisks{NGINX_SITE} {NGINX_SITE}")
    restore = f"sed -i 's|^remote_server.*|remote_server = {BUTCHER.server_url}|' {CONF}"
    fleet.unit("saigon-till-3").box.shell(restore)


def test_eleven_faults_are_named_mended_and_stay_mended(fleet: Fleet, record_property: RecordProperty) -> None:
    inventory = fleet.inventory("faults", **WRONG_SERIAL)
    for name, (spoil, _) in FAULTS.items():
        spoil(fleet.unit(name))
    try:
        checked = fleet.run("check", inventory, "--output", "json")
        expected = {name: found for name, (_, found) in FAULTS.items()} | {"saigon-till-4": [C.WRONG_BOX]}
        assert _with_findings(report_of(checked)) == _texts(expected)
        assert checked.returncode == 10

        mended = fleet.run("reconcile", inventory, *ALL)
        assert _with_findings(report_of(mended)) == _texts(FOR_A_PERSON)
        assert mended.returncode == 10

        again = report_of(fleet.run("reconcile", inventory, *ALL))
        assert not [each for each in again["boxes"] if each["outcomes"] or each["state"] == "changed"]
        record_property("real fleet", f"12 boxes, 11 faults, reconcile {report_of(mended)['seconds']} s")
    finally:
        put_right(fleet)


def test_a_paused_a_stopped_and_a_changed_box_do_not_hold_up_the_others(
    fleet: Fleet, record_property: RecordProperty
) -> None:
    plain = fleet.inventory()
    inventory = fleet.inventory("trouble")
    _other_key(inventory, "hue-till-1")
    calm = report_of(fleet.run("check", plain, "--output", "json"))
    with paused(fleet.unit("hanoi-till-1")), stopped(fleet.unit("saigon-till-1")):
        done = fleet.run("check", inventory, "--output", "json")
    report = report_of(done)
    trouble = {
        "hanoi-till-1": ("unreachable", [str(C.CONNECTION_TIMEOUT)]),
        "hue-till-1": ("unreachable", [str(C.HOST_KEY_CHANGED)]),
    }
    for name, expected in trouble.items():
        assert (states_of(report)[name], codes_of(report)[name]) == expected
    assert states_of(report)["saigon-till-1"] == "unreachable"
    others = [name for name in fleet.shops if name not in (*trouble, "saigon-till-1")]
    assert {states_of(report)[name] for name in others} == {"in_sync"}
    assert done.returncode == 16
    ratio = _median(report, others) / _median(calm, others)
    record_property("real fleet, others beside three that are in trouble", f"{ratio:.2f} times their time")
    assert ratio < 3


def test_boxes_of_two_customers_that_changed_addresses_are_told_apart_and_not_touched(fleet: Fleet) -> None:
    one, other = "hanoi-till-3", "saigon-till-3"
    swapped = {
        "hanoi_till_3": {"ansible_host": fleet.unit(other).box.address},
        "saigon_till_3": {"ansible_host": fleet.unit(one).box.address},
    }
    by_key = fleet.inventory("swapped", **swapped)
    assert _untouched(fleet, by_key, one, other) == {one: [str(C.HOST_KEY_CHANGED)], other: [str(C.HOST_KEY_CHANGED)]}

    by_serial = fleet.inventory("swapped-serial", **swapped)
    _accept_any_key(by_serial)
    assert _untouched(fleet, by_serial, one, other) == {one: [str(C.WRONG_BOX)], other: [str(C.WRONG_BOX)]}
    whose = _whose(fleet.run("check", by_serial, "--output", "json"), one)
    assert other in whose
    assert BUTCHER.name in whose

    unpinned = {name: {**values, "iot_https_serial": None} for name, values in swapped.items()}
    by_link = fleet.inventory("swapped-link", **unpinned)
    _accept_any_key(by_link)
    assert _untouched(fleet, by_link, one, other) == {one: [str(C.LINKED_ELSEWHERE)], other: [str(C.LINKED_ELSEWHERE)]}
    assert BAKERY.name in _whose(fleet.run("check", by_link, "--output", "json"), other)


def test_after_a_control_machine_that_was_killed_the_next_run_finishes(fleet: Fleet, tmp_path: Path) -> None:
    inventory = fleet.inventory()
    for name in ("hanoi-till-2", "hanoi-till-3"):
        look.due(fleet.unit(name))
    running = fleet.start("reconcile", inventory, *ALL)
    journal = _journal(fleet)
    boxes.wait_for(lambda: '"began"' in "".join(each.read_text() for each in journal()), "nothing was begun", 60)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    seen = fleet.run("check", inventory, "--output", "json")
    assert "an earlier run was cut off while it changed hanoi-till-" in seen.stderr
    boxes.wait_for(lambda: _no_longer_busy(fleet, inventory), "the boxes do not come to rest", 60)
    next_run = report_of(fleet.run("reconcile", inventory, *ALL))
    assert next_run["resumed"]
    assert not any(codes_of(next_run).values()), codes_of(next_run)
    assert "cut off" not in fleet.run("check", inventory).stderr


def test_a_run_that_is_interrupted_finishes_what_it_began_and_says_what_it_did_not_attempt(fleet: Fleet) -> None:
    inventory = fleet.inventory()
    names = ("hanoi-till-2", "hanoi-till-3", "hue-till-2")
    for name in names:
        look.due(fleet.unit(name))
    running = fleet.start("reconcile", inventory, "--forks", "1", *ALL)
    journal = _journal(fleet)
    boxes.wait_for(lambda: '"began"' in "".join(each.read_text() for each in journal()), "nothing was begun", 120)
    running.send_signal(signal.SIGTERM)
    out, errors = running.communicate(timeout=120)
    report = json.loads(out)
    assert report["interrupted"]
    assert sorted(states_of(report)[name] for name in names) == ["changed", "not_attempted", "not_attempted"], errors
    assert running.returncode == 6


def test_a_firewall_in_front_of_odoo_is_named_by_direct_and_passed_by_relay(fleet: Fleet) -> None:
    names = ["saigon-till-1", "saigon-till-2", "saigon-till-3", "saigon-till-4"]
    for name in names:
        look.due(fleet.unit(name))
    with firewall([fleet.unit(name) for name in names]):
        direct = fleet.inventory("direct", only=names)
        blocked = report_of(fleet.run("reconcile", direct, *ALL))
        for name in names:
            assert str(C.LOAD_REQUEST_EXCEPTION) in codes_of(blocked)[name]
            assert "www.odoo.com" in _evidence_of(blocked, name, C.LOAD_REQUEST_EXCEPTION)
        before = _questions_about(BUTCHER)
        changes = {name.replace("-", "_"): {"iot_https_certificate_source": "relay"} for name in names}
        relaying = fleet.inventory("relay", only=names, **changes)
        relayed = report_of(fleet.run("reconcile", relaying, *ALL))
        assert states_of(relayed) == dict.fromkeys(names, "changed"), codes_of(relayed)
        assert _questions_about(BUTCHER) == before + 1
        assert len({look.served(fleet.unit(name)) for name in names}) == 1


def test_no_secret_is_seen_anywhere(fleet: Fleet, tmp_path: Path, record_property: RecordProperty) -> None:
    """Boxes are containers: what runs on them is seen from here, too."""
    owners = {f"{what} of {owner.name}": text for owner in CUSTOMERS for what, text in _secrets_of(owner).items()}
    secrets = {"token": TOKEN, "vault": VAULT_PASSWORD, **owners}
    for name in ("hanoi-till-1", "hanoi-till-2", "saigon-till-3"):
        look.due(fleet.unit(name))
    fleet.unit("hue-till-3").box.shell(f"sed -i 's/^enterprise_code.*/enterprise_code = M999999/' {CONF}")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    options = (*ALL[:-2], "--diff", "--events", str(tmp_path / "events"))
    done = leaks.run(
        fleet.command("reconcile", fleet.inventory("secrets"), *options),
        secrets,
        [tmp_path, fleet.folder / "state"],
        {**fleet.environment(), "TMPDIR": str(temporary), "ANSIBLE_LOCAL_TEMP": str(temporary)},
    )
    assert "4 changed" in done.output
    assert done.leaks == set()
    assert done.command_lines > 100
    record_property(
        "real secrets", f"{len(secrets)} planted, {done.command_lines} command lines and {done.files} files"
    )


def _secrets_of(owner: Customer) -> dict[str, str]:
    return {"database": owner.db_uuid, "contract": owner.code}


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the control machine is Debian 12, with Python 3.11")
def test_a_timer_mends_at_night_what_broke_by_day(fleet: Fleet, lab: Lab, record_property: RecordProperty) -> None:
    names = ["hanoi-till-2", "hue-till-3"]
    control = lab.converged("rw_ini", "control").box
    equip(lab.unit("rw_ini", "control"), fleet, fleet.inventory("night", only=names))
    for name in names:
        look.due(fleet.unit(name))
    given = f"-i {HOME}/inventory/hosts.yml --vault-password-file {HOME}/inventory/vault-password"
    schedule = "schedule install --user pi --splay 0 --calendar '*-*-* *:*:00/15' night"
    said = control.shell(f"cd {HOME} && {COMMAND} {schedule} -- {given}")
    assert said == "iot-https-night.timer: installed\n"
    assert control.shell(f"cd {HOME} && {COMMAND} {schedule} -- {given}") == "iot-https-night.timer: unchanged\n"
    try:
        boxes.wait_for(lambda: _summaries(control)[-1:] == ["2 in sync"], "the timer has not run twice", 90)
        assert [line for line in _summaries(control) if "changed" in line] == ["2 changed"]
        # the report is in the journal a moment before the service has ended, and on a busy machine the next has begun
        control.shell("systemctl stop iot-https-night.timer")
        ended = "exit status 0 (all in sync)"
        boxes.wait_for(lambda: ended in control.shell(f"{COMMAND} schedule show"), "the run has not ended well", 30)
        record_property("real schedule, journal of two runs", " | ".join(_summaries(control)))
    finally:
        assert "removed" in control.shell(f"{COMMAND} schedule remove night")
    assert codes_of(report_of(fleet.run("check", fleet.inventory("night", only=names), "--output", "json"))) == {
        name: [] for name in names
    }


def _summaries(control: boxes.Box) -> list[str]:
    """The last line of each report in the journal, without how long it took."""
    journal = control.shell("journalctl --unit=iot-https-night.service --output=cat")
    return [line.partition(": ")[2] for line in journal.splitlines() if re.match(r"2 boxes in .* s: ", line)]


def _with_findings(report: dict[str, Any]) -> dict[str, list[str]]:
    return {name: found for name, found in codes_of(report).items() if found}


def _texts(codes: dict[str, list[C]]) -> dict[str, list[str]]:
    return {name: [str(code) for code in found] for name, found in codes.items()}


def _questions_about(customer: Customer) -> int:
    return sum(each["db_uuid"] == customer.db_uuid for each in boxes.peers().requests())


def _median(report: dict[str, Any], names: list[str]) -> float:
    return statistics.median(float(each["seconds"]) for each in report["boxes"] if each["name"] in names)


def _whose(done: subprocess.CompletedProcess[str], name: str) -> str:
    found = next(each for each in report_of(done)["boxes"] if each["name"] == name)["findings"]
    return str(found[0]["whose"])


def _evidence_of(report: dict[str, Any], name: str, code: C) -> str:
    found = next(each for each in report["boxes"] if each["name"] == name)["findings"]
    return str(next(each["evidence"] for each in found if each["code"] == code))


def _untouched(fleet: Fleet, inventory: Path, *names: str) -> dict[str, list[str]]:
    """Reconcile two boxes and prove that nothing was written to either; return what was found."""
    before = {name: look.listing(fleet.unit(name)) for name in names}
    report = report_of(fleet.run("reconcile", inventory, *ALL, "--limit", ",".join(names)))
    assert {name: look.listing(fleet.unit(name)) for name in names} == before
    return codes_of(report)


def _other_key(inventory: Path, name: str) -> None:
    known = (inventory / "known_hosts").read_text().splitlines()
    other = next(line.split(maxsplit=1)[1] for line in known if not line.startswith(f"{name} "))
    lines = [f"{name} {other}" if line.startswith(f"{name} ") else line for line in known]
    (inventory / "known_hosts").write_text("\n".join(lines) + "\n")


def _accept_any_key(inventory: Path) -> None:
    """As where an image was cloned with its host keys."""
    known = (inventory / "known_hosts").read_text().splitlines()
    names, keys = [line.split()[0] for line in known], [line.split(maxsplit=1)[1] for line in known]
    (inventory / "known_hosts").write_text("".join(f"{name} {key}\n" for name in names for key in keys))


def _journal(fleet: Fleet) -> Callable[[], list[Path]]:
    for path in (fleet.folder / "state").rglob("journal.jsonl"):
        path.unlink()
    return lambda: list((fleet.folder / "state").rglob("journal.jsonl"))


def _no_longer_busy(fleet: Fleet, inventory: Path) -> bool:
    report = report_of(fleet.run("check", inventory, "--output", "json"))
    return not any(str(C.BUSY) in found for found in codes_of(report).values())


@contextmanager
def paused(unit: Unit) -> Iterator[None]:
    podman("pause", unit.box.container)
    try:
        yield
    finally:
        podman("unpause", unit.box.container)


@contextmanager
def stopped(unit: Unit) -> Iterator[None]:
    unit.box.switch_off()
    try:
        yield
    finally:
        unit.box.switch_on()


@contextmanager
def firewall(units: list[Unit]) -> Iterator[None]:
    """Drop what boxes send to HTTPS of www.odoo.com, as a shop's router would; their DNS goes on working."""
    rule = ["OUTPUT", "-p", "tcp", "-d", boxes.peers().address, "--dport", "443", "-j", "REJECT"]
    pids = [query("inspect", "--format", "{{.State.Pid}}", unit.box.container) for unit in units]
    for pid in pids:
        subprocess.run(["nsenter", "-t", pid, "-n", "iptables", "-I", *rule], check=True, capture_output=True)
    try:
        yield
    finally:
        for pid in pids:
            subprocess.run(["nsenter", "-t", pid, "-n", "iptables", "-D", *rule], check=True, capture_output=True)
