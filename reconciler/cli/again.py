"""How the command is called again for the same boxes: what a report offers to be copied."""

from __future__ import annotations

import argparse

from ..results.fleet import Again
from . import login


def again(options: argparse.Namespace) -> Again:
    """Return how the command is called again: without the inventory it would take that of `ansible.cfg`."""
    if options.connection == "local":
        name = ("--name", options.name) if options.name else ()
        return Again(options=("--connection", "local", "--desired", str(options.desired), *name), by_name=False)
    given = (("-i", options.inventory), ("--vault-id", options.vault_id))
    files = (("--vault-password-file", options.vault_password_file),)
    words = [word for option, values in (*given, *files) for value in values for word in (option, value)]
    return Again(options=(*words, *(("-J",) if options.ask_vault_password else ()), *login.words(options)))
