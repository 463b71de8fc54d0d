"""The command line's parser: argparse with our exit status and our words, and without guesses at shortened options."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ..model.status import USAGE
from ..printable import printable
from . import suggestions
from .usage import say


class Parser(argparse.ArgumentParser):
    """argparse, whose errors are one line with the way out.

    Args:
        whole: the parser of the whole command, where this is one of its verbs.
        gathers: the argument that takes every word which is no option, wherever it stands among them; argparse
            gives it only those that stand together.
    """

    def __init__(self, whole: Parser | None = None, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})
        self.whole = whole or self
        self.gathers: str | None = None
        self.color = False  # Python 3.14 colours what it lays out, and not what stands between

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        say(printable(f"{self.prog}: {message}"), ours=True)
        self.exit(USAGE)

    def format_help(self) -> str:
        """Return the help, with the options that all verbs have at its end."""
        self._action_groups.sort(key=lambda group: group is self._optionals)
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; an option that is not known is refused here, by the verb that it was given to."""
        self._refuse_before_verb(list(args or ()))
        known, unknown = super().parse_known_args(args, namespace)
        if self.gathers is not None:
            more = [word for word in unknown if not _is_option(word)]
            setattr(known, self.gathers, [*getattr(known, self.gathers), *more])
            unknown = [word for word in unknown if _is_option(word)]
        if unknown:
            self.error(self._unknown(unknown))
        return known, unknown

    def _refuse_before_verb(self, words: Sequence[str]) -> None:
        """Refuse an option that stands before the verb and is not of the command: its value would be the verb."""
        own = self._option_string_actions
        for word in itertools.takewhile(_is_option, words if verbs_of(self) else ()):
            letters = [word] if word.startswith("--") else [f"-{letter}" for letter in word[1:]]
            if word.partition("=")[0] not in own and not all(letter in own for letter in letters):
                self.error(self._unknown([word]))

    def _unknown(self, words: Sequence[str]) -> str:
        option = next(filter(_is_option, words), None)
        if option is None:
            if "--inventory" in self._option_string_actions and Path(words[0]).exists():
                return f"there is no place for {words[0]}: an inventory is named with -i, `-i {words[0]}`"
            return f"there is no place for {words[0]}: `{self.prog} --help` shows what is taken"
        everywhere: dict[str, list[str]] = {}
        for parser in family(self.whole):
            for name in parser._option_string_actions:  # noqa: SLF001 - of another parser of ours
                everywhere.setdefault(name, []).append(parser.prog)
        return suggestions.unknown_option(option, self._option_string_actions, everywhere, self.prog)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse what is none of the choices."""
        if action.choices is None or value in action.choices:
            return
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - it has no other name
            what = str(action.metavar).lower()
            self.error(suggestions.unknown_verb(str(value), action.choices, what, self.prog))
        choices = [str(each) for each in action.choices]
        problem = f"{value} is not one of {', '.join(choices)}"
        raise argparse.ArgumentError(action, suggestions.unknown_choice(str(value), choices, problem, "choose one"))


def actions_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments of a parser, which argparse lists nowhere else, and `--help` among them."""
    return list(parser._actions)  # noqa: SLF001


def groups_of(parser: argparse.ArgumentParser) -> dict[str, list[argparse.Action]]:
    """Return the same by the titles under which help shows them."""
    groups = parser._action_groups  # noqa: SLF001
    return {str(group.title): list(group._group_actions) for group in groups}  # noqa: SLF001


def verbs_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of the verbs of a command, or of the actions of a verb, by name."""
    tables = (action.choices for action in actions_of(parser) if isinstance(action.choices, dict))
    return {name: one for table in tables for name, one in table.items()}


def family(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield a parser, and those of its verbs and of their actions."""
    yield parser
    for one in verbs_of(parser).values():
        yield from family(one)


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"
