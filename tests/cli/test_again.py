"""The command that a report offers has every option of the run that the next one needs."""

from __future__ import annotations

import argparse

import pytest

from reconciler.cli.again import LEFT_OUT, again
from reconciler.cli.parser import make_parser
from reconciler.results.fleet import Again

SAMPLES = {
    "connection": ("local", "--desired", "desired.yml"),
    "desired": ("desired.yml", "--connection", "local"),
    "name": ("till-1", "--connection", "local", "--desired", "desired.yml"),
    "public_dns": ("192.0.2.1",),
    "output": ("json",),
    "vault_id": ("prod@file",),
}
"""Values for options whose type takes few."""
NEVER = frozenset({"help", "become"})
"""Options that end before a run, or say what is so anyway."""
VERBS = ("check", "reconcile", "diagnose")


def options_of(verb: str) -> list[argparse.Action]:
    (verbs,) = (each for each in make_parser()._actions if isinstance(each, argparse._SubParsersAction))
    return [each for each in verbs.choices[verb]._actions if each.option_strings]


def said(verb: str, action: argparse.Action) -> Again:
    """Return how a run with this option is called again."""
    value = () if action.nargs == 0 else SAMPLES.get(action.dest, ("61",))
    return again(make_parser().parse_args([verb, action.option_strings[0], *value]))


CASES = [(verb, action) for verb in VERBS for action in options_of(verb) if action.dest not in NEVER]


@pytest.mark.parametrize(("verb", "action"), CASES, ids=[f"{verb} {action.dest}" for verb, action in CASES])
def test_an_option_is_passed_on_or_left_out_on_purpose(verb: str, action: argparse.Action) -> None:
    plain = again(make_parser().parse_args([verb]))
    assert (said(verb, action) == plain) is (action.dest in LEFT_OUT)


def test_patterns_and_limit_are_those_of_the_run() -> None:
    run = make_parser().parse_args(["check", "-i", "prod", "hanoi", "hue:!till-9", "--limit", "*-1"])
    assert again(run).selection == ("hanoi", "hue:!till-9", "--limit", "*-1")
