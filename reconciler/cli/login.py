"""How to log in to boxes, as the command line says it, and the passwords that it asks for."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from getpass import getpass
from typing import TYPE_CHECKING, Final

from ..model.secret import MASK
from .usage import UsageError, typed

if TYPE_CHECKING:
    from ..inventory import CommandLine

_PAIR: Final = re.compile(r"(\w+)=\S*")
_IN_A_FILE: Final = {"--ask-pass": "ansible_password", "--ask-become-pass": "ansible_become_password"}
"""Options that ask, and the variables that hold the same."""


def command_line(options: argparse.Namespace) -> CommandLine:
    """Return what the command line says beside the inventory; a password is asked for once, for all boxes.

    Raises:
        UsageError: a password is to be asked for, and there is no terminal.
    """
    from ..inventory import CommandLine

    password = _asked("SSH password: ", "--ask-pass") if options.ask_pass else None
    become_password = None
    if options.ask_become_pass:
        default = " (default: the SSH password)" if password else ""
        become_password = _asked(f"Password for sudo on the boxes{default}: ", "--ask-become-pass") or password
    return CommandLine(
        user=options.user,
        private_key_file=options.private_key,
        become=options.become,
        password=password,
        become_password=become_password,
        extra_vars=tuple(options.extra_vars),
    )


def prompts(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the options for which somebody must be at the terminal."""
    asks = {"--ask-pass": options.ask_pass, "--ask-become-pass": options.ask_become_pass}
    return tuple(option for option, is_given in asks.items() if is_given)


def words(options: argparse.Namespace) -> Iterator[str]:
    """Yield these options as they are given again; a value that may be a secret is masked, since reports are kept."""
    for value in options.extra_vars:
        yield from ("-e", _shown(value))
    for option, given in (("-u", options.user), ("--private-key", options.private_key)):
        if given is not None:
            yield from (option, given)
    flags = {"-k": options.ask_pass, "-b": options.become, "-K": options.ask_become_pass}
    yield from (flag for flag, is_given in flags.items() if is_given)


def _shown(extra: str) -> str:
    """Return what follows `-e`, without a value that may be a secret."""
    from ..inventory.secrecy import may_be_read

    if extra.startswith("@"):
        return extra
    pair = _PAIR.fullmatch(extra)
    if pair is None:
        return MASK
    return extra if may_be_read(pair[1]) else f"{pair[1]}={MASK}"


def _asked(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"no terminal to ask on: instead of {option}, set {_IN_A_FILE[option]} in a vaulted file")
    try:
        return typed(lambda: getpass(question))
    except EOFError:
        raise UsageError(f"nothing was typed for {option}") from None
