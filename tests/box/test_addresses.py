"""A box that stores its own database's address otherwise is mended, and then in sync, on every kind of store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotbox_simulator.boxes.arrange import NAMES, link
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.codes import CodeName

from ..support import runs

LETTERS = "https://b\u00e4ckerei.example"
PUNYCODE = "https://xn--bckerei-5wa.example"
SPELLED = (
    ("http://db.example", "https://db.example"),
    ("http://db.example:80", "https://db.example"),
    ("https://db.example.", "https://db.example"),
    ("https://db.example", "http://db.example"),
    (LETTERS, PUNYCODE),
    (LETTERS, LETTERS),
    ("http://xn--bckerei-5wa.example", LETTERS),
)


@pytest.mark.parametrize("kind", ["ro_flat", "rw_ini"])
@pytest.mark.parametrize(("stored", "declared"), SPELLED)
def test_another_spelling_is_mended_and_no_strangers(kind: LayoutKind, stored: str, declared: str) -> None:
    fleet = runs.managed(kind)
    for there in fleet.box.world.dns.values():
        there.names = {**NAMES, "xn--bckerei-5wa.example": ("203.0.113.21",)}
    link(fleet.box, {"remote_server": stored})
    # as an inventory reads it
    desired = replace(runs.DESIRED, server_url=PUNYCODE if declared == LETTERS else declared)
    assert [each.code for each in runs.check(fleet.box, desired).before] == [CodeName.SERVER_DIFFERS]
    assert runs.codes(runs.reconcile(fleet.box, desired)) == []


@pytest.mark.parametrize("stored", ["https://DB.example", "https://db.example:443", "https://db.example/"])
def test_a_spelling_that_leads_there_as_well_restarts_nothing(stored: str) -> None:
    fleet = runs.managed("rw_ini")
    link(fleet.box, {"remote_server": stored})
    result = runs.reconcile(fleet.box)
    assert (runs.codes(result), result.changed) == ([], False)
