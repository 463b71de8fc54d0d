"""What `--help` shows of the command and of each verb: complete, in columns, no wider than the terminal."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator

import pytest

from reconciler.cli import main
from reconciler.cli.parser import VERBS, make_parser
from reconciler.model.status import USAGE

WIDTHS = (60, 80, 120)


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield the parser of the command, of each verb and of each action."""
    yield parser
    for action in parser._actions:
        for one in action.choices.values() if isinstance(action.choices, dict) else ():
            yield from parsers(one)


ALL = {parser.prog: parser for parser in parsers(make_parser())}


@pytest.mark.parametrize("words", [[], ["schedule"]])
def test_without_a_verb_help_is_printed_aside_and_nothing_is_done(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"usage: {' '.join(['iot-https', *words])} ")


def test_each_verb_stands_in_one_column_with_its_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    lines = make_parser().format_help().splitlines()
    shown = {line.split()[0]: line.index(verb.summary) for verb in VERBS for line in lines if verb.summary in line}
    assert set(shown) == {verb.name for verb in VERBS}
    assert len(set(shown.values())) == 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("prog", ALL)
def test_help_is_no_wider_than_the_terminal(prog: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = ALL[prog].format_help()
    copied = {line for line in shown.splitlines() if re.match(r"  (iot-https|sudo) ", line)}
    assert [line for line in shown.splitlines() if len(line) > width and line not in copied] == []


@pytest.mark.parametrize("prog", ALL)
def test_help_says_where_to_read_on_and_explains_each_option(prog: str) -> None:
    assert "docs/" in ALL[prog].format_help().splitlines()[-1]
    assert [action.dest for action in ALL[prog]._actions if not action.help and action.choices is None] == []


@pytest.mark.parametrize("prog", ALL)
def test_examples_of_help_are_understood(prog: str) -> None:
    shown = ALL[prog].format_help()
    examples = re.findall(r'^  (?:sudo )?(?:iot-https|"\$\(command -v iot-https\)") (.+)$', shown, re.MULTILINE)
    assert examples or prog.count(" ") == 2
    for example in examples:
        words = shlex.split(example.partition(" > ")[0])
        assert callable(make_parser().parse_args(words).run)
