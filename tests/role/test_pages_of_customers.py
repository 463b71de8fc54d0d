"""Two customers' boxes without SSH in a play: nothing of one's is written to a box of the other's, and others go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.shop import CODE, TOKEN, UUID, Shop, opened_shop

from .conftest import Control, Played

RIGHT, LINKED, PINNED, FRESH = NAMES = ("box-16-0", "box-rw-newest", "box-19-0", "box-ro-flat")
"""The first and the last are right; of the others one is linked to the other customer's database, one is its box."""
KINDS = ("16.0", "rw_newest", "19.0", "ro_flat")
NO_FACTS = "    ansible_facts_modules: []\n    ansible_ssh_common_args: -o ProxyCommand=false\n"
NOT_THIS_ONE = "4c4c4544-0042-3510-8052-b4c04f4a4bff"
THEIRS = {
    "iot_https_customer": "atlas",
    "iot_https_server_url": "https://atlas.example",
    "iot_https_token": "canary-of-atlas",
    "iot_https_db_uuid": "99999999-2222-3333-4444-555555555555",
    "iot_https_enterprise_code": "CANARY990099",
}
SECRETS = (CODE, TOKEN, UUID, *(THEIRS[f"iot_https_{name}"] for name in ("token", "db_uuid", "enterprise_code")))
PLAY = """\
- hosts: boxes
  gather_facts: {facts}
  serial: {serial}
  order: sorted
  roles: [iot_https.fleet.iot_https]
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A few boxes, of which one is linked to the database of somebody else."""
    with opened_shop(tmp_path_factory.mktemp("trust"), KINDS) as shop:
        theirs = {"remote_server": THEIRS["iot_https_server_url"], "db_uuid": THEIRS["iot_https_db_uuid"]}
        shop.boxes[LINKED].box.vendor.stores(theirs)
        yield shop


@pytest.fixture(scope="module")
def control(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Control:
    """A control machine that looks after both customers, and gathers facts of all but one box of the shop."""
    folder = tmp_path_factory.mktemp("inventory")
    text = shop.inventory(folder).read_text().replace(f"'{shop.serial(PINNED)}'", NOT_THIS_ONE)
    text = text.replace('    ansible_port: "{{', f'{NO_FACTS}    unused: "{{{{')
    text = text.replace(f"    {FRESH}:\n", f"    {FRESH}:\n      ansible_facts_modules: [ansible.builtin.setup]\n")
    host = {"ansible_host": "127.0.0.1", "iot_https_homepage_port": 1, "iot_https_serial": shop.serial(PINNED)}
    theirs = {"vars": {"iot_https_connection": "homepage", **THEIRS}, "hosts": {"theirs": host}}
    (folder / "hosts.yml").write_text(f"{text}atlas: {json.dumps(theirs)}\n")
    return Control(tmp_path_factory.mktemp("home"), folder / "hosts.yml")


def played(control: Control, folder: Path, *words: str, serial: str, facts: bool = False) -> Played:
    (folder / "play.yml").write_text(PLAY.format(facts=facts, serial=serial))
    run = control.play(str(folder / "play.yml"), *control.recorded, "--diff", "-vv", *words)
    assert not [secret for secret in SECRETS if secret in run.output]
    return run


def stored(shop: Shop, name: str) -> tuple[Any, ...]:
    """Return what a box is linked to and has been through."""
    odoo = shop.boxes[name].box.odoo
    return (odoo.starts, *(odoo.store.get(key) for key in ("remote_server", "db_uuid", "enterprise_code")))


def test_no_facts_come_over_ssh_and_a_check_shows_what_differs(shop: Shop, control: Control, tmp_path: Path) -> None:
    before = [stored(shop, name) for name in NAMES]
    run = played(control, tmp_path, "--check", "--limit", f"{RIGHT},{FRESH}", serial="1", facts=True)
    assert run.recap(RIGHT) == {**run.recap(RIGHT), "unreachable": 0, "failed": 0, "changed": 1}
    assert "+enterprise_code = ********" in run.output
    assert run.recap(FRESH) == {**run.recap(FRESH), "ok": 0, "unreachable": 1}, "the facts of this one come over SSH"
    assert ([stored(shop, name) for name in NAMES], shop.authority.count) == (before, 0)


def test_a_box_of_the_other_customer_is_left_alone_and_others_go_on(
    shop: Shop, control: Control, tmp_path: Path
) -> None:
    before = {name: stored(shop, name) for name in NAMES}
    run = played(control, tmp_path, serial='[1, "100%"]')
    assert {name: run.recap(name)["failed"] for name in NAMES} == {RIGHT: 0, FRESH: 0, LINKED: 1, PINNED: 1}
    assert {name for name in NAMES if stored(shop, name) == before[name]} == {LINKED, PINNED}, run.output
    assert shop.authority.count == 2, "of those that are right"
    assert "+server_url = https://db.example" in run.output
    assert "+token = ********" in run.output

    for name, code, whose in (
        (LINKED, "IOT_HTTPS_LINKED_ELSEWHERE", "it belongs to atlas"),
        (PINNED, "IOT_HTTPS_WRONG_BOX", "that is theirs (atlas)"),
    ):
        (box,) = run.report(name)["boxes"]
        assert [(each["code"], each["whose"]) for each in box["findings"]] == [(code, whose)]
        assert box["outcomes"] == []
        assert f"{name}: differs" in run.output  # how lines are broken below it depends on the version of Ansible
        assert f"{code} (error): " in run.output
