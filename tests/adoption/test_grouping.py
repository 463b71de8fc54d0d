"""Whose boxes are: nobody joins a customer by a box's word alone, and databases are told apart."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.adoption.customers import KnownCustomer, OwnedBoxes
from reconciler.adoption.found import FoundBox, database_of
from reconciler.adoption.grouping import AdoptionPlan, decide
from reconciler.model.secret import Secret

SALT = b"salt"
UUIDS = {name: f"{digit * 8}-2222-3333-4444-555555555555" for name, digit in (("l", "1"), ("a", "2"), ("n", "3"))}


def _box(name: str, which: str, customer: str | None = None, **other: str) -> FoundBox:
    """A box of database `l`, `a` or `n`, parts of which may be another's."""
    server = other.get("server", f"https://{which}.example.com")
    contract = f"M{other.get('contract', which)}01"
    database = database_of(server, Secret(UUIDS[other.get("uuid", which)]), Secret(contract), SALT)
    return FoundBox(name, database, customer, other.get("serial", f"serial-{name}"))


def _known(*customers: str, unread: tuple[str, ...] = (), empty: tuple[str, ...] = ()) -> OwnedBoxes:
    """Customers that are called after their database."""
    made = {name: KnownCustomer(name, frozenset({_box("x", name[0]).database.marks})) for name in customers}
    made |= {name: KnownCustomer(name, unread=True) for name in unread}
    made |= {name: KnownCustomer(name) for name in empty}
    return OwnedBoxes(made, {"pinned": "pinned-box"})


def _shape(plan: AdoptionPlan) -> dict[str, object]:
    return {
        **{f"{each.way} {each.customer}": [box.name for box in each.boxes] for each in plan.adoptions},
        **{f"unnamed {each.proposal}": [box.name for box in each.boxes] for each in plan.unnamed},
        **({"left": [each.name for each in plan.left_out]} if plan.left_out else {}),
    }


Case = tuple[list[FoundBox], OwnedBoxes, str | None, Mapping[str, str], dict[str, object]]
TABLE: dict[str, Case] = {
    "two new databases": (
        [_box("1", "l"), _box("2", "a"), _box("3", "l")],
        _known(),
        None,
        {},
        {"unnamed l": ["1", "3"], "unnamed a": ["2"]},
    ),
    "named by a box": (
        [_box("1", "l"), _box("2", "a")],
        _known(),
        None,
        {"2": "at"},
        {"new at": ["2"], "unnamed l": ["1"]},
    ),
    "named by a host": ([_box("1", "l")], _known(), None, {"l.example.com": "lotus"}, {"new lotus": ["1"]}),
    "the only one is named": (
        [_box("1", "l"), _box("2", "l")],
        _known(),
        None,
        {"": "lotus"},
        {"new lotus": ["1", "2"]},
    ),
    "one name for two databases": (
        [_box("1", "l"), _box("2", "a")],
        _known(),
        None,
        {"": "lotus"},
        {"left": ["1", "2"]},
    ),
    "names that come to one group": (
        [_box("1", "l"), _box("2", "a")],
        _known(),
        None,
        {"1": "pho 24", "2": "pho_24"},
        {"left": ["1", "2"]},
    ),
    "settled": ([_box("1", "l", "lotus")], _known("lotus"), None, {}, {"settled lotus": ["1"]}),
    "another database than declared": ([_box("1", "a", "lotus")], _known("lotus"), None, {}, {"left": ["1"]}),
    "another contract than declared": (
        [_box("1", "l", "lotus", contract="x")],
        _known("lotus"),
        None,
        {},
        {"left": ["1"]},
    ),
    "another UUID than declared": ([_box("1", "l", "lotus", uuid="a")], _known("lotus"), None, {}, {"left": ["1"]}),
    "declared for the vault of others": (
        [_box("1", "l", "lotus")],
        _known(unread=("lotus",)),
        None,
        {},
        {"left": ["1"]},
    ),
    "first of a customer": ([_box("1", "l", "lotus")], _known(empty=("lotus",)), None, {}, {"first lotus": ["1"]}),
    "two databases below one customer": (
        [_box("1", "l", "lotus"), _box("2", "a", "lotus")],
        _known(empty=("lotus",)),
        None,
        {},
        {"left": ["1", "2"]},
    ),
    "first of a customer with the database of another": (
        [_box("1", "a", "lotus")],
        _known("atlas", empty=("lotus",)),
        None,
        {},
        {"left": ["1"]},
    ),
    "nobody's, with a database that is there": ([_box("1", "l")], _known("lotus"), None, {}, {"left": ["1"]}),
    "the same, and a person names the customer": (
        [_box("1", "l"), _box("2", "l")],
        _known("lotus"),
        "lotus",
        {},
        {"joining lotus": ["1", "2"]},
    ),
    "a person names a customer of another database": ([_box("1", "l")], _known("atlas"), "atlas", {}, {"left": ["1"]}),
    "the UUID alone is not enough": ([_box("1", "l", contract="x")], _known("lotus"), "lotus", {}, {"left": ["1"]}),
    "the contract alone is not enough": ([_box("1", "l", uuid="n")], _known("lotus"), "lotus", {}, {"left": ["1"]}),
    "nothing is declared for whom it is to join": (
        [_box("1", "l")],
        _known(empty=("lotus",)),
        "lotus",
        {},
        {"left": ["1"]},
    ),
    "what is declared there cannot be read": (
        [_box("1", "l")],
        _known(unread=("lotus",)),
        "lotus",
        {},
        {"left": ["1"]},
    ),
    "a name does not make a part of somebody's database new": (
        [_box("1", "l", contract="x"), _box("2", "n", contract="l")],
        _known("lotus"),
        None,
        {"1": "mine", "2": "yours"},
        {"left": ["1", "2"]},
    ),
    "boxes that contradict each other by the contract": (
        [_box("1", "l"), _box("2", "l", contract="x"), _box("3", "a")],
        _known(),
        None,
        {},
        {"unnamed a": ["3"], "left": ["1", "2"]},
    ),
    "boxes that contradict each other by the UUID": (
        [_box("1", "l"), _box("2", "l", uuid="n")],
        _known(),
        None,
        {"l.example.com": "lotus"},
        {"left": ["1", "2"]},
    ),
    "most of them are believed": (
        [_box("1", "l"), _box("2", "l", contract="x"), _box("3", "l")],
        _known(),
        None,
        {"": "lotus"},
        {"new lotus": ["1", "3"], "left": ["2"]},
    ),
    "a person says which of two is right": (
        [_box("1", "l"), _box("2", "l", contract="x")],
        _known(),
        None,
        {"2": "lotus"},
        {"new lotus": ["2"], "left": ["1"]},
    ),
    "a person says that both are right": (
        [_box("1", "l"), _box("2", "l", contract="x")],
        _known(),
        None,
        {"1": "lotus", "2": "atlas"},
        {"left": ["1", "2"]},
    ),
    "a chain of contradictions": (
        [_box("1", "l"), _box("2", "l", uuid="n"), _box("3", "n"), _box("4", "n"), _box("5", "n")],
        _known(),
        None,
        {},
        {"unnamed n": ["3", "4", "5"], "left": ["1", "2"]},
    ),
    "chains that meet late": (
        [_box("1", "l"), _box("2", "n"), _box("3", "n"), _box("4", "n"), _box("5", "l", uuid="n")],
        _known(),
        None,
        {},
        {"unnamed n": ["2", "3", "4"], "left": ["1", "5"]},
    ),
    "one that contradicts two databases": (
        [_box("1", "l"), _box("2", "l"), _box("3", "n"), _box("4", "n"), _box("5", "l", contract="n")],
        _known(),
        None,
        {},
        {"unnamed l": ["1", "2"], "unnamed n": ["3", "4"], "left": ["5"]},
    ),
    "most of a customer's are believed": (
        [_box("1", "l", "lotus"), _box("2", "l", "lotus"), _box("3", "l", "lotus", contract="x")],
        _known(empty=("lotus",)),
        None,
        {},
        {"first lotus": ["1", "2"], "left": ["3"]},
    ),
    "one database at two addresses": (
        [_box("1", "l"), _box("2", "l", server="https://other.example")],
        _known(),
        None,
        {"": "lotus"},
        {"left": ["1", "2"]},
    ),
    "one database at the address of most": (
        [_box("1", "l"), _box("2", "l", server="https://other.example"), _box("3", "l")],
        _known(),
        None,
        {"": "lotus"},
        {"new lotus": ["1", "3"], "left": ["2"]},
    ),
    "another box by its serial number": ([_box("1", "l", serial="PINNED")], _known(), None, {"": "l"}, {"left": ["1"]}),
    "one box with two entries": (
        [_box("1", "l", serial="same"), _box("2", "l", serial="Same ")],
        _known(),
        None,
        {"": "lotus"},
        {"left": ["1", "2"]},
    ),
    "no serial number": (
        [_box("1", "l", serial="x"), _box("2", "l")],
        _known(),
        None,
        {"": "l"},
        {"new l": ["1", "2"]},
    ),
    "a proposal that nobody has": ([_box("1", "l")], _known(empty=("l", "L-2")), None, {}, {"unnamed l-3": ["1"]}),
    "nothing": ([], _known("lotus"), None, {}, {}),
}


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_boxes_are_told_apart(case: Case) -> None:
    boxes, known, into, named, shape = case

    assert _shape(decide(boxes, known, into, named)) == shape


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_each_box_is_told_of_once(case: Case) -> None:
    boxes, known, into, named, _ = case
    plan = decide(boxes, known, into, named)

    told = [each.name for each in plan.left_out]
    told += [box.name for each in plan.adoptions for box in each.boxes]
    told += [box.name for each in plan.unnamed for box in each.boxes]
    assert sorted(told) == sorted(each.name for each in boxes)


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_reasons_are_one_line_without_secrets(case: Case) -> None:
    boxes, known, into, named, _ = case

    for each in decide(boxes, known, into, named).left_out:
        assert each.why.isprintable()
        assert not any(uuid in each.why for uuid in UUIDS.values())


REASONS = {
    "two databases below one customer": "boxes of lotus have 2 databases, l.example.com (1); a.example.com (2): give",
    "nobody's, with a database that is there": "it has the database of lotus: if it is one of theirs, --into lotus",
    "the UUID alone is not enough": "unknown: it has another enterprise code than is declared for lotus",
    "boxes that contradict each other by the contract": (
        "it has the same database UUID and another enterprise code than 2: --new-customer NAME=BOX says"
    ),
    "most of them are believed": "it has the same database UUID and another enterprise code than 1, 3",
    "one database at the address of most": "it has another address of the same database (other.example) than 1, 3",
    "one name for two databases": "lotus was named for 2 databases, l.example.com, a.example.com: name each by its own",
    "another box by its serial number": "it shows the serial number of pinned-box: correct the address of one of them",
}


@pytest.mark.parametrize("name", REASONS)
def test_reason_says_the_way_out(name: str) -> None:
    boxes, known, into, named, _ = TABLE[name]

    assert decide(boxes, known, into, named).left_out[0].why.startswith(REASONS[name])
