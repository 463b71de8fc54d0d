"""Names of customers for `adopt`: from the command line, or asked for; a name is never taken from a box alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Final

from ..adoption.customers import OwnedBoxes
from ..adoption.grouping import UnnamedDatabase
from ..adoption.naming import customer_group, name_problem
from ..printable import printable
from .adopt_words import listed
from .usage import UsageError, say, typed

_SKIP: Final = "-"


def given(options: Sequence[str]) -> dict[str, str]:
    """Return new customers by what tells their database.

    Args:
        options: each `NAME`, `NAME=BOX` or `NAME=HOST`.

    Raises:
        UsageError: a name is none, or two are for one database.
    """
    named: dict[str, str] = {}
    for each in options:
        name, _, which = each.partition("=")
        if (problem := name_problem(name)) is not None:
            raise UsageError(f"--new-customer {printable(each)}: the name {problem}")
        if which in named:
            raise UsageError("--new-customer is given twice for one database: tell them apart as NAME=BOX")
        named[which] = name
    return named


def refuse(into: str | None, named: Mapping[str, str], known: OwnedBoxes) -> None:
    """Refuse a customer to join that is not there, and a new one that is.

    Raises:
        UsageError: says which.
    """
    if into is not None and into not in known.customers:
        there = ", ".join(map(printable, known.customers)) or "none"
        text = f"no customer {printable(into)} is in the inventory (there: {there}): --new-customer makes one"
        raise UsageError(text)
    groups = {customer_group(each).casefold(): each for each in known.customers}
    for name in named.values():
        if (same := groups.get(customer_group(name).casefold())) is not None:
            raise UsageError(f"{same} is in the inventory: --into {same} adds boxes to it")


def asked(unnamed: Sequence[UnnamedDatabase], known: OwnedBoxes) -> dict[str, str]:
    """Ask for the name of the customer of each database; an empty answer takes what is proposed.

    Returns:
        Names by the first box of each database; what is left out has none.
    """
    named: dict[str, str] = {}
    for each in unnamed:
        say(f"New database {printable(each.database.host)}: {listed(box.name for box in each.boxes)}")
        name = _one(each.proposal, [*known.customers, *named.values()])
        if name is not None:
            named[each.boxes[0].name] = name
    return named


def _one(proposal: str, taken: Sequence[str]) -> str | None:
    groups = {customer_group(each).casefold() for each in taken}
    while True:
        sys.stderr.write(f"Name of its customer ({_SKIP} leaves it out) [{proposal}]: ")
        sys.stderr.flush()
        line = typed()
        name = line.strip() or proposal
        if not line or name == _SKIP:
            return None
        problem = name_problem(name)
        if problem is None and customer_group(name).casefold() in groups:
            problem = "is another customer: choose a name of its own"
        if problem is None:
            return name
        say(f"{printable(name)} {problem}")
