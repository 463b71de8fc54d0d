"""Two forms of one test: the short one in every run of the suite, and the long one, which `make soak` runs."""

from __future__ import annotations

from typing import Literal

import pytest

Form = Literal["short", "long"]

short_and_long = pytest.mark.parametrize("form", ["short", pytest.param("long", marks=pytest.mark.soak)])
"""Gives a test its form."""
