"""What somebody is told whose option or verb is not known: our word for it, or what they most likely mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from ..model.near import instead, nearest, question
from . import habits

_DASHES: Final = ("--",)
_TAKES_BOXES: Final = "--inventory"
"""An option of verbs that are given boxes, as those of Ansible are."""
_CODES: Final = ("IOT_HTTPS_", "ERR_IOT_HTTPS_")


def unknown_option(word: str, own: Collection[str], everywhere: Mapping[str, Sequence[str]], where: str) -> str:
    """Return what to say of an option that is not known here.

    Args:
        word: as it was typed, with a value behind `=` or more letters behind a single dash.
        own: the options that are known here.
        everywhere: every option, with the names of the verbs that have it.
        where: the command whose options these are, such as `iot-https check`.
    """
    name = _name(word, own)
    for habit in habits.OPTIONS if _TAKES_BOXES in own else ():
        if name in habit.words and (not habit.verbs or where.endswith(habit.verbs)):
            return habit.reply(name)
    if name in everywhere:
        place = ", and stands behind the verb" if any(each.startswith(f"{where} ") for each in everywhere[name]) else ""
        return f"{name} is an option of {_listed(everywhere[name])}{place}"
    near = _near(name, own)
    if near:
        return f"no option is called {name}: {question(near)}"
    near = _near(name, everywhere)
    if near:
        return f"no option is called {name}: {question(near)} {_whose(near, everywhere)}"
    return f"no option is called {name}: `{where} --help` lists them"


def unknown_verb(word: str, verbs: Iterable[str], what: str, where: str) -> str:
    """Return what to say of a verb, or an action of a verb, that is not known.

    Args:
        what: what one of these is called.
        where: the command that has them.
    """
    if what == "verb":
        for habit in habits.VERBS:
            if word.lower() in habit.words:
                return habit.reply(word)
        if word.upper().startswith(_CODES):
            return f"a code is explained by explain: `iot-https explain {word}`"
    return unknown_choice(word, verbs, f"no {what} is called {word}", f"`{where} --help` lists them")


def unknown_choice(word: str, choices: Iterable[str], problem: str, way_out: str) -> str:
    """Return what to say of a word that is none of a few."""
    return problem + instead(word.lower(), choices, f": {way_out}")


def _name(word: str, own: Collection[str]) -> str:
    """Return the option that is meant: without its value, and of letters behind one dash the first that is unknown."""
    if word.startswith("--"):
        return word.partition("=")[0]
    letters = (f"-{letter}" for letter in word[1:])
    return next((each for each in letters if each not in own), word)


def _near(name: str, options: Iterable[str]) -> tuple[str, ...]:
    return nearest(name, (each for each in options if each.startswith("--")), _DASHES, takes_short=True)


def _whose(options: Sequence[str], everywhere: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{each} is an option of {_listed(everywhere[each])}" for each in options)


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
