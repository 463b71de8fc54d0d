"""The packages that users install, built once per worker and without network by the backend of pyproject.toml."""

from __future__ import annotations

import pytest

from tools.build_packages import Packages, build


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """Return the wheel and the sdist of this checkout."""
    return build(tmp_path_factory.mktemp("packages"))
