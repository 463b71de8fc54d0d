"""The command line that asks a box's login shell to run the box program: written and recognised in one place.

The simulator recognises the command by what is really sent, not by a copy of it.
"""

from __future__ import annotations

import functools
import re
import secrets
import shlex
from dataclasses import dataclass

from ..machine.posix.surroundings import PATH
from .carrier import BOOTSTRAP

_ENGLISH = f"/usr/bin/env LC_ALL=C PATH={PATH}"
"""So that what `sudo` says can be told apart, and that `sudo` and Python are those of the system, whatever the PATH of
the login user names first; through `env`, because the login shell may not be sh."""
LIVES = "iot-https-lives"
PROBE = "echo iot''-https-lives"
"""Any shell takes the quotes away; what only repeats the command, as a forced command may, leaves them."""
_WORD_BYTES = 12
_SUDO = r"sudo -n |sudo -S -p iot-https-([0-9a-f]+)-password: "
_FORM = re.compile(rf"{re.escape(_ENGLISH)} ({_SUDO})?(.+) -I -c ", re.DOTALL)


@dataclass(frozen=True, slots=True)
class BoxCommand:
    """One call of the box program. It holds no secrets: they travel on standard input.

    Args:
        python: interpreter on the box.
        become: run it as root, by `sudo`.
        word: what nobody can guess, where `sudo` may ask for a password; `None` where it must not ask.
    """

    python: str
    become: bool = True
    word: str | None = None

    @classmethod
    def asking(cls, python: str) -> BoxCommand:
        """Return a call by a `sudo` that may ask."""
        return cls(python, word=secrets.token_hex(_WORD_BYTES))

    @property
    def prompt(self) -> str:
        """What `sudo` prints on standard error when it asks."""
        return f"iot-https-{self.word}-password:"

    @property
    def ready(self) -> str:
        """What the program prints on standard output, as a line, when it waits for its stream; only with a word."""
        return f"iot-https-{self.word}-ready"

    @property
    def text(self) -> str:
        """The command for a shell."""
        python = shlex.quote(self.python)
        if self.word is not None:
            say = f"import sys\nsys.stdout.write({self.ready + chr(10)!r})\nsys.stdout.flush()\n"
            return f"{_ENGLISH} sudo -S -p {self.prompt} {python} -I -c {shlex.quote(say + BOOTSTRAP)}"
        return f"{_ENGLISH} {'sudo -n ' if self.become else ''}{python} -I -c {_bootstrap()}"


def read(text: str) -> BoxCommand | None:
    """Return the call of this very box program that a command is, or None for any other command."""
    found = _FORM.match(text)
    if found is None:
        return None
    try:
        python = shlex.split(found[3])
    except ValueError:  # a quote that is not closed
        return None
    command = BoxCommand(" ".join(python), become=found[1] is not None, word=found[2])
    return command if command.text == text else None


@functools.cache
def _bootstrap() -> str:
    return shlex.quote(BOOTSTRAP)
