"""A verb of the command, or an action of a verb, as one row of a table; and how a table becomes options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..model.status import MEANINGS
from .arguments import Parser
from .help_page import Help, epilog

STATUSES = "".join(f"  {status:<4}{meaning}\n" for status, meaning in MEANINGS.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb.

    Args:
        summary: what it does, in the list of verbs.
        add: adds its options, and the function that runs it as the default `run`.
        usage: what follows its name.
        more: paragraphs of its help after the summary.
        examples: command lines, each with what it is for.
        page: where its documentation goes on.
        has_statuses: it ends with a sum of what became of boxes.
    """

    name: str
    summary: str
    add: Callable[[argparse.ArgumentParser], None]
    usage: str = "[OPTION ...]"
    more: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    page: str = "docs/command.md"
    has_statuses: bool = False


def add_verbs(parser: argparse.ArgumentParser, verbs: Iterable[Verb], *, title: str, metavar: str) -> None:
    """Add verbs to the command, or actions to a verb; without one of them its help is shown.

    Args:
        title: the heading above the list.
        metavar: what one of them is called in texts.
    """
    parser.set_defaults(lacking=parser)
    each_of: Any = parser.add_subparsers(title=title, metavar=metavar, prog=parser.prog, parser_class=Parser)
    for verb in verbs:
        one = each_of.add_parser(
            verb.name,
            help=verb.summary,
            usage=f"%(prog)s {verb.usage}",
            description="\n\n".join(filter(None, (_sentence(verb.summary), verb.more))),
            epilog=epilog(verb.examples, STATUSES if verb.has_statuses else "", f"{verb.page} describes it all."),
            formatter_class=Help,
            whole=getattr(parser, "whole", None),
        )
        one.set_defaults(lacking=None)
        verb.add(one)


def _sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."
