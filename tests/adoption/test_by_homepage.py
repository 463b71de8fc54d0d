"""A box that only its homepage leads to is adopted as others are, at every generation that shows its credentials."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iotbox_simulator.boxes.windows import WINDOWS_IMAGES
from iotbox_simulator.pki import TestAuthority, make_authority
from reconciler.adoption.found import FoundBox, LeftOutBox, found
from reconciler.model.desired import Desired
from reconciler.model.sealing import Opener
from reconciler.model.secret import Secret
from reconciler.model.target import ConnectionKind, Target
from tests.support.page_boxes import CODE, SERVER, UUID, PageBox, linux, windows

KINDS = ("ro_oldest", "ro_flat", "ro_ini", "ro_ini_18", "rw_ini", "rw_newest")


@pytest.fixture(scope="module")
def ca() -> TestAuthority:
    """Signs everything here."""
    return make_authority("Test", now=datetime(2026, 1, 1, tzinfo=UTC))


def _adopted(box: PageBox, desired: Desired) -> FoundBox | LeftOutBox:
    opener = Opener()
    return found(
        Target(desired=desired, connection=ConnectionKind.HOMEPAGE),
        box.visit(desired=desired, seal_to=opener.public_key),
        opener,
        b"salt",
    )


@pytest.mark.parametrize("kind", [*KINDS, *WINDOWS_IMAGES])
def test_linked_box_is_found(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca) if kind in KINDS else windows(kind, ca)
    box.heal()

    adopted = _adopted(box, Desired(name="till-1"))

    assert isinstance(adopted, FoundBox), adopted
    assert (adopted.database.server, adopted.database.uuid, adopted.database.contract) == (
        SERVER,
        Secret(UUID),
        Secret(CODE),
    )
    assert adopted.serial == box.serial
    assert adopted.resolvers is None


@pytest.mark.parametrize("kind", KINDS)
def test_fresh_box_is_left_out_and_asks_nobody(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)

    adopted = _adopted(box, Desired(name="till-1"))

    assert isinstance(adopted, LeftOutBox)
    assert adopted.why.isprintable()
    assert box.authority.count == 0


def test_other_box_is_left_out(ca: TestAuthority) -> None:
    box = linux("rw_ini", ca)
    box.heal()

    adopted = _adopted(box, Desired(name="till-1", serial="7"))

    assert isinstance(adopted, LeftOutBox)
    assert adopted.why.startswith("IOT_HTTPS_WRONG_BOX")
