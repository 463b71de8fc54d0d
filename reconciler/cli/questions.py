"""What somebody is asked at the terminal to begin something: one line each, asked again until it can be used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from getpass import getpass

from ..model.fields import BadField, read
from ..model.variables import VARIABLES
from .usage import UsageError, say, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something that is asked.

    Args:
        option: with which it is answered on the command line; empty for what is only asked.
        text: the question.
        problem: why an answer cannot be used, `None` where it can.
        is_needed: it has to be answered.
        is_secret: what is typed is not shown.
    """

    option: str
    text: str
    problem: Callable[[str], str | None]
    is_needed: bool = True
    is_secret: bool = False


def of_variable(name: str) -> Callable[[str], str | None]:
    """Return what says why a variable cannot have a value."""

    def problem(text: str) -> str | None:
        try:
            read(VARIABLES[name], text)
        except BadField as refusal:
            return str(refusal)
        return None

    return problem


def refuse_given(given: Sequence[tuple[Asked, str | None]]) -> None:
    """Refuse answers of the command line that cannot be used, all at once.

    Raises:
        UsageError: a line for each.
    """
    told = ((question, question.problem(text)) for question, text in given if text is not None)
    problems = [f"{question.option} {problem}" for question, problem in told if problem is not None]
    if problems:
        raise UsageError("\n".join(problems))


def asked(question: Asked) -> str | None:
    """Ask until the answer can be used; return `None` for an empty one to what need not be answered.

    Raises:
        UsageError: nothing more can be typed.
    """
    while True:
        answer = _typed(question)
        if not answer and not question.is_needed:
            return None
        problem = question.problem(answer)
        if problem is None:
            return answer
        say(f"that {problem}")


def _typed(question: Asked) -> str:
    text = f"{question.text}{'' if question.is_needed else ' (empty: leave it out)'}: "
    if question.is_secret:
        try:
            return typed(lambda: getpass(text)).strip()
        except EOFError:
            raise _ended() from None
    sys.stderr.write(text)
    sys.stderr.flush()
    line = typed()
    if not line:
        say("")
        raise _ended()
    return line.strip()


def _ended() -> UsageError:
    return UsageError("the input ended before everything was answered: nothing was written")
