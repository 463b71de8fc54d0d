"""The actions `inventory show` and `inventory lint`: what an inventory says, and what is wrong with it."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from ..model.status import FAILED, IN_SYNC
from ..report import page
from . import login
from .boxes import vault_options
from .options import add_access, add_inventory, add_talk
from .usage import say
from .verb import Verb

_EXAMPLE: Final = "iot-https inventory show hanoi-till-1"
_LINT: Final = "iot-https inventory lint -i inventories/example --strict"


def show(options: argparse.Namespace) -> int:
    """Print the variables of boxes; 4 where an entry cannot be used.

    Raises:
        InventoryError: the inventory cannot be read, or has no such box.
    """
    from ..inventory import show as look
    from ..report import inventory_json, inventory_text

    boxes, warnings = look(
        options.inventory, options.boxes, vault=vault_options(options), said=login.command_line(options)
    )
    for warning in warnings:
        say(f"warning: {warning}")
    is_json = options.output == "json"
    text = inventory_json.shown(boxes) if is_json else inventory_text.shown(boxes, page.width_of(sys.stdout))
    sys.stdout.write(f"{text}\n")
    return FAILED if any(each.problems for each in boxes) else IN_SYNC


def lint(options: argparse.Namespace) -> int:
    """Print all that is wrong; 4 where there is an error, with `--strict` also where there is a warning.

    Raises:
        InventoryError: there is nothing to look at.
    """
    from ..inventory import lint as look
    from ..inventory.linted import Level
    from ..report import inventory_json, inventory_text

    found = look(options.inventory, vault=vault_options(options), said=login.command_line(options))
    rings = bool(found.flaws) if options.strict else bool(found.count(Level.ERROR))
    status = FAILED if rings else IN_SYNC
    text = inventory_json.linted(found, status) if options.output == "json" else inventory_text.linted(found)
    sys.stdout.write(f"{text}\n")
    return status


def _add_show(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=show)
    one.add_argument("boxes", nargs="+", metavar="BOX", help="a box, or a pattern as of check")
    _add_common(one)


def _add_lint(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=lint)
    one.add_argument("--strict", action="store_true", help="let warnings fail, too")
    _add_common(one)


def _add_common(one: argparse.ArgumentParser) -> None:
    add_inventory(one)
    one.add_argument(
        "--output", "--format", choices=["text", "json"], default="text", help="format of the result (default: text)"
    )
    add_access(one)
    add_talk(one)


SHOW: Final = Verb(
    name="show",
    summary="show each variable of a box: its value, and who says so",
    usage="[OPTION ...] BOX ...",
    add=_add_show,
    more="Secrets are masked. No connection is made.\n\nExit status: 0, or 4 where the entry of a box cannot be used.",
    examples=((_EXAMPLE, "what counts for a box, and what it overrules"),),
    page="docs/inventory.md",
)
LINT: Final = Verb(
    name="lint",
    summary="list all that is wrong with an inventory, with file and line",
    add=_add_lint,
    more="No connection is made.\n\nExit status: 0, or 4 where there is an error, with --strict also for a warning.",
    examples=((_LINT, "before a change is merged"),),
    page="docs/inventory.md",
)
