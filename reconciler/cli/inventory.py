"""The verb `inventory`: begin an inventory, fill it from a list, look at it, and find what is wrong with it."""

from __future__ import annotations

import argparse
from typing import Final

from .inventory_import import IMPORT
from .inventory_init import INIT
from .inventory_reading import LINT, SHOW
from .verb import Verb, add_verbs

_ACTIONS: Final = (INIT, IMPORT, SHOW, LINT)


def _add(verb: argparse.ArgumentParser) -> None:
    add_verbs(verb, _ACTIONS, title="actions", metavar="ACTION")


VERB: Final = Verb(
    name="inventory",
    summary="begin, fill, show and check an inventory; connect to no box",
    usage="ACTION [OPTION ...]",
    add=_add,
    examples=tuple(example for action in _ACTIONS for example in action.examples),
    page="docs/inventory.md",
)
