"""Several databases are read at once, and none waits for another one, or keeps anybody longer than it may."""

from __future__ import annotations

import threading
import time

from reconciler.odoo_database.errors import OdooRefused, OdooUnreachable
from reconciler.odoo_database.many import AT_ONCE, read_all
from reconciler.odoo_database.reading import OdooContent
from reconciler.odoo_database.settings import OdooSettings
from tests.support.odoo_stand_in import OdooFault, OdooStandIn
from tests.support.patience import PATIENCE

from .conftest import Settings

NOTHING = OdooContent(uuid=None, contract=None, boxes=())


def test_each_gets_what_is_its_own_in_order(settings: Settings) -> None:
    databases = [settings(customer=f"c{number}") for number in range(3 * AT_ONCE)]

    def read(one: OdooSettings) -> OdooContent:
        if one.customer == "c1":
            raise OdooRefused("no")
        return OdooContent(uuid=None, contract=None, boxes=(), missing=(one.customer,))

    came = read_all(databases, read)

    assert isinstance(came[1], OdooRefused)
    assert [each.missing for each in came if isinstance(each, OdooContent)] == [
        (f"c{number}",) for number in range(3 * AT_ONCE) if number != 1
    ]


def test_two_are_read_at_the_same_time(settings: Settings) -> None:
    both = threading.Barrier(2, timeout=PATIENCE)

    def read(_: OdooSettings) -> OdooContent:
        both.wait()
        return NOTHING

    assert read_all([settings(customer="a"), settings(customer="b")], read) == (NOTHING, NOTHING)


def test_defect_shows_nothing_of_what_was_raised(settings: Settings) -> None:
    def read(_: OdooSettings) -> OdooContent:
        raise ValueError("canary")

    (came,) = read_all([settings()], read)

    assert isinstance(came, OdooUnreachable)
    assert "canary" not in str(came)
    assert "a defect (ValueError)" in str(came)


def test_no_database_is_none() -> None:
    assert read_all([]) == ()


def test_answer_that_drips_for_ever_is_left_behind(odoo: OdooStandIn, settings: Settings) -> None:
    odoo.fault = OdooFault.SLOW
    began = time.monotonic()

    (came,) = read_all([settings(seconds=1, protocol="json2")])

    assert isinstance(came, OdooUnreachable)
    assert "was not read within 1 seconds" in str(came)
    assert time.monotonic() - began < PATIENCE
