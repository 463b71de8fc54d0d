"""The verb `project`: begin an Ansible project."""

from __future__ import annotations

import argparse
import secrets
import shlex
import sys
from pathlib import Path
from typing import Final

from .. import __version__
from ..project.contents import VAULT_PASSWORD, files_of_project
from ..project.writing import write
from .usage import say
from .verb import Verb, add_verbs


def init(options: argparse.Namespace) -> int:
    """Write a project, and say what to do next.

    Raises:
        ProjectRefused: it cannot be written there.
    """
    folder: Path = options.folder
    contents = files_of_project(__version__, secrets.token_urlsafe(32))
    for warning in write(folder, contents):
        say(f"warning: {warning}")
    sys.stdout.write(
        f"{folder}: an Ansible project of {len(contents)} files, and the password of its vault among them\n"
    )
    sys.stdout.write(_next(folder))
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


def _add_init(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=init)
    one.add_argument("folder", type=Path, metavar="DIR", help="a new folder, or one that is there")


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
