"""The authority that signs in tests of boxes that are reached by their homepage."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iotbox_simulator.pki import TestAuthority, make_authority


@pytest.fixture(scope="session")
def ca() -> TestAuthority:
    """Signs everything here."""
    return make_authority("Test", now=datetime(2026, 1, 1, tzinfo=UTC))
