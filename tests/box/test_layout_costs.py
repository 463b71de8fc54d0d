"""The vendor's helper module belongs to the box's own user: nothing in it costs more than its length."""

from __future__ import annotations

import time

import pytest

from reconciler.box.layout import observe_layout
from reconciler.model.observed import StoreFormat

from ..support import runs

OLD = "/home/pi/odoo/addons/hw_drivers/tools/helpers.py"
AT_MOST = 1 << 20
"""Bytes that are read of it."""


@pytest.mark.parametrize("piece", [b"\n", b" ", b"\nimport", b"import ", b"from\n", b"\t\n"])
def test_a_module_of_white_space_takes_no_hours(piece: bytes) -> None:
    box = runs.managed("ro_flat").box
    box.storage.make_writable()
    box.host.write(OLD, piece * (AT_MOST // len(piece)))
    began = time.process_time()
    assert observe_layout(box.host).store_format is StoreFormat.FLAT
    assert time.process_time() - began < 3
