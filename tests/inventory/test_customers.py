"""Boxes of two customers never mix: entries that contradict each other are invalid, and each says why."""

from __future__ import annotations

import pytest

from .conftest import Read
from .table_customers import CASES, FILES, A


@pytest.mark.parametrize("limit", [None, "*-1"])
@pytest.mark.parametrize("name", CASES)
def test_entries_that_contradict_each_other_are_invalid(read: Read, name: str, limit: str | None) -> None:
    case = CASES[name]
    if limit is not None and "boxes without" in name:
        limit = "a"
    inventory = read({**FILES, **case.files}, limit=limit)
    within = {*(each.name for each in inventory.targets), *(each.name for each in inventory.invalid)}
    found = {each.name: each.problems for each in inventory.invalid}
    assert set(found) == set(case.said) & within, found
    for box, problems in found.items():
        beginnings = case.said[box]
        assert len(problems) == len(beginnings), problems
        for problem, beginning in zip(problems, beginnings, strict=True):
            assert problem.startswith(beginning)


def test_what_contradicts_itself_vouches_for_nobody(read: Read) -> None:
    """A box that has another customer's server by mistake does not make that server its customer's."""
    mixed = read({**FILES, **CASES["the old recipe, where boxes name their customer themselves"].files})
    assert mixed.servers_of("atlas") == ("https://atlas.example",)
    pasted = f"iot_https_server_url: https://lotus.example\niot_https_db_uuid: {A}\n"
    disputed = read({**FILES, "group_vars/store_atlas__paris.yml": pasted})
    assert disputed.servers_of("atlas") == ("https://atlas.example",)
    (safe,) = disputed.targets
    assert safe.name == "atlas-2"
    assert safe.desired.own_servers == ()
    assert len(safe.others.databases) == 1


def test_a_box_is_not_moved_to_a_server_of_another_customer(read: Read) -> None:
    """An address pasted from another customer into one store, whose boxes are linked where they should be."""
    pasted = read({**FILES, "group_vars/store_atlas__paris.yml": "iot_https_server_url: https://lotus.example\n"})
    own = {each.name: each.desired.own_servers for each in pasted.targets}
    assert own["atlas-1"] == ()
    assert own["atlas-2"] == own["lotus-1"] == ()
