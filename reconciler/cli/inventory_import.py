"""The action `inventory import`: boxes from a list in CSV, shown as a diff, written only if that is said."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from ..printable import printable
from ..report.words import counted
from .boxes import vault_options
from .options import add_inventory, add_talk, add_vault
from .usage import say
from .verb import Verb


def run(options: argparse.Namespace) -> int:
    """Show what a list would add, and add it with `--write`.

    Raises:
        BadList: something of the list cannot be used; nothing is written then.
        InventoryError: the inventory cannot be read.
        EditRefused: it cannot be written.
    """
    from ..box_list.adding import add
    from ..box_list.reading import read_list
    from ..inventory import declared
    from ..inventory.problem import short
    from ..inventory_files import InventoryFiles

    listed = read_list(options.file, options.encoding)
    if listed.ignored:
        say(f"warning: {printable(str(options.file))}: of no use here: {', '.join(listed.ignored)}")
    known = declared(options.inventory, vault=vault_options(options))
    files = InventoryFiles(known)
    added = add(listed, files, known)
    sys.stdout.write(files.diff())
    sys.stdout.flush()
    if added.there:
        say(f"{counted(len(added.there), 'box', 'boxes')} in the inventory already, as the list has them")
    if not added.new:
        return 0
    if not options.write:
        say(f"{counted(len(added.new), 'box', 'boxes')} to add, nothing was written: pass --write to write this")
        return 0
    written = files.write()
    names = ", ".join(printable(short(each)) for each in written)
    say(f"{counted(len(added.new), 'box', 'boxes')} added to {names}: iot-https inventory lint comes next")
    return 0


def _add(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=run)
    one.add_argument("file", type=Path, metavar="FILE.csv", help="the list: customer, name, address, and more")
    add_inventory(one)
    one.add_argument("--write", action="store_true", help="write what is shown")
    one.add_argument("--encoding", metavar="NAME", help="of the list, such as cp1252 (default: UTF-8, marked UTF-16)")
    add_vault(one.add_argument_group("secrets"))
    add_talk(one)


IMPORT: Final = Verb(
    name="import",
    summary="add boxes from a CSV to an inventory; show a diff first",
    usage="[OPTION ...] FILE.csv",
    add=_add,
    more="Columns: customer, name, address; store, serial, connection and port where they are known.",
    examples=(
        ("iot-https inventory import boxes.csv -i boxes", "what would be added"),
        ("iot-https inventory import boxes.csv -i boxes --write", "add it"),
    ),
    page="docs/inventory.md",
)
