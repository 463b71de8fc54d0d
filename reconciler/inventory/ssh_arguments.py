"""Parse the argument strings that Ansible passes to `ssh` into options, as OpenSSH reads them.

As in OpenSSH the first value of an option counts and identity files add up, so the order of the sources matters.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Final

from ..model.fields import BadField
from . import ssh_options

_TAKES_VALUE: Final = frozenset("BbcDEeFIiJLlmOoPpQRSWw")
"""Letters after which OpenSSH expects a value (ssh(1))."""

_AS_OPTION: Final = {"J": "ProxyJump", "p": "Port", "i": "IdentityFile", "l": "User"}
_IGNORED: Final = frozenset("CqvAaxXYtTnS")
"""Compression, verbosity, agent and display forwarding, terminal, input, control socket: no effect here."""

_OPTION: Final = re.compile(r"\s*([A-Za-z0-9]+)\s*(?:=|\s)\s*(.*)", re.DOTALL)
_SHOWN: Final = re.compile(r"[A-Za-z0-9]{1,40}")


class Arguments:
    """What was collected so far, by the canonical name of an option."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.identity_files: list[str] = []
        self.config_file: str | None = None
        self.problems: list[str] = []

    def option(self, source: str, shown: str, name: str, value: str) -> None:
        """Take one option.

        Args:
            source: where it was set, for problems.
            shown: how it stands there, such as `-o Port`; empty when the source says it all.
        """
        try:
            clean = ssh_options.read(name, value)
        except BadField as refusal:
            self.problems.append(f"{source}: {shown} {refusal}" if shown else f"{source} {refusal}")
            return
        if clean is not None:
            self._keep(*clean)

    def _keep(self, name: str, value: str) -> None:
        if name == "identityfile":
            self.identity_files.append(value)
            return
        # Of jump host and proxy command OpenSSH takes whichever comes first.
        rivals = ("proxyjump", "proxycommand") if name in ("proxyjump", "proxycommand") else (name,)
        if not any(rival in self.values for rival in rivals):
            self.values[name] = value

    def text(self, source: str, text: str) -> None:
        """Take a whole argument string."""
        try:
            words = shlex.split(text)
        except ValueError:
            self.problems.append(f"{source} has a quote that is not closed: close it")
            return
        try:
            for letter, value in _letters(words):
                self._letter(source, letter, value)
        except BadField as refusal:
            self.problems.append(f"{source} {refusal}")

    def _letter(self, source: str, letter: str, value: str) -> None:
        if letter == "o":
            self._o(source, value)
        elif letter in _AS_OPTION:
            self.option(source, f"-{letter}", _AS_OPTION[letter], value)
        elif letter == "F":
            self._config(source, value)
        elif letter not in _IGNORED:
            shown = f"-{letter}" if letter.isprintable() else "a control character after -"
            self.problems.append(f"{source}: {shown} cannot be used by this program: remove it")

    def _config(self, source: str, value: str) -> None:
        try:
            self.config_file = value if value.lower() == "none" else ssh_options.home_expanded(value)
        except BadField as refusal:
            self.problems.append(f"{source}: -F {refusal}")

    def _o(self, source: str, value: str) -> None:
        match = _OPTION.fullmatch(value)
        if match is None:
            name = f" {value}" if _SHOWN.fullmatch(value) else ""
            self.problems.append(f"{source}: -o{name} has no value: write -o Name=value")
            return
        name = match[1] if _SHOWN.fullmatch(match[1]) else "..."
        self.option(source, f"-o {name}", match[1], match[2].strip())


def _letters(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each letter with its value, empty for those that take none.

    Raises:
        Refused: a word stands where OpenSSH expects an option.
    """
    rest = iter(word for word in words if word.strip())
    for word in rest:
        if len(word) == 1 or word[0] != "-" or word[1] == "-":
            raise BadField("has a word that is not an option: only options of ssh may stand there, remove it")
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter not in _TAKES_VALUE:
                yield letter, ""
                continue
            value = letters or next(rest, None)
            if value is None:
                raise BadField(f"ends with -{letter}, which needs a value: add it")
            yield letter, value
            break
