"""The action `inventory init`: begin an inventory, after a few questions or from options."""

from __future__ import annotations

import argparse
import secrets
import shlex
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from ..model.names import box_problem, host_problem
from ..model.secret import Secret
from ..printable import printable
from ..project.file import File
from ..project.inventory import GAP, Beginning, files_of_inventory
from ..project.password import password_file
from ..project.writing import ProjectRefused, write
from ..report.words import counted
from .questions import Asked, asked, of_variable, refuse_given
from .usage import UsageError, say
from .verb import Verb

_QUESTIONS: Final[Mapping[str, Asked]] = {
    "customer": Asked(option="--customer", text="Customer", problem=of_variable("iot_https_customer")),
    "store": Asked(option="--store", text="Store", problem=of_variable("iot_https_store"), is_needed=False),
    "box": Asked(option="--box", text="Name of the first box, such as hanoi-till-1", problem=box_problem),
    "address": Asked(option="--address", text="Its address, such as 192.0.2.11", problem=host_problem),
    "server_url": Asked(
        option="--server-url",
        text="Address of the database, such as https://lotus.example.com",
        problem=of_variable("iot_https_server_url"),
        is_needed=False,
    ),
    "vault_password_file": Asked(
        option="--vault-password-file",
        text="File with the password of the vault, made where it is not there",
        problem=lambda _: None,
        is_needed=False,
    ),
}
_SECRETS: Final[Mapping[str, str]] = {
    "iot_https_db_uuid": "UUID of the database, which is not shown",
    "iot_https_enterprise_code": "Enterprise code of the database, which is not shown",
}
_HIDDEN_BEGINNING: Final = "."


def run(options: argparse.Namespace) -> int:
    """Write an inventory, and say what to do next.

    Raises:
        ProjectRefused: it cannot be written there.
        UsageError: an answer is missing or cannot be used.
    """
    folder: Path = options.folder
    given = {name: getattr(options, name) for name in _QUESTIONS}
    refuse_given([(_QUESTIONS[name], text) for name, text in given.items()])
    _refuse_filled(folder)
    is_asking = any(question.is_needed and given[name] is None for name, question in _QUESTIONS.items())
    answers = _asked(given) if is_asking else given
    secret = {name: _secret(name) for name in _SECRETS} if is_asking and answers["vault_password_file"] else {}
    password = answers["vault_password_file"]
    made = password_file(Path(password), secrets.token_urlsafe(32)) if password else nullcontext(enter_result=False)
    with made as is_new:
        vaulted = _vaulted(password, {name: each for name, each in secret.items() if each is not None})
        written = write(folder, [*_ignoring(folder, password), *files_of_inventory(_beginning(answers, vaulted))])
    for warning in written.warnings:
        say(f"warning: {warning}")
    if is_new:
        say(f"{password} holds a new password of the vault: keep a copy where passwords are kept, and it out of git")
    told = f"{counted(len(written.paths), 'file')} written" if written.paths else "all files were there already"
    sys.stdout.write(f"{printable(str(folder))}: {told}\n{_next(folder, password)}")
    return 0


def _asked(given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Ask for what is not given.

    Raises:
        UsageError: there is no terminal.
    """
    if not sys.stdin.isatty():
        lacking = [each.option for name, each in _QUESTIONS.items() if each.is_needed and given[name] is None]
        raise UsageError(f"no terminal to ask on: pass {' and '.join(lacking)}")
    return {name: given[name] if given[name] is not None else asked(each) for name, each in _QUESTIONS.items()}


def _secret(name: str) -> Secret | None:
    question = Asked(option="", text=_SECRETS[name], problem=of_variable(name), is_needed=False, is_secret=True)
    answer = asked(question)
    return None if answer is None else Secret(answer)


def _vaulted(password: str | None, known: Mapping[str, Secret]) -> dict[str, str]:
    if not known or password is None:
        return {}
    from ..inventory import VaultOptions, encrypter

    encrypted = encrypter(VaultOptions(password_files=(password,)))
    return {name: encrypted(each) for name, each in known.items()}


def _beginning(answers: Mapping[str, str | None], vaulted: Mapping[str, str]) -> Beginning:
    return Beginning(
        customer=answers["customer"] or "",
        store=answers["store"],
        box=answers["box"] or "",
        address=answers["address"] or "",
        server_url=answers["server_url"] or GAP,
        vaulted=vaulted,
    )


def _ignoring(folder: Path, password: str | None) -> list[File]:
    """Return what keeps a password that stands in the inventory out of git."""
    if password is None or Path(password).absolute().parent != folder.absolute():
        return []
    return [File(".gitignore", f"# Whoever has it can read every secret in here.\n/{Path(password).name}\n")]


def _refuse_filled(folder: Path) -> None:
    """Refuse a folder with anything in it that is not hidden: an inventory is read whole, so this would mix two."""
    if folder.is_dir() and any(not each.name.startswith(_HIDDEN_BEGINNING) for each in folder.iterdir()):
        way_out = f"name a new folder, or add boxes with iot-https inventory import -i {shlex.quote(str(folder))}"
        raise ProjectRefused(f"{printable(str(folder))} has files already, and none is replaced: {way_out}")


def _next(folder: Path, password: str | None) -> str:
    """Return the commands that come next, to be pasted."""
    place = shlex.quote(str(folder))
    export = [f"export ANSIBLE_VAULT_PASSWORD_FILE={shlex.quote(str(Path(password).absolute()))}"] if password else []
    lines = [*export, *(f"iot-https {verb} -i {place}" for verb in ("inventory lint", "host-keys", "check"))]
    return "next:\n" + "".join(f"  {line}\n" for line in lines)


def _folder(text: str) -> Path:
    if not text:  # an empty variable; to pathlib it is the folder one happens to stand in
        raise argparse.ArgumentTypeError("is empty: name a folder, or . for this one")
    return Path(text)


def _add(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=run)
    one.add_argument("folder", type=_folder, metavar="DIR", help="a new folder, or an empty one")
    one.add_argument("--customer", metavar="NAME", help="whose the first box is")
    one.add_argument("--store", metavar="NAME", help="where it stands (default: it has none)")
    one.add_argument("--box", metavar="NAME", help="what the first box is called")
    one.add_argument("--address", metavar="HOST", help="its address")
    one.add_argument("--server-url", metavar="URL", help="address of its database (default: to be filled in)")
    one.add_argument(
        "--vault-password-file", metavar="FILE", help="password of the vault; a new one is made where there is none"
    )


INIT: Final = Verb(
    name="init",
    summary="write a new inventory, after a few questions; replace no file",
    usage="[OPTION ...] DIR",
    add=_add,
    more="Without a terminal, --customer, --box and --address answer what would be asked.",
    examples=(
        (
            "iot-https inventory init boxes --customer lotus --store hanoi --box hanoi-till-1 --address 192.0.2.11",
            "one box of one customer",
        ),
    ),
    page="docs/inventory.md",
)
