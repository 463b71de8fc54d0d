"""The verb `adopt`: make what boxes have the desired state, shown as a diff of the inventory, written only if asked."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..adoption.customers import known_boxes
from ..adoption.found import FoundBox, LeftOutBox
from ..adoption.grouping import Adoption, decide
from ..model.status import DIFFERENCES, FAILED, IN_SYNC, UNREACHED
from ..model.target import ConnectionKind
from ..printable import printable
from . import adopt_names, boxes, login
from .adopt_looking import look
from .adopt_words import tell
from .numbers import seconds
from .options import add_access, add_boxes, add_forks, add_talk
from .usage import UsageError, say, typed
from .verb import Verb

if TYPE_CHECKING:
    from ..inventory import Inventory
    from ..inventory.declarations import Declarations


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=run)
    add_boxes(verb)
    add_access(verb)
    verb.add_argument(
        "--encrypt-vault-id",
        metavar="ID",
        help="encrypt secrets with the vault password of this ID, where several are given",
    )
    whose = verb.add_argument_group("whose boxes are")
    whose.add_argument(
        "--into", metavar="CUSTOMER", help="add boxes to this customer, whose database UUID and contract they must have"
    )
    whose.add_argument(
        "--new-customer",
        action="append",
        default=[],
        metavar="NAME[=BOX|HOST]",
        help="name the customer of a new database, told by one of its boxes or its host; may be given again",
    )
    whose.add_argument(
        "--no-resolvers", dest="resolvers", action="store_false", help="leave out the DNS servers that boxes have"
    )
    add_forks(verb)
    verb.add_argument(
        "--deadline",
        type=seconds(10, 3600),
        default=60.0,
        metavar="SECONDS",
        help="when a box must have answered (default: 60)",
    )
    add_talk(verb)
    verb.add_argument("--write", action="store_true", help="write the inventory, after a question")
    verb.add_argument("-y", "--yes", action="store_true", help="with --write: do not ask")


def run(options: argparse.Namespace) -> int:
    """Look, show, and write if asked; return the exit status.

    Raises:
        UsageError: the command line asks for something that cannot be done.
        EditRefused: the inventory cannot take what is to be declared.
    """
    named = adopt_names.given(options.new_customer)
    _refuse(options)
    inventory, declared = _read(options)
    if options.list_hosts:
        return boxes.list_hosts(boxes.Boxes(inventory.targets, inventory.invalid, names=inventory.names))
    from ..adoption.declaring import declare
    from ..inventory_files import InventoryFiles

    salt = secrets.token_bytes(16)
    known = known_boxes(declared, salt)
    adopt_names.refuse(options.into, named, known)
    seen = asyncio.run(look([each for each in inventory.targets if each.desired.managed], options, salt))
    here = [each for each in seen if isinstance(each, FoundBox)]
    plan = decide(here, known, options.into, named)
    if plan.unnamed and options.write and not options.yes:
        plan = decide(here, known, options.into, {**named, **adopt_names.asked(plan.unnamed, known)})
    unnamed = {} if options.write else {each.boxes[0].name: each.proposal for each in plan.unnamed}
    shown = decide(here, known, options.into, {**named, **unnamed}) if unnamed else plan
    files = InventoryFiles(declared)
    kept = declare(shown.adoptions, files, declared, with_resolvers=options.resolvers)
    diff = files.diff()
    sys.stdout.write(diff)
    sys.stdout.flush()
    left = (*plan.left_out, *(each for each in seen if isinstance(each, LeftOutBox)))
    tell(shown, plan, known, left, kept)
    boxes.say_invalid(inventory.invalid)
    status = _status(left, is_left=bool(plan.unnamed or inventory.invalid))
    if not diff:
        say(f"nothing to declare: {'what these boxes have is declared already' if here else 'no box could be read'}")
        return status
    if not options.write:
        say("nothing was written: --write does it")
        return status | DIFFERENCES
    if not options.yes and not _agreed():
        say("nothing was written: the answer was no")
        return status | DIFFERENCES
    say(f"written: {', '.join(map(_short, files.write()))}")
    return status | _verified(options, shown.adoptions)


def _refuse(options: argparse.Namespace) -> None:
    if options.connection == ConnectionKind.LOCAL:
        raise UsageError("adopt is for the boxes of an inventory: leave out --connection local")
    if options.write and not options.yes and not sys.stdin.isatty():
        raise UsageError("no terminal to confirm on: pass --yes, or leave out --write to see the diff")
    if any("iot_https_" in each for each in options.extra_vars):
        raise UsageError("adopt declares what the inventory does not: leave iot_https_ variables out of --extra-vars")


def _read(options: argparse.Namespace) -> tuple[Inventory, Declarations]:
    from ..inventory import load_and_declared

    inventory, declared = load_and_declared(
        options.inventory,
        limit=options.limit,
        patterns=options.patterns,
        vault=boxes.vault_options(options),
        said=login.command_line(options),
        encrypt_vault_id=options.encrypt_vault_id,
    )
    for warning in inventory.warnings:
        say(f"warning: {warning}")
    return inventory, declared


def _status(left: Sequence[LeftOutBox], *, is_left: bool) -> int:
    """Return 16 where a box did not answer, and 4 where something else is left to a person."""
    unreached = any(each.unreached for each in left)
    return (UNREACHED if unreached else IN_SYNC) + (
        FAILED if is_left or any(not each.unreached for each in left) else IN_SYNC
    )


def _agreed() -> bool:
    sys.stderr.write("Write this? [y/N] ")
    sys.stderr.flush()
    return typed().strip().lower() in ("y", "yes")


def _short(path: Path) -> str:
    here = Path.cwd()
    return printable(str(path.relative_to(here) if path.is_relative_to(here) else path))


def _verified(options: argparse.Namespace, adoptions: Sequence[Adoption]) -> int:
    """Read the inventory again: what was declared must not contradict what was there."""
    vault = boxes.vault_options(options)
    if vault.prompts:
        return IN_SYNC  # nobody is asked for a password again
    from ..inventory import load

    adopted = {box.name for each in adoptions for box in each.boxes}
    wrong = [each for each in load(options.inventory, vault=vault).invalid if each.name in adopted]
    for each in wrong:
        say(f"{printable(each.name)}: its entry cannot be used now: {printable(each.problems[0])}")
    return FAILED if wrong else IN_SYNC


VERB: Final = Verb(
    name="adopt",
    summary="make what boxes have the desired state of the inventory",
    usage="[OPTION ...] [PATTERN ...]",
    add=_add,
    more=(
        "Boxes are looked at and not changed. What they have is shown as a diff of the inventory, and written only "
        "with --write. Exit status: 0 where all of it is declared, 2 where something is to be written, 4 more where "
        "a box was left out, 16 more where one did not answer."
    ),
    examples=(
        ("iot-https adopt", "what every box has and nobody declared"),
        ("iot-https adopt --write", "name new customers, look at the diff, write"),
        ("iot-https adopt 'hue-*' --into lotus --write", "boxes that a person knows to be of lotus"),
    ),
    page="docs/adopt.md",
)
