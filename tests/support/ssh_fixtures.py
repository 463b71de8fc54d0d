"""Keys, files and a home of one's own for the tests of SSH: nothing of the user who runs them is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.ssh_servers import SshLab


@pytest.fixture
def ssh_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SshLab:
    """Return keys and files for SSH servers."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return SshLab(tmp_path)
