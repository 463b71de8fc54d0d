"""The verb `completion`: what completes this command in a shell; no hosts, since an inventory is slow to read."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from . import explain
from .arguments import actions_of, family
from .verb import Verb

SHELLS: Final = {
    "bash": "bash-completion/completions/iot-https",
    "zsh": "zsh/site-functions/_iot-https",
    "fish": "fish/vendor_completions.d/iot-https.fish",
}
"""Where each shell looks, below `share`."""
_FILES: Final = ("FILE", "PATH", "SCENARIO")
_FOLDERS: Final = ("FOLDER", "DIR")


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """Return what completes a command in a shell.

    Args:
        parser: of the command, which is changed: it must be used for nothing else.
    """
    import shtab

    for action in (each for one in family(parser) for each in actions_of(one)):
        meant: Any = action
        if action.metavar in _FOLDERS:
            meant.complete = shtab.DIRECTORY
        elif action.metavar in _FILES or action.type is Path:
            meant.complete = shtab.FILE
        elif action.dest == "codes":
            action.choices = explain.names()
    return str(shtab.complete(parser, shell)).rstrip() + "\n"


def run(options: argparse.Namespace) -> int:
    """Print the completion for a shell."""
    sys.stdout.write(script(options.shell, options.make_parser()))
    return 0


def _add(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=run)
    verb.add_argument("shell", choices=list(SHELLS), metavar="SHELL", help=f"one of {', '.join(SHELLS)}")


VERB: Final = Verb(
    name="completion",
    summary="print what completes this command in a shell",
    usage="SHELL",
    add=_add,
    examples=(
        ("iot-https completion bash > ~/.local/share/bash-completion/completions/iot-https", "once, for bash"),
        ("iot-https completion fish > ~/.config/fish/completions/iot-https.fish", "once, for fish"),
    ),
)
