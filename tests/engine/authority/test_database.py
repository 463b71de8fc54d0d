"""What is granted or refused as one: credentials at an authority, and who believes whom of them."""

from __future__ import annotations

import pytest

from reconciler.engine.authority.database import Database
from reconciler.model.desired import Desired
from reconciler.model.secret import Secret

from ..world import target

ONE = target("till-1").desired


@pytest.mark.parametrize(
    ("other", "among_boxes", "from_here"),
    [
        (target("till-2").desired, True, True),
        (target("till-2", store="Hue").desired, True, True),
        (target("till-2", customer="Butcher").desired, False, True),
        (target("till-2", database="b").desired, False, False),
        (target("till-2", enterprise_code=Secret("M-b")).desired, False, False),
        (target("till-2", authority_url="https://authority.example").desired, False, False),
    ],
    ids=["same", "store", "customer", "UUID", "contract", "authority"],
)
def test_boxes_share_a_database(other: Desired, *, among_boxes: bool, from_here: bool) -> None:
    assert (Database.asked_by_boxes(ONE) == Database.asked_by_boxes(other)) is among_boxes
    assert (Database.asked_from_here(ONE) == Database.asked_from_here(other)) is from_here


@pytest.mark.parametrize("unmanaged", [{"db_uuid": None}, {"enterprise_code": None}])
def test_a_box_whose_credentials_are_not_managed_stands_for_itself(unmanaged: dict[str, None]) -> None:
    one, other = (target(name, **unmanaged).desired for name in ("till-1", "till-2"))
    assert Database.asked_by_boxes(one) != Database.asked_by_boxes(other)
    assert Database.asked_from_here(one) == Database.asked_from_here(other)
