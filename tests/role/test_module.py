"""One task of the role on simulated boxes: it looks, mends, does nothing twice, and refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from string import Formatter
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from iotbox_simulator.boxes.arrange import link
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.__main__ import answer
from reconciler.box.paths import LOCK
from reconciler.codes import CATALOGUE, CodeName
from reconciler.connections.carrier import request_text
from reconciler.model.desired import Request
from reconciler.model.digests import database_digest
from reconciler.model.marks import Others
from reconciler.model.secret import Secret
from reconciler.model.statement import Statement
from reconciler.model.validate import PREFIX
from reconciler.model.variables import VARIABLES
from reconciler.outcome.directory import Directory
from reconciler.report.json_report import schema
from reconciler.results.finding import Reader, finding
from reconciler.role.arguments import ARGUMENT_SPEC
from reconciler.role.printed import Printed
from reconciler.role.visit import InventoryFacts, visit
from tests.support import runs

SCHEMA = Draft202012Validator(schema())
STORE = "/home/pi/odoo.conf"
DECLARED: Mapping[str, object] = {
    "name": "till-1",
    "connection": "ssh",
    "customer": "lotus",
    "store": "hanoi",
    "server_url": "https://db.example",
    "token": "canary-token",
    "db_uuid": runs.DB_UUID,
    "enterprise_code": "CANARY210101",
    "resolvers": ["1.1.1.1", "8.8.8.8"],
}

PLAIN = {dict, list, tuple, str, int, float, bool, type(None)}


def module(
    box: SimulatedBox,
    known: InventoryFacts | None = None,
    visited: list[Request] | Callable[[Request], None] | None = None,
    *,
    check: bool = False,
    diff: bool = True,
    **changes: object,
) -> dict[str, Any]:
    """Run the module; what it says holds no secret, and its report keeps the command's schema."""
    defaults = {name: option.get("default") for name, option in ARGUMENT_SPEC.items()}
    params = {**defaults, **DECLARED, "sent_at": box.now().isoformat(), **changes}

    def ask(request: Request) -> Printed:
        box.kill()
        note = visited.append if isinstance(visited, list) else visited
        if note is not None:
            note(request)
        return Printed(answer(request_text(request).encode(), box))

    try:
        result = visit(params, ask, known or InventoryFacts(), check_mode=check, diff=diff, now=box.now())
    finally:
        box.kill()
    SCHEMA.validate(result["report"])
    assert set(types_in(result)) <= PLAIN
    said = json.dumps(result)
    assert [canary for canary in runs.CANARIES if canary in said] == []
    return result


def types_in(value: object) -> Iterator[type]:
    """Yield the type of a value and of all within it; of others than these Ansible warns, once in each play."""
    yield type(value)
    if isinstance(value, Mapping):
        yield from (each for item in value.items() for part in item for each in types_in(part))
    elif isinstance(value, list | tuple):
        yield from (each for item in value for each in types_in(item))


def codes(result: Mapping[str, Any]) -> list[str]:
    return [finding["code"] for finding in result["findings"]]


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_check_says_what_it_would_do_and_does_nothing(kind: LayoutKind) -> None:
    fleet = runs.due(kind)
    before = fleet.box.clone()
    result = module(fleet.box, check=True)
    assert (result["changed"], result["failed"], result["state"]) == (True, False, "differs")
    assert codes(result) == [CodeName.RENEWAL_DUE]
    assert {repair["status"] for repair in result["repairs"]} == {"planned"}
    assert result["report"]["mode"] == "check"
    assert fleet.authority.count == 1
    assert fleet.box.host.read("/etc/resolv.conf") == before.host.read("/etc/resolv.conf")
    assert runs.leaf_of(fleet.box, "") == runs.leaf_of(before, "")


def test_a_play_says_what_it_repaired() -> None:
    fleet = runs.due("rw_ini")
    told = module(fleet.box, check=True)["msg"]
    assert "repaired:" not in told
    lines = module(fleet.box)["msg"].splitlines()
    assert lines[0] == "till-1: changed"
    assert any(line.startswith("  repaired: put the certificate in place") for line in lines)
    assert module(fleet.box)["msg"] == "till-1: in sync"


def test_a_repair_that_failed_is_said_to_be_one() -> None:
    fleet = runs.due("rw_ini")
    fleet.authority.mode = "refuse"
    lines = module(fleet.box)["msg"].splitlines()
    assert any(line.startswith("  could not be repaired: fetch a certificate (ERR_IOT_HTTPS_LOAD_") for line in lines)


def test_to_move_a_box_the_variable_of_the_role_is_named_and_no_option_of_the_command() -> None:
    fleet = runs.managed("rw_ini")
    link(fleet.box, {"remote_server": "https://stranger.example"})
    result = module(fleet.box)
    assert codes(result) == [CodeName.LINKED_ELSEWHERE]
    said = json.dumps(result)
    assert "iot_https_relink" in said
    assert "--relink" not in said


def places(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]


@pytest.mark.parametrize("code", CATALOGUE)
def test_no_advice_in_a_play_is_a_command_of_the_other_program(code: str) -> None:
    entry = CATALOGUE[code]
    for variant in (None, *entry.variants):
        known = entry.variants[variant] if variant else entry
        shown = Statement("told", {"text": "seen", **{name: name for name in places(known.remedy or "")}})
        told = finding(entry.name, shown, variant=variant).remedy_for(Reader.PLAY)
        assert not re.search(r"--relink|\breconcile\b", told)


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_fresh_box_is_mended_and_a_second_run_changes_nothing(kind: LayoutKind) -> None:
    fleet = runs.fresh(kind)
    first = module(fleet.box)
    assert (first["changed"], first["failed"], first["state"], first["findings"]) == (True, False, "changed", [])
    assert {repair["status"] for repair in first["repairs"]} == {"done"}
    assert first["report"]["boxes"][0]["customer"] == "lotus"
    second = module(fleet.box)
    assert (second["changed"], second["failed"], second["state"]) == (False, False, "in_sync")
    assert second["repairs"] == second["diff"] == []
    assert second["msg"] == "till-1: in sync"
    assert not module(fleet.box, check=True)["changed"]


def test_what_changes_is_shown_only_where_it_is_asked_for() -> None:
    fleet = runs.fresh("ro_ini")
    assert "diff" not in module(fleet.box.clone(), check=True, diff=False)
    planned, done = module(fleet.box.clone(), check=True)["diff"], module(fleet.box)["diff"]
    assert {each["before_header"] for each in planned} == {each["before_header"] for each in done}
    store = next(each for each in done if "credentials" in each["after_header"])
    assert "server_url = https://db.example\n" in store["after"]
    assert "db_uuid = ********\n" in store["after"]


def test_findings_say_code_cause_and_way_out() -> None:
    fleet = runs.managed("ro_ini")
    finding = module(fleet.box, serial="another")["findings"][0]
    entry = CATALOGUE[CodeName.WRONG_BOX]
    assert (finding["code"], finding["cause"], finding["title"]) == (entry.name, entry.cause, entry.title)


def test_a_failure_is_told_in_lines() -> None:
    fleet = runs.managed("ro_ini")
    fleet.box.hold_lock(LOCK, "4711")
    result = module(fleet.box)
    assert (result["failed"], result["changed"], result["state"]) == (True, False, "busy")
    lines = result["msg"].splitlines()
    assert lines[0] == "till-1: busy"
    assert lines[1].startswith("  IOT_HTTPS_BUSY (")
    assert [line.split(":")[0] for line in lines[2:]] == ["    cause", "    seen", "    what to do"]


def test_a_defect_is_a_failure_without_values(monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = runs.managed("ro_ini")

    def broken(*_: object) -> None:
        raise KeyError("canary-token")

    monkeypatch.setattr("reconciler.box.__main__.run", broken)
    result = module(fleet.box)
    assert codes(result) == [CodeName.NOT_OBSERVED]
    assert "KeyError at test_module.py" in result["msg"]


def test_a_box_of_somebody_else_is_not_touched() -> None:
    fleet = runs.managed("ro_ini")
    elsewhere: dict[str, Any] = {"server_url": "https://other.example"}
    result = module(fleet.box, **elsewhere)
    assert codes(result) == [CodeName.LINKED_ELSEWHERE]
    assert not result["changed"]
    own = module(fleet.box.clone(), check=True, own_servers=["https://DB.example:443/", "nonsense"], **elsewhere)
    assert CodeName.LINKED_ELSEWHERE not in codes(own)
    assert module(fleet.box.clone(), relink=False, **elsewhere)["changed"] is False
    assert module(fleet.box.clone(), relink="no", **elsewhere)["changed"] is False
    assert module(fleet.box.clone(), relink="Yes", **elsewhere)["changed"]
    assert module(fleet.box, relink=True, **elsewhere)["changed"]


def test_a_box_with_the_database_of_another_customer_is_not_touched() -> None:
    fleet = runs.managed("ro_ini")
    theirs = database_digest(Secret(runs.DB_UUID))
    known = InventoryFacts(directory=Directory(databases={theirs: "pho"}), others=Others(databases=frozenset({theirs})))
    other = "99999999-2222-3333-4444-555555555555"
    said = module(fleet.box, known, db_uuid=other)
    assert codes(said) == [CodeName.LINKED_ELSEWHERE]
    assert (said["changed"], said["repairs"]) == (False, [])
    assert said["findings"][0]["whose"] == "it belongs to pho"
    assert "pho" not in said["findings"][0]["evidence"]


def test_a_box_that_is_linked_otherwise_than_declared_is_changed_when_it_is_nobody_elses() -> None:
    """It is visited twice: nothing is changed before the control machine has seen what it shows."""
    fleet = runs.managed("ro_ini")
    known = InventoryFacts(others=Others(databases=frozenset({"0" * 16})))
    visits: list[Request] = []
    said = module(fleet.box, known, visits, db_uuid="99999999-2222-3333-4444-555555555555")
    assert said["changed"]
    assert [each.judged is not None for each in visits] == [False, True]
    assert len(visits[0].desired.compared) == 1
    visits.clear()
    assert module(fleet.box, known, visits, db_uuid="99999999-2222-3333-4444-555555555555")["in_sync"]
    assert len(visits) == 1


def test_a_box_that_shows_something_else_at_each_visit_is_not_touched() -> None:
    fleet = runs.managed("rw_ini")
    known = InventoryFacts(others=Others(databases=frozenset({"0" * 16})))
    visits: list[Request] = []

    def swapped(request: Request) -> None:
        visits.append(request)
        if len(visits) == 2:
            text = fleet.box.host.read(STORE).replace(runs.DB_UUID.encode(), b"77777777-2222-3333-4444-555555555555")
            fleet.box.host.write(STORE, text)

    said = module(fleet.box, known, swapped, db_uuid="99999999-2222-3333-4444-555555555555")
    assert (len(visits), said["changed"], said["failed"], codes(said)) == (2, False, True, [CodeName.NOT_OBSERVED])


def test_the_clock_is_judged_by_when_it_was_sent() -> None:
    fleet = runs.managed("ro_ini")
    fleet.box.clock.advance(3600)
    assert CodeName.WRONG_CLOCK in codes(module(fleet.box, check=True, sent_at=runs.NOW.isoformat()))


REFUSED = [
    ({"db_uuid": "not-a-uuid"}, "iot_https_db_uuid is not a UUID"),
    ({"db_uuid": 17}, "iot_https_db_uuid is a number, text is expected"),
    ({"token": ["canary"]}, "iot_https_token is a list, text is expected"),
    ({"token": {"a": "b"}}, "iot_https_token is a dictionary"),
    ({"enterprise_code": True}, "iot_https_enterprise_code is true or false"),
    ({"proxy": "canary-proxy"}, "iot_https_proxy is not a proxy address"),
    ({"server_url": "https://user:canary@db.example"}, "iot_https_server_url contains a user or password"),
    ({"resolvers": "1.1.1.1"}, "iot_https_resolvers is text, a list is expected"),
    ({"resolvers": ["dns.example"]}, "iot_https_resolvers dns.example is not an IP address"),
    ({"renew_before_days": "soon"}, "iot_https_renew_before_days is text, a whole number is expected"),
    ({"overdue_days": 9}, "iot_https_overdue_days is 9, it must be less than"),
    ({"deadline": 5}, "iot_https_deadline is 5, it must be from 10 to 3600"),
    ({"relink": "perhaps"}, "iot_https_relink is text, true or false is expected"),
    ({"variable_names": ["iot_https_window"]}, "iot_https_window is not supported yet"),
    ({"certificate_source": "native"}, "iot_https_certificate_source native needs iot_https_connection homepage"),
    ({"certificate_source": "relay"}, "iot_https_certificate_source relay is for the command"),
    ({"variable_names": ["iot_https_tokn", "iot_https_store"]}, "iot_https_tokn is not a known variable: did you mean"),
    ({"shared_with": "atlas"}, "iot_https_shared_with is text, a list is expected"),
    ({"sent_at": "yesterday"}, "sent_at is not a time"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED, ids=[said.split(":")[0] for _, said in REFUSED])
def test_arguments_are_refused_by_name_without_a_value(changes: Mapping[str, Any], said: str) -> None:
    fleet = runs.fresh("ro_ini")
    touched: list[object] = []
    fleet.box.recorder.before.append(touched.append)
    result = module(fleet.box, **changes)
    assert (result["failed"], result["changed"], result["state"]) == (True, False, "invalid")
    assert result["msg"].startswith(f"till-1: invalid\n  {said}")
    assert result["invocation"] == {"module_args": {}}
    assert result["report"]["boxes"][0]["problems"] == [line.strip() for line in result["msg"].splitlines()[1:]]
    assert "canary" not in json.dumps(result).lower()
    assert touched == []


def test_a_relayed_box_can_be_looked_at() -> None:
    fleet = runs.managed("ro_ini")
    assert module(fleet.box, check=True, certificate_source="relay")["in_sync"]


def test_the_result_is_the_same_as_of_the_command() -> None:
    fleet = runs.due("rw_ini")
    twin = fleet.box.clone()
    ours = runs.check(twin, replace(runs.DESIRED, customer="lotus"))
    assert codes(module(fleet.box, check=True)) == runs.codes(ours)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(("store", "state"), [(None, "not_managed"), ("hanoi", "not_attempted")])
def test_a_box_for_which_nothing_is_declared_is_not_looked_at(*, check: bool, store: str | None, state: str) -> None:
    fleet, touched = runs.due("rw_ini"), list[object]()
    fleet.box.recorder.before.append(touched.append)
    nothing = {name.removeprefix(PREFIX): None for name in VARIABLES} | {"connection": "ssh", "store": store}
    given: dict[str, Any] = {name: value for name, value in nothing.items() if name in ARGUMENT_SPEC}
    result = module(fleet.box, check=check, **given)
    assert (result["state"], result["in_sync"], result["changed"], result["failed"]) == (
        state,
        False,
        False,
        store is not None,
    )
    assert ("nothing says what the box should be" if store else "nothing is declared for it") in result["msg"]
    assert touched == []
    (box,) = result["report"]["boxes"]
    assert (box["state"], box["store"], result["report"]["summary"][state]) == (state, store, 1)
