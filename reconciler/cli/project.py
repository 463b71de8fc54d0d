"""The verb `project`: begin an Ansible project."""

from __future__ import annotations

import argparse
import secrets
import shlex
import sys
from pathlib import Path
from typing import Final

from .. import __version__
from ..printable import printable
from ..project.contents import VAULT_PASSWORD, files_of_project
from ..project.writing import write
from ..report.words import counted
from .usage import say
from .verb import Verb, add_verbs


def init(options: argparse.Namespace) -> int:
    """Write a project, and say what to do next.

    Raises:
        ProjectRefused: it cannot be written there.
    """
    folder: Path = options.folder
    contents = files_of_project(__version__, secrets.token_urlsafe(32))
    written = write(folder, contents)
    for warning in written.warnings:
        say(f"warning: {warning}")
    told = f"{counted(len(written.paths), 'file')} written" if written.paths else "all files were there already"
    sys.stdout.write(f"{printable(str(folder))}: {told}\n{_next(folder)}")
    return 0


def _next(folder: Path) -> str:
    """Return the commands that come next, to be pasted."""
    enter = [] if folder.absolute() == Path.cwd() else [f"cd {shlex.quote(str(folder))}"]
    lines = [
        *enter,
        f"export ANSIBLE_VAULT_PASSWORD_FILE=$PWD/{VAULT_PASSWORD}",
        "iot-https check  # names what is left to be filled in; README.md goes on from there",
    ]
    return "next:\n" + "".join(f"  {line}\n" for line in lines)


def _folder(text: str) -> Path:
    if not text:  # an empty variable; to pathlib it is the folder one happens to stand in
        raise argparse.ArgumentTypeError("is empty: name a folder, or . for this one")
    return Path(text)


def _add_init(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=init)
    one.add_argument("folder", type=_folder, metavar="DIR", help="a new folder, or one that is there")


_INIT: Final = ("iot-https project init shops", "write a project into the new folder shops")
_ACTIONS: Final = (
    Verb(
        name="init",
        summary="write inventory, ansible.cfg, playbooks and README.md of a project; replace no file",
        usage="DIR",
        add=_add_init,
        examples=(_INIT,),
        page="docs/first-steps.md",
    ),
)


def _add(verb: argparse.ArgumentParser) -> None:
    add_verbs(verb, _ACTIONS, title="actions", metavar="ACTION")


VERB: Final = Verb(
    name="project",
    summary="begin an Ansible project for your boxes",
    usage="ACTION",
    add=_add,
    examples=(_INIT,),
    page="docs/first-steps.md",
)
