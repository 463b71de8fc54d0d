"""What programs read is a name: no enumeration of this program has a sentence as its value."""

from __future__ import annotations

import importlib
import pkgutil
import re
from enum import StrEnum

import pytest

import reconciler
from reconciler.model.code_name import CodeName

_NAME = re.compile(r"[a-z][a-z0-9]*([_.][a-z0-9]+)*")
"""With dots for a part of a part."""


def enumerations() -> list[type[StrEnum]]:
    """Return every enumeration of texts but that of the codes, which have a form of their own."""
    for module in pkgutil.walk_packages(reconciler.__path__, "reconciler."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ours = [each for each in StrEnum.__subclasses__() if each.__module__.startswith("reconciler.")]
    return [each for each in ours if each is not CodeName]


@pytest.mark.parametrize("enumeration", enumerations(), ids=lambda each: str(each.__name__))
def test_values_are_in_snake_case(enumeration: type[StrEnum]) -> None:
    assert [each.value for each in enumeration if not _NAME.fullmatch(each.value)] == []


def test_enumerations_are_found() -> None:
    assert len(enumerations()) > 20
