"""The packages that users install, built once per worker without network by the backend of pyproject.toml."""

from __future__ import annotations

import pytest

from .built import Built, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the wheel and the sdist of this checkout."""
    return build(tmp_path_factory.mktemp("built"))
