"""What boxes have becomes the desired state: by a diff, by a person's word, and without a secret in clear anywhere."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from iotbox_simulator.boxes.arrange import link
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.spec import BoxSpec, LayoutKind
from reconciler.cli import main
from reconciler.inventory import Inventory, VaultOptions, load
from reconciler.model.sealing import seal
from reconciler.model.secret import Secret

from ..docs.pages import pages
from .conftest import NOW, Machines

LOTUS = {
    "remote_server": "https://lotus.example.com",
    "token": "token-canary",
    "db_uuid": "11111111-2222-3333-4444-555555555555",
    "enterprise_code": "LCANARY210101",
}
ATLAS = {
    "remote_server": "https://erp.atlas.example",
    "token": "token-canary",
    "db_uuid": "99999999-2222-3333-4444-555555555555",
    "enterprise_code": "ACANARY210101",
}
CANARIES = ("canary", "CANARY", LOTUS["db_uuid"], ATLAS["db_uuid"])
KINDS: tuple[LayoutKind, ...] = (
    "ro_oldest",
    "ro_flat",
    "ro_ini",
    "ro_ini_18",
    "rw_ini",
    "rw_newest",
    "ro_ini",
    "rw_ini",
)
BOXES = {f"box-{number}": LOTUS if number <= 5 else ATLAS for number in range(1, 9)}
"""Eight boxes of two databases, of each kind that there is."""
HEAD = """\
# Boxes as they were found.
all:
  vars: {iot_https_connection: local, ansible_connection: local}
"""
SOME = """\
  hosts:
    box-1:  # the first
    box-2: {}
    box-3:
      # in the kitchen
      ansible_host: 192.0.2.3
"""
HOSTS = HEAD + SOME + "".join(f"    box-{number}:\n" for number in range(4, 9))
KEYED = "plugin: ansible.builtin.constructed\nkeyed_groups:\n- {prefix: customer, key: iot_https_customer}\n"
Adopt = Callable[..., tuple[int, str, str]]
COMMANDS = [each for page in pages() for each in page.commands if re.match(r"iot-https adopt\b(?! discovered)", each)]


class Typed(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An inventory of eight boxes of which nothing is declared."""
    folder = tmp_path / "inventory"
    folder.mkdir()
    (folder / "hosts.yml").write_text(HOSTS)
    (tmp_path / "password").write_text("the right one\n")
    return folder


@pytest.fixture
def fleet(machines: Machines) -> Machines:
    """The boxes."""
    for number, (name, values) in enumerate(BOXES.items()):
        add(machines, name, values, KINDS[number], f"1000000000{number:06x}")
    return machines


def add(machines: Machines, name: str, values: Mapping[str, str], kind: LayoutKind, serial: str) -> SimulatedBox:
    """Put up a box that is linked."""
    box = SimulatedBox(BoxSpec(kind=kind, clock=NOW, serial=serial), machines.world)
    link(box, values)
    machines.boxes[name] = box
    return box


@pytest.fixture
def adopt(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Adopt:
    """Run the verb over the inventory; return status, standard output and standard error."""

    def run(*options: str) -> tuple[int, str, str]:
        status = main(["adopt", "-i", str(folder), "--vault-password-file", str(tmp_path / "password"), *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def read(folder: Path) -> Inventory:
    return load([str(folder)], vault=VaultOptions(password_files=(str(folder.parent / "password"),)))


NAMED = ("--new-customer", "lotus=box-1", "--new-customer", "atlas=erp.atlas.example")


@pytest.mark.parametrize("more", [{}, {"keyed_groups.yml": KEYED}], ids=["groups", "keyed groups"])
def test_eight_boxes_of_two_databases_are_adopted(
    folder: Path, fleet: Machines, adopt: Adopt, more: Mapping[str, str]
) -> None:
    for name, text in more.items():
        (folder / name).write_text(text)
    status, _, err = adopt(*NAMED, "--write", "--yes")

    assert status == 0, err
    boxes = {each.name: each.desired for each in read(folder).targets}
    assert not read(folder).invalid
    for name, values in BOXES.items():
        assert boxes[name].customer == ("lotus" if values is LOTUS else "atlas")
        assert boxes[name].server_url == values["remote_server"]
        assert boxes[name].db_uuid == Secret(values["db_uuid"])
        assert boxes[name].enterprise_code == Secret(values["enterprise_code"])
        assert boxes[name].serial == fleet.boxes[name].spec.serial
        assert boxes[name].token is None
    assert [line for line in HOSTS.splitlines() if line not in texts(folder)["hosts.yml"].splitlines()] == [
        "    box-2: {}"
    ]


def test_second_run_shows_no_diff(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    adopt(*NAMED, "--write", "--yes")
    before = texts(folder)

    status, out, err = adopt("--write", "--yes")

    assert (status, out) == (0, "")
    assert "nothing to declare: what these boxes have is declared already" in err
    assert texts(folder) == before


def test_boxes_are_in_sync_with_what_was_adopted(
    folder: Path, fleet: Machines, adopt: Adopt, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    adopt(*NAMED, "--write", "--yes")

    main(["check", "-i", str(folder), "--vault-password-file", str(tmp_path / "password"), "--output", "json"])

    out = capsys.readouterr().out
    for code in ("SERVER_DIFFERS", "CREDENTIALS_DIFFER", "WRONG_BOX", "LINKED_ELSEWHERE", "RESOLVERS_DIFFER"):
        assert code not in out


def test_diff_is_shown_with_proposals_and_nothing_is_written(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    before = texts(folder)

    status, out, err = adopt()

    assert status == 2 + 4
    assert "+iot_https_customer: lotus\n" in out
    assert "+iot_https_customer: atlas\n" in out
    assert "+iot_https_db_uuid: !vault ********\n" in out
    assert "new customer atlas: 3 boxes (box-6, box-7, box-8), database erp.atlas.example" in err
    assert "(a proposal: --new-customer atlas=box-6 names its customer)" in err
    assert "nothing was written: --write does it" in err
    assert texts(folder) == before


def test_what_nobody_named_is_not_written(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    status, out, err = adopt("--new-customer", "lotus=box-1", "--write", "--yes")

    assert status == 4
    assert "atlas" not in out
    assert "unknown database erp.atlas.example: box-6, box-7, box-8: --new-customer atlas=box-6 names" in err
    assert "atlas" not in "".join(texts(folder).values())


def test_a_person_is_asked(folder: Path, fleet: Machines, adopt: Adopt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Typed("\nlotus\na/b\nbooks\ny\n"))
    status, _, err = adopt("--write")

    assert status == 0
    assert "New database lotus.example.com: box-1, box-2, box-3, box-4, box-5\n" in err
    assert "Name of its customer (- leaves it out) [lotus]: " in err
    assert "lotus is another customer: choose a name of its own" in err
    assert "a/b contains /" in err
    assert {each.desired.customer for each in read(folder).targets} == {"lotus", "books"}


@pytest.mark.parametrize("answers", ["\n\nn\n", "\n\n", ""])
def test_no_is_no(folder: Path, fleet: Machines, adopt: Adopt, monkeypatch: pytest.MonkeyPatch, answers: str) -> None:
    before = texts(folder)
    monkeypatch.setattr("sys.stdin", Typed(answers))
    status, _, err = adopt("--write")

    assert status != 0
    assert "nothing was written" in err or "nothing to declare" in err
    assert texts(folder) == before


def test_box_joins_only_whom_a_person_names(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    adopt(*NAMED, "--write", "--yes")
    hosts = folder / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("    box-2: {", "    new-1:\n    new-2:\n    box-2: {"))
    add(fleet, "new-1", LOTUS, "rw_ini", "2000000000000001")
    add(fleet, "new-2", {**LOTUS, "enterprise_code": "another"}, "rw_ini", "2000000000000002")

    status, out, err = adopt("--write", "--yes")
    assert (status, out) == (4, "")
    assert "new-1: left out: it has the database of lotus: if it is one of theirs, --into lotus adds it" in err
    assert "new-2: left out: it has another enterprise code than lotus, and the rest is the same: unknown" in err

    status, out, err = adopt("new-*", "--into", "atlas", "--write", "--yes")
    assert (status, out) == (4, "")
    assert "new-1: left out: it has the database of lotus, not of atlas" in err

    status, out, err = adopt("new-*", "--into", "lotus", "--write", "--yes")
    assert status == 4
    assert "lotus: 1 box (new-1) added, which have its database UUID and contract" in err
    assert {each.name: each.desired.customer for each in read(folder).targets}["new-1"] == "lotus"
    assert "new-2: left out: unknown: it has another enterprise code than is declared for lotus" in err


def test_declared_values_stay(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    (folder / "group_vars").mkdir()
    (folder / "group_vars" / "all.yml").write_text("---\n# for all\niot_https_resolvers: [9.9.9.9]\n")

    status, out, err = adopt(*NAMED, "--write", "--yes")

    assert status == 0
    assert "iot_https_resolvers" not in out.replace(" iot_https_resolvers", "")
    assert "kept as declared: iot_https_resolvers of customer_lotus is declared by the group all" in err
    assert texts(folder)["group_vars/all.yml"] == "---\n# for all\niot_https_resolvers: [9.9.9.9]\n"


def test_resolvers_can_be_left_out(fleet: Machines, adopt: Adopt) -> None:
    assert "+iot_https_resolvers: [192.0.2.53]\n" in adopt()[1]
    assert "iot_https_resolvers" not in adopt("--no-resolvers")[1]


def test_database_of_some_boxes_is_told_of_the_others(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    (folder / "hosts.yml").write_text(HOSTS.replace("  vars: {", "  vars: {iot_https_customer: us, "))

    status, out, err = adopt("box-1", "box-2")

    assert status == 2
    assert "us: 2 boxes (box-1, box-2), database lotus.example.com; becomes that of box-3, box-4," in err
    assert "group_vars/all.yml" in out
    assert "+iot_https_server_url: https://lotus.example.com\n" in out


@pytest.mark.parametrize(("boxes", "is_for_all"), [(("box-1",), False), (("box-1", "box-2", "box-3"), True)])
def test_address_is_the_customers_only_by_the_word_of_all_its_boxes(
    folder: Path, fleet: Machines, adopt: Adopt, boxes: tuple[str, ...], *, is_for_all: bool
) -> None:
    known = f"iot_https_customer: lotus, iot_https_db_uuid: {LOTUS['db_uuid']}"
    known += f", iot_https_enterprise_code: {LOTUS['enterprise_code']}"
    of_group = f"  children:\n    customer_lotus:\n      vars: {{{known}}}\n      hosts:\n"
    (folder / "hosts.yml").write_text(HEAD + of_group + "".join(f"        box-{each}:\n" for each in (1, 2, 3)))

    adopt(*boxes, "--write", "--yes")

    linked = {each.name: each.desired.server_url for each in read(folder).targets}
    assert linked == {f"box-{each}": LOTUS["remote_server"] if is_for_all or each == 1 else None for each in (1, 2, 3)}


def test_two_databases_below_one_customer_are_refused(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    (folder / "hosts.yml").write_text(HOSTS.replace("  vars: {", "  vars: {iot_https_customer: us, "))

    status, out, err = adopt("--write", "--yes")

    assert (status, out) == (4, "")
    assert (
        "left out: boxes of us have 2 databases, lotus.example.com (box-1, box-2, box-3, box-4 and 1 more); erp" in err
    )


HOSTILE = {
    "template as its server": (
        {**LOTUS, "remote_server": "https://{{lookup('pipe','id')}}"},
        "its server's address contains what Ansible",
    ),
    "server of its own": ({**LOTUS, "remote_server": "http://localhost"}, "its server's address names localhost"),
    "UUID that is none": ({**LOTUS, "db_uuid": "not-a-uuid"}, "its database UUID is not a UUID"),
    "template as its UUID": ({**LOTUS, "db_uuid": "{{ x }}"}, "its database UUID contains what Ansible"),
    "contract with a space": ({**LOTUS, "enterprise_code": "A B"}, "its enterprise code contains a space"),
    "contract of a book": ({**LOTUS, "enterprise_code": "x" * 500}, "it has no enterprise code"),
    "no UUID": ({key: value for key, value in LOTUS.items() if key != "db_uuid"}, "it has no database UUID"),
    "no link": ({}, "it is not linked to a database"),
}


@pytest.mark.parametrize(("values", "why"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_values_are_left_out(
    folder: Path, machines: Machines, adopt: Adopt, values: dict[str, str], why: str
) -> None:
    (folder / "hosts.yml").write_text(HEAD + "  hosts:\n    box-1:\n")
    add(machines, "box-1", values, "rw_ini", "1000000000000001")

    status, out, err = adopt("--new-customer", "lotus", "--write", "--yes")

    assert (status, out) == (4, "")
    assert f"box-1: left out: {why}" in err
    assert not [each for each in CANARIES if each in err]


def test_no_secret_is_in_clear_anywhere(
    folder: Path, fleet: Machines, adopt: Adopt, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    printed = [adopt(), adopt(*NAMED, "--write", "--yes", "--verbose"), adopt("--verbose")]

    shown = "".join(out + err for _, out, err in printed) + caplog.text
    kept = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert not [each for each in CANARIES if each in shown or each in kept]


def test_defect_shows_no_secret(
    folder: Path, fleet: Machines, adopt: Adopt, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def broken(*_: object) -> None:
        raise ValueError("a defect")

    monkeypatch.setattr("reconciler.adoption.found.database_of", broken)
    status, out, err = adopt("--verbose")

    assert (status, out) == (4, "")
    assert "box-1: left out: a defect of this program shows there (ValueError)" in err
    assert not [each for each in CANARIES if each in err + caplog.text]


def test_token_never_leaves_a_box(fleet: Machines, adopt: Adopt, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed: list[dict[str, Secret]] = []

    def noted(values: dict[str, Secret], key: str) -> str:
        sealed.append(values)
        return seal(values, key)

    monkeypatch.setattr("reconciler.model.sealing.seal", noted)
    adopt()

    assert len(sealed) == len(BOXES)
    assert {name for each in sealed for name in each} == {"db_uuid", "enterprise_code"}


def test_boxes_are_not_changed(fleet: Machines, adopt: Adopt) -> None:
    before = {name: box.host.list("/etc") for name, box in fleet.boxes.items()}
    fleet.calls.clear()
    adopt(*NAMED, "--write", "--yes")

    assert not {"replace", "rename", "write", "remove"} & set(fleet.calls)
    assert {name: box.host.list("/etc") for name, box in fleet.boxes.items()} == before


def test_box_of_another_serial_number_is_left_out(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    hosts = folder / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("    box-8:\n", "    box-8:\n      iot_https_serial: '7'\n"))

    status, _, err = adopt("box-8")

    assert status == 4
    assert "box-8: left out: IOT_HTTPS_WRONG_BOX" in err


def test_half_written_is_completed(folder: Path, fleet: Machines, adopt: Adopt) -> None:
    adopt(*NAMED, "--write", "--yes")
    whole = texts(folder)
    (folder / "group_vars" / "customer_lotus.yml").unlink()

    status, _, err = adopt("--new-customer", "lotus", "--write", "--yes")

    assert status == 0, err
    assert texts(folder).keys() == whole.keys()
    assert texts(folder)["hosts.yml"] == whole["hosts.yml"]
    assert {each.desired.customer for each in read(folder).targets} == {"lotus", "atlas"}


USAGE = {
    "nobody to ask": (("--write",), "no terminal to confirm on: pass --yes, or leave out --write"),
    "customer that is not there": (("--into", "nobody"), "no customer nobody is in the inventory (there: none)"),
    "no name": (("--new-customer", "a/b"), "--new-customer a/b: the name contains /"),
    "two names": (("--new-customer", "a", "--new-customer", "b"), "--new-customer is given twice for one database"),
    "this machine": (("--connection", "local"), "leave out --connection local"),
    "extra variables": (("-e", "iot_https_customer=x"), "leave iot_https_ variables out of --extra-vars"),
}


@pytest.mark.parametrize(("options", "message"), USAGE.values(), ids=USAGE)
def test_usage_is_told(fleet: Machines, adopt: Adopt, options: tuple[str, ...], message: str) -> None:
    status, out, err = adopt(*options)

    assert (status, out) == (1, "")
    assert message in err


def test_new_customer_that_is_there_is_refused(fleet: Machines, adopt: Adopt) -> None:
    adopt(*NAMED, "--write", "--yes")

    status, _, err = adopt("--new-customer", "Lotus=box-1")

    assert status == 1
    assert "lotus is in the inventory: --into lotus adds boxes to it" in err


def test_vault_password_is_needed_to_write_secrets(
    folder: Path, fleet: Machines, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for way_out in ("--vault-password-file, --vault-id", "--vault-password-file .vault-password"):
        assert main(["adopt", "-i", str(folder)]) == 1
        assert f"no vault password was given: use {way_out}" in capsys.readouterr().err
        (folder / ".vault-password").write_text("of a project")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_docs_adopt(
    folder: Path, fleet: Machines, adopt: Adopt, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    words = command.replace("hanoi-till-1", "box-1").replace("erp.atlas.example", "box-8").split()[2:]
    if "--into" in words:
        adopt(*NAMED, "--write", "--yes")
        words = [each.replace("'hue-*'", "box-*") for each in words]
    monkeypatch.setattr("sys.stdin", Typed("\n\ny\n"))

    status, out, err = adopt(*words)

    assert status == (0 if "--write" in words else 6), err
    assert bool(out) is ("--into" not in words)


def test_boxes_are_listed(fleet: Machines, adopt: Adopt) -> None:
    assert adopt("--list-hosts", "box-1")[:2] == (0, "box-1\n")


def test_box_that_lies_about_its_database_is_left_out(
    fleet: Machines, adopt: Adopt, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fleet.run

    async def lying(request: object) -> object:
        result = await real(request)  # type: ignore[arg-type]
        assert result.marks is not None
        return replace(result, marks=replace(result.marks, database="0" * 16))

    monkeypatch.setattr("reconciler.connections.local.run", lying)
    status, out, err = adopt("box-1", "--new-customer", "lotus")

    assert (status, out) == (4, "")
    assert "box-1: left out: the box shows one database and sends another" in err
