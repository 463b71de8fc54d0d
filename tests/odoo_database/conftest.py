"""A database that is served, and its settings in both protocols."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.odoo_database.settings import OdooSettings, settings_of
from tests.support.odoo_stand_in import DATABASE, KEY, LOGIN, OdooStandIn

Settings = Callable[..., OdooSettings]


@pytest.fixture(scope="session")
def served_odoo() -> Iterator[OdooStandIn]:
    """One server for all tests of a process: its authority takes time to make."""
    with OdooStandIn() as odoo:
        yield odoo


@pytest.fixture
def odoo(served_odoo: OdooStandIn) -> OdooStandIn:
    """A database with two boxes, as new."""
    served_odoo.renew()
    return served_odoo


@pytest.fixture
def settings(odoo: OdooStandIn, tmp_path: Path) -> Settings:
    """Return a function that makes settings of the database; what it is given counts instead."""

    def make(**more: Any) -> OdooSettings:
        known = {"customer": "lotus", "url": odoo.url, "api_key": KEY, "ca_file": odoo.ca_file(tmp_path), "seconds": 20}
        return settings_of({**known, "database": DATABASE, "login": LOGIN, **more})

    return make
