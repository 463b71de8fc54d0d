"""How `--help` looks: as wide as the terminal, options and verbs in columns, what follows as it is laid out."""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

from ..report.page import width_of

_MOST_COLUMNS = 120
_OPTIONS = 30
"""Columns for options, where there is room; longer ones have a line of their own."""
_ROOMY = 80
_NARROW = 24
_HANGING = re.compile(r" *(\d+ +)?")


class Help(argparse.HelpFormatter):
    """argparse's layout with these widths, lists of verbs without a line for their placeholder, and laid-out texts."""

    def __init__(self, prog: str, **options: Any) -> None:
        width = columns()
        column = _OPTIONS if width >= _ROOMY else _NARROW
        super().__init__(prog, **{"max_help_position": column, "width": width - 1, **options})

    def _format_action(self, action: argparse.Action) -> str:
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - it has no other name
            return "".join(map(self._format_action, action._get_subactions()))  # noqa: SLF001
        return super()._format_action(action)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        """Name the value of an option once, after its last spelling."""
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        shown = self._format_args(action, self._get_default_metavar_for_optional(action))
        return f"{', '.join(action.option_strings)} {shown}"

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False, break_long_words=False)

    def _format_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None) -> str:
        shown = super()._format_usage(usage, actions, groups, prefix)
        return "\n".join(line for each in shown.splitlines() for line in _wrapped(each, self._width, 7)) + "\n\n"

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = (line for each in text.splitlines() for line in _wrapped(f"{indent}{each}", width))
        return "\n".join(lines)


def columns() -> int:
    """Return how wide a text for a person is."""
    return min(width_of(sys.stdout), _MOST_COLUMNS)


def epilog(examples: Sequence[tuple[str, str]], statuses: str, read_on: str) -> str:
    """Return what stands at the end of a verb's help.

    Args:
        examples: command lines, each with what it is for.
        statuses: the exit statuses, a line each; empty for a verb that ends with 0 or 1.
        read_on: where more is to be read.
    """
    shown = "".join(f"  {line}\n      {purpose}\n" for line, purpose in examples)
    parts = (shown and f"examples:\n{shown}", statuses and f"exit status, a sum of:\n{statuses}", read_on)
    return "\n".join(part for part in parts if part)


def _wrapped(line: str, width: int, indent: int = 0) -> list[str]:
    """Wrap a line below its first word; a command stays whole, so that it can be copied."""
    if line.lstrip().startswith(("iot-https ", "sudo ")):
        return [line]
    hanging = _HANGING.match(line)
    following = " " * max(indent, hanging.end() if hanging else 0)
    wrap = textwrap.wrap(line, width, subsequent_indent=following, break_on_hyphens=False, break_long_words=False)
    return wrap or [""]
