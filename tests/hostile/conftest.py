"""Keys, files and a home of one's own for the tests of SSH."""

from __future__ import annotations

from tests.support.ssh_fixtures import ssh_lab

__all__ = ["ssh_lab"]
