"""Files of authorities, for tests of whom a machine trusts."""

from __future__ import annotations

from pathlib import Path

import pytest

from .certificates import authority


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    """A file with the authority of these tests."""
    path = tmp_path / "ca.pem"
    path.write_bytes(authority().pem)
    return str(path)


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    """A system store that knows another authority only."""
    path = tmp_path / "system.pem"
    path.write_bytes(authority("Somebody else").pem)
    return str(path)
